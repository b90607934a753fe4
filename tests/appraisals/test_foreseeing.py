"""Whom an edition meets is counted once: at once where few people are, else by a worker that may die."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from appraisals.editions import reach_of_draft
from appraisals.jobs import count_effects, sweep_forecasts
from appraisals.jobs import policy as jobs
from appraisals.models import Kind, PolicyDraft, PolicyForecast, State
from appraisals.services import foreseeing
from appraisals.services.foreseeing import claim, count_again, due, forecast_of, work_on
from appraisals.services.policy import begin_draft, save_draft, schedule_edition
from appraisals.views import policy_drafts
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.views.opening import text_of
from tests.cast import Cast, make_cast, make_document

ON = dt.date(2027, 3, 20)
FROM = dt.date(2027, 4, 1)
TOO_MANY = "The plan has more elements than would be allowed"
Stage = PolicyForecast.State


@pytest.fixture
def cast(db: None) -> Cast:
    made = make_cast()
    make_document(made, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    return made


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Everybody is too many to be counted while a page waits; the list says for what a worker was woken."""
    woken: list[int] = []
    monkeypatch.setattr(foreseeing, "AT_ONCE", -1)
    monkeypatch.setattr(policy_drafts, "wake", lambda _task, pk: woken.append(pk))
    monkeypatch.setattr(jobs, "wake", lambda task, pk: task(pk))
    return woken


@pytest.fixture
def draft(cast: Cast) -> PolicyDraft:
    begun = begin_draft(cast.places["CMD"], name="Local", copy_of=cast.policy, by=cast.hr)
    return saved(begun, cast, elements_maximum=1)


def saved(draft: PolicyDraft, cast: Cast, **values: Any) -> PolicyDraft:
    return save_draft(
        draft,
        expected_version=draft.version,
        name=draft.name,
        effective_on=FROM,
        values=values,
        core_values="",
        reason="A memorandum asks for it.",
        by=cast.hr,
    )


def asked(draft: PolicyDraft) -> PolicyForecast:
    return forecast_of(draft, reach_of_draft(draft))


def titles(forecast: PolicyForecast) -> list[str]:
    forecast.refresh_from_db()
    return [each["title"] for each in forecast.found]


def test_few_are_counted_while_the_page_waits_and_only_once(draft: PolicyDraft) -> None:
    first = asked(draft)
    assert first.state == Stage.DONE
    assert first.counted_at is not None
    assert titles(first) == [TOO_MANY]
    again = asked(draft)
    assert (again.pk, again.attempts) == (first.pk, 1)
    count_again(draft)
    assert asked(draft).attempts == 3


def test_another_wording_keeps_the_count_and_another_setting_does_not(
    cast: Cast, draft: PolicyDraft
) -> None:
    question = asked(draft).question
    draft.name = "Another name"
    draft = saved(draft, cast, elements_maximum=1)
    assert asked(draft).question == question
    draft = saved(draft, cast, elements_maximum=2)
    assert asked(draft).question != question


def test_many_are_counted_by_a_worker_while_the_page_says_how_far_it_is(
    client: Client, cast: Cast, draft: PolicyDraft, many: list[int]
) -> None:
    client.force_login(cast.hr)
    page = client.get(draft.get_absolute_url())
    forecast = PolicyForecast.objects.get()
    assert many == [forecast.pk]
    assert "Not begun yet" in text_of(page)
    assert "You can close this page. The work goes on" in text_of(page)
    moving = client.get(draft.get_absolute_url(), headers={"HX-Request": "true"})
    assert b"<progress" in moving.content
    assert many == [forecast.pk]
    count_effects(forecast.pk)
    done = client.get(draft.get_absolute_url(), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    page = client.get(draft.get_absolute_url())
    assert "Whom it meets As things stood on" in text_of(page)
    assert TOO_MANY in text_of(page)


def test_a_dead_worker_is_followed_by_another_and_heard_no_more(
    draft: PolicyDraft, many: list[int]
) -> None:
    forecast = asked(draft)
    dead = claim(forecast.pk)
    assert dead is not None
    assert claim(forecast.pk) is None
    assert due() == []
    silent = dead.heartbeat - dt.timedelta(minutes=1)
    PolicyForecast.objects.update(heartbeat=silent)
    assert due() == [forecast.pk]
    PolicyDraft.objects.filter(pk=draft.pk).update(values={"progress_reviews_minimum": 2})
    sweep_forecasts()
    forecast.refresh_from_db()
    assert (forecast.state, forecast.attempts) == (Stage.DONE, 2)
    counted = titles(forecast)
    assert TOO_MANY not in counted
    dead.draft.values = {"elements_maximum": 1}
    work_on(dead)
    assert titles(forecast) == counted


def test_who_edits_meanwhile_gets_a_count_of_what_it_says_now(
    cast: Cast, draft: PolicyDraft, many: list[int]
) -> None:
    at_work = claim(asked(draft).pk)
    assert at_work is not None
    draft = saved(draft, cast, progress_reviews_minimum=2)
    asked(draft)
    work_on(at_work)
    forecast = PolicyForecast.objects.get()
    assert (forecast.state, forecast.found) == (Stage.WORKING, [])
    count_effects(forecast.pk)
    assert any("review" in each.lower() for each in titles(forecast))


def test_nobody_schedules_what_was_not_counted(
    cast: Cast, draft: PolicyDraft, many: list[int]
) -> None:
    forecast = asked(draft)
    with pytest.raises(Refused, match="is not counted yet"):
        schedule_edition(draft, expected_version=draft.version, by=cast.hr)
    count_effects(forecast.pk)
    schedule_edition(draft, expected_version=draft.version, by=cast.hr)
    draft.refresh_from_db()
    assert draft.foreseen == PolicyForecast.objects.get().found != []


def test_a_nearer_edition_made_meanwhile_asks_for_another_count(
    cast: Cast, draft: PolicyDraft
) -> None:
    asked(draft)
    nearer = begin_draft(cast.places["FIRE"], name="Nearer", copy_of=cast.policy, by=cast.hr)
    nearer = saved(nearer, cast, notice_days=31)
    asked(nearer)
    schedule_edition(nearer, expected_version=nearer.version, by=cast.hr)
    with pytest.raises(Refused, match="is not counted yet as things are now"):
        schedule_edition(draft, expected_version=draft.version, by=cast.hr)


def test_the_count_goes_with_its_draft(draft: PolicyDraft, many: list[int]) -> None:
    at_work = claim(asked(draft).pk)
    assert at_work is not None
    draft.delete()
    work_on(at_work)
    assert not PolicyForecast.objects.exists()


def test_the_button_counts_anew(client: Client, cast: Cast, draft: PolicyDraft) -> None:
    before = asked(draft).attempts
    client.force_login(cast.hr)
    page = client.post(f"/hr/policy/drafts/{draft.pk}/count/", follow=True)
    assert page.redirect_chain == [(draft.get_absolute_url(), 302)]
    assert PolicyForecast.objects.get().attempts > before
    client.force_login(cast.hr_elsewhere)
    assert client.post(f"/hr/policy/drafts/{draft.pk}/count/").status_code == 404
