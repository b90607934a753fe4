"""The demonstration, filled once for each module."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from appraisals.demonstration.fill import TODAY, Summary, fill
from orgchart import clock
from tests.factories import make_kinds


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """Filled once for this module, in a transaction that is rolled back.

    A run in which no test is marked `django_db` has no test database, and filling empties every table.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "Mark the module `django_db`."
    with (
        django_db_blocker.unblock(),
        override_settings(PRACTICE_MODE=True),
        transaction.atomic(),
        clock.frozen(TODAY),
    ):
        make_kinds()
        yield fill()
        transaction.set_rollback(True)
