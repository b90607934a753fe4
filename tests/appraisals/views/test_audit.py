import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appraisals.models import Appraisal, AppraisalEvent, Kind, State
from appraisals.services.records import record_view
from orgchart import clock
from orgchart.models import RoleGrant
from orgchart.views import paging
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(PRACTICE_DAY):
        yield


@pytest.fixture
def record(cast: Cast) -> Appraisal:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    record_view(document.appraisal, by=cast.hr, page="record")
    return document.appraisal


@pytest.fixture
def auditor(client: Client, cast: Cast) -> Client:
    client.force_login(cast.auditor)
    return client


ADDRESS = "/audit/"


def rows(client: Client, **asked: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(ADDRESS, asked).context["rows"]
    return found


@pytest.mark.parametrize("tab", ["events", "views"])
def test_audit_shows_names_actions_and_times_only(
    auditor: Client, record: Appraisal, tab: str
) -> None:
    response = auditor.get(reverse("audit_list"), {"tab": tab})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "Maria Employee" in shown
    for hidden in (SECRET, "Because", "Outstanding", "Unacceptable", "Fully Successful"):
        assert hidden not in shown


@pytest.mark.parametrize("who", ["employee", "rating_official", "leader", "secretary", "hr"])
def test_audit_does_not_exist_for_others(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.people[who])
    assert client.get(ADDRESS).status_code == 404


def test_audit_refuses_post_and_strangers(auditor: Client) -> None:
    assert auditor.post(ADDRESS).status_code == 405
    auditor.logout()
    assert auditor.get(ADDRESS).status_code == 302


def test_audit_stays_inside_its_scope(auditor: Client, cast: Cast, record: Appraisal) -> None:
    RoleGrant.objects.filter(person=cast.auditor).update(organization=cast.places["NAVY"])
    assert rows(auditor) == []
    assert rows(auditor, tab="views") == []


def day_of(row: dict[str, object]) -> dt.date:
    """By the clock on the wall: the day of an evening is another one in UTC."""
    at = row["at"]
    assert isinstance(at, dt.datetime)
    return timezone.localtime(at).date()


def test_audit_is_narrowed(auditor: Client, record: Appraisal) -> None:
    everything = len(rows(auditor))
    assert everything == AppraisalEvent.objects.count()
    assert len(rows(auditor, employee="maria")) == everything
    assert rows(auditor, employee="carl") == []
    approvals = rows(auditor, action="approve")
    assert {str(row["actor"]) for row in approvals} == {"Henry Reviewer"}
    assert rows(auditor, actor="henry", action="acknowledge") == []
    assert {day_of(row) for row in rows(auditor, since="2027-04-06")} == {PRACTICE_DAY}
    until = rows(auditor, until="2026-06-12")
    assert max(day_of(row) for row in until) == dt.date(2026, 6, 12)
    assert len(rows(auditor, tab="views", actor="hanna", action="record")) == 1


@pytest.mark.parametrize("asked", [{"since": "soon"}, {"action": "nonsense"}])
def test_audit_with_nonsense_says_so_and_keeps_it(
    auditor: Client, record: Appraisal, asked: dict[str, str]
) -> None:
    response = auditor.get(ADDRESS, {**asked, "employee": "maria"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert 'value="maria"' in shown
    assert f'href="#id_{next(iter(asked))}"' in shown
    assert response.context["rows"] == []


@pytest.mark.parametrize("tab", ["events", "views"])
@pytest.mark.parametrize("more", [1, 3])
def test_audit_takes_the_same_queries_for_any_number(
    auditor: Client, cast: Cast, record: Appraisal, tab: str, more: int
) -> None:
    for page in ("timeline", "form", "viewers")[:more]:
        record_view(record, by=cast.hr, page=page)
    with CaptureQueriesContext(connection) as captured:
        auditor.get(ADDRESS, {"tab": tab})
    assert len(captured) == 9


def test_audit_counts_no_further_than_anybody_reads(
    auditor: Client, record: Appraisal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST", 2)
    response = auditor.get(reverse("audit_list"))
    assert response.context["page"].paginator.count == 2
    assert "1 to 2 of more than 2 entries: narrow the list" in response.content.decode()
