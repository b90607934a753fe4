"""Opening a page as somebody on a day, its words, and what it costs."""

import datetime as dt
import re
from html import unescape

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgchart import clock
from orgchart.models import Person
from tests.cast import PRACTICE_DAY


def opened(user: Person, url: str, *, on: dt.date = PRACTICE_DAY) -> HttpResponse:
    client = Client()
    client.force_login(user)
    with clock.frozen(on):
        return client.get(url)


def posted(
    user: Person, url: str, data: dict[str, object] | None = None, *, on: dt.date = PRACTICE_DAY
) -> HttpResponse:
    client = Client()
    client.force_login(user)
    with clock.frozen(on):
        return client.post(url, data or {}, follow=True)


def text_of(response: HttpResponse) -> str:
    """The words of the page's main part, as one line."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", main))).replace(" .", ".")


def queries(user: Person, url: str, *, on: dt.date = PRACTICE_DAY) -> int:
    """Session and user included; not the savepoints that only a test has."""
    client = Client()
    client.force_login(user)
    with (
        clock.frozen(on),
        CaptureQueriesContext(
            connection,
        ) as found,
    ):
        response = client.get(url)
    assert response.status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in found.captured_queries)
