"""Shared by every test: the database of this run. Fixtures of the cast follow below."""

import os

import pytest
from django.conf import settings

# Several runs may share one server; the workers of one run inherit its number.
RUN = os.environ.setdefault("DPMAP_TEST_RUN", str(os.getpid()))


def pytest_configure(config: pytest.Config) -> None:
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_dpmap_{RUN}"
