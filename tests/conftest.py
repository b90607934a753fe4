"""Shared by every test: the database of this run. Fixtures of the cast follow below."""

import os

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.factories import make_kinds

# Several runs may share one server; the workers of one run inherit its number.
RUN = os.environ.setdefault("DPMAP_TEST_RUN", str(os.getpid()))


# A busy machine is no reason to fail: examples are judged by their answer, not by their time.
hypothesis_settings.register_profile(
    "dpmap", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("dpmap")


def pytest_configure(config: pytest.Config) -> None:
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_dpmap_{RUN}"


@pytest.fixture(autouse=True)
def kinds(request: pytest.FixtureRequest) -> None:
    """The migrations make them; a test that commits empties every table, and the next one needs them."""
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if asked or request.node.get_closest_marker("django_db"):
        for name in asked:
            request.getfixturevalue(name)
        make_kinds()
