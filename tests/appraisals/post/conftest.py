import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from orgchart import clock
from tests.appraisals.post import mail_server
from tests.cast import PRACTICE_DAY, Cast, make_cast


@pytest.fixture
def today() -> Iterator[dt.date]:
    with clock.frozen(PRACTICE_DAY, at=dt.time(10)):
        yield PRACTICE_DAY


@pytest.fixture
def cast(db: None, today: dt.date) -> Cast:
    return make_cast()


@pytest.fixture
def server(settings: Any) -> mail_server.Server:
    settings.EMAIL_BACKEND = mail_server.BACKEND
    mail_server.server = mail_server.Server()
    return mail_server.server
