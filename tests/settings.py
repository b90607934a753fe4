"""The environment of tests, type checking and other tools; every setting is in dpmap.settings."""

import os

os.environ.setdefault("DPMAP_TEST", "1")
# Playwright keeps an event loop in the thread of the tests, where Django would then refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from dpmap.settings import *  # noqa: F403
