"""The environment of tests, type checking and other tools; every setting is in dpmap.settings."""

import os

os.environ.setdefault("DPMAP_TEST", "1")

from dpmap.settings import *  # noqa: F403
