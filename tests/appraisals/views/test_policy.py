"""Policy editions: every setting with its rule; a draft is looked through, scheduled, withdrawn; nothing decided changes."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from appraisals.models import Kind, Notice, PolicyDraft, PolicyEdition, State
from appraisals.rules import Policy, policy_settings
from appraisals.selectors import policy_for
from appraisals.services.policy import begin_draft, schedule_edition, withdraw_edition
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import OrgEvent, PracticeClock, RoleGrant
from tests.cast import Cast, make_cast, make_document
from tests.editions import policy_says, unguarded

ON = dt.date(2027, 3, 20)
FROM = dt.date(2027, 4, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


@pytest.fixture
def hr(client: Client, cast: Cast) -> Client:
    client.force_login(cast.hr)
    return client


@pytest.fixture
def draft(cast: Cast) -> PolicyDraft:
    PracticeClock.objects.create(today=ON)  # the date by which the database lets an edition go
    return begin_draft(cast.places["CMD"], name="Local", copy_of=cast.policy, by=cast.hr)


def policy_values(draft: PolicyDraft | None = None, **changed: object) -> dict[str, Any]:
    """What a browser sends of the whole form; a box that is not ticked is not sent."""
    values: dict[str, object] = {
        setting.name: list(setting.default)
        if isinstance(setting.default, tuple)
        else setting.default
        for setting in policy_settings()
    }
    own = {
        "name": "Local",
        "effective_on": FROM.isoformat(),
        "core_values": "Be kind.",
        "reason": "A memorandum asks for it.",
        "version": draft.version if draft else 1,
    }
    kept = {**values, **own, **changed}
    return {name: value for name, value in kept.items() if value is not False}


def save(hr: Client, draft: PolicyDraft, **changed: object) -> PolicyDraft:
    response = hr.post(reverse("policy_edit", args=[draft.pk]), policy_values(draft, **changed))
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    return draft


def schedule(hr: Client, draft: PolicyDraft) -> PolicyEdition:
    response = hr.post(reverse("policy_schedule", args=[draft.pk]), {"version": draft.version})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.edition is not None
    return draft.edition


def test_policy_detail_shows_every_setting_with_its_rule(hr: Client, cast: Cast) -> None:
    shown = hr.get(reverse("policy_detail", args=[cast.policy.pk])).content.decode()
    for setting in policy_settings():
        assert setting.rule in shown
    PolicyEdition.objects.create(
        name="Yard only",
        organization=cast.places["YARD"],
        effective_on=ON,
        written_at=clock.now(),
    )
    assert "Yard only" not in hr.get(reverse("policy_list")).content.decode()


def test_a_draft_starts_from_what_is_in_force_and_is_edited_in_the_browser(
    hr: Client, cast: Cast
) -> None:
    policy_says(cast.policy, notice_days=31)
    begun = {"organization": "fire", "name": "Fire only", "start": "in_force"}
    response = hr.post(reverse("policy_new"), begun)
    draft = PolicyDraft.objects.get(name="Fire only")
    assert response["Location"] == reverse("policy_edit", args=[draft.pk])
    assert draft.organization == cast.places["FIRE"]
    assert draft.rules() == Policy(notice_days=31)
    shown = hr.get(response["Location"]).content.decode()
    for setting in policy_settings():
        assert f'name="{setting.name}"' in shown
    assert "R10.3 · rule book: 30 · until then: 31" in shown
    assert hr.post(reverse("policy_new"), {**begun, "start": "book"}).status_code == 302
    assert PolicyDraft.objects.order_by("-pk")[0].rules() == Policy()
    elsewhere = hr.post(reverse("policy_new"), {**begun, "organization": "YARD"})
    assert elsewhere.status_code == 422
    assert "No organization with the code “YARD” in your scope" in elsewhere.content.decode()


def test_saving_shows_what_changes_and_scheduling_puts_it_in_force_on_its_day(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    save(hr, draft, minimum_period_days=60, goal_required=False)
    page = hr.get(draft.get_absolute_url())
    changes = {row["label"]: (row["old"], row["new"]) for row in page.context["changes"]}
    assert changes == {
        "Days under an approved plan before a rating": ("90", "60"),
        "At least one element serves a goal": ("Yes", "No"),
    }
    assert PolicyEdition.objects.count() == 1
    edition = schedule(hr, draft)
    assert edition.values == {"minimum_period_days": 60, "goal_required": False}
    fire = cast.places["FIRE"]
    assert policy_for(fire, on=FROM - dt.timedelta(days=1)) == cast.policy
    assert policy_for(fire, on=FROM) == edition
    assert policy_for(cast.places["YARD"], on=FROM) == cast.policy


def test_a_draft_is_no_rule_for_anybody(cast: Cast, draft: PolicyDraft) -> None:
    PolicyDraft.objects.filter(pk=draft.pk).update(
        effective_on=FROM, values={"minimum_period_days": 1}
    )
    assert policy_for(cast.places["FIRE"], on=FROM + dt.timedelta(days=400)) == cast.policy


def test_what_was_opened_under_an_earlier_edition_keeps_it(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    edition = schedule(hr, save(hr, draft, plan_needs_review=False))
    with clock.frozen(FROM):
        plan.refresh_from_db()
        assert plan.policy == cast.policy
        assert plan.policy.rules().plan_needs_review
        with pytest.raises(Refused, match="is in force, and what was decided under it stays"):
            withdraw_edition(draft, reason="Too late", by=cast.hr)
    assert PolicyEdition.objects.filter(pk=edition.pk).exists()


def test_a_scheduled_edition_is_withdrawn_before_its_day_with_a_reason(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    schedule(hr, save(hr, draft, notice_days=40))
    address = reverse("policy_withdraw", args=[draft.pk])
    assert hr.post(address, {"reason": ""}).status_code == 422
    assert hr.post(address, {"reason": "The union asked for talks."}).status_code == 302
    draft.refresh_from_db()
    assert draft.edition is None
    assert draft.rules() == Policy(notice_days=40)
    assert policy_for(cast.places["FIRE"], on=FROM) == cast.policy
    shown = hr.get(draft.get_absolute_url()).content.decode()
    assert "withdrawn before 1 April 2027: The union asked for talks." in shown
    assert schedule(hr, draft).values == {"notice_days": 40}


def test_scheduling_and_withdrawing_are_told_to_who_administers_around(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    RoleGrant.objects.create(
        person=cast.colleague,
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization=cast.places["FIRE"],
        starts_on=ON,
    )
    edition = schedule(hr, save(hr, draft))
    withdraw_edition(draft, reason="Talks", by=cast.hr)
    told = Notice.objects.filter(kind="policy_edition").order_by("pk")
    assert [notice.recipient for notice in told] == [cast.colleague, cast.colleague]
    assert told[0].title == "Installation Command: a new policy edition from 1 April 2027"
    assert "was withdrawn" in told[1].title
    events = OrgEvent.objects.filter(organization=cast.places["CMD"]).order_by("pk")
    assert [event.what for event in events] == [
        "policy_begun",
        "policy_scheduled",
        "policy_withdrawn",
    ]
    assert events[1].detail["name"] == edition.name
    assert [event.by for event in events] == [cast.hr] * 3


def test_only_what_was_shown_is_scheduled(hr: Client, cast: Cast, draft: PolicyDraft) -> None:
    save(hr, draft)
    response = hr.post(reverse("policy_schedule", args=[draft.pk]), {"version": draft.version - 1})
    assert response.status_code == 409
    assert "changed this edition after you looked at it" in response.content.decode()
    assert PolicyEdition.objects.count() == 1


def test_a_draft_without_day_or_reason_says_what_is_missing(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    save(hr, draft, effective_on="", reason="")
    shown = hr.get(draft.get_absolute_url()).content.decode()
    assert "It has no day from which it is in force." in shown
    assert "It does not say why it is made." in shown
    assert "Schedule for" not in shown
    with pytest.raises(Refused, match="no day from which it is in force"):
        schedule_edition(draft, expected_version=draft.version, by=cast.hr)


def test_two_editions_never_get_the_same_day(hr: Client, cast: Cast, draft: PolicyDraft) -> None:
    save(hr, draft)
    PolicyEdition.objects.create(
        name="There already",
        organization=cast.places["CMD"],
        effective_on=FROM,
        written_at=clock.now(),
    )
    response = hr.post(reverse("policy_schedule", args=[draft.pk]), {"version": draft.version})
    assert response.status_code == 409
    assert "already has an edition from that day" in response.content.decode()


def test_two_at_once_both_keep_what_they_typed(hr: Client, cast: Cast, draft: PolicyDraft) -> None:
    opened = policy_values(draft, notice_days=35, effective_on="")
    save(hr, draft, notice_days=40)
    response = hr.post(reverse("policy_edit", args=[draft.pk]), opened)
    shown = response.content.decode()
    assert response.status_code == 409
    assert [(row["old"], row["new"]) for row in response.context["conflict"]["rows"]] == [
        ("40", "35")
    ]
    assert 'value="35"' in shown
    draft.refresh_from_db()
    assert draft.rules() == Policy(notice_days=40)
    again = {**opened, "version": draft.version}
    assert hr.post(reverse("policy_edit", args=[draft.pk]), again).status_code == 302
    draft.refresh_from_db()
    assert draft.rules() == Policy(notice_days=35)


def test_editing_lists_all_problems_at_once_and_keeps_what_was_typed(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    given = policy_values(
        draft,
        name="",
        effective_on="2027-03-20",
        minimum_period_days="x",
        cycle_start_month=13,
        award_minimum=2,
    )
    response = hr.post(reverse("policy_edit", args=[draft.pk]), given)
    shown = response.content.decode()
    assert response.status_code == 422
    for field in (
        "name",
        "effective_on",
        "minimum_period_days",
        "cycle_start_month",
        "award_minimum",
    ):
        assert f'href="#id_{field}"' in shown
    assert "Be kind." in shown
    draft.refresh_from_db()
    assert draft.version == 1


def test_what_is_scheduled_is_not_edited(hr: Client, cast: Cast, draft: PolicyDraft) -> None:
    schedule(hr, save(hr, draft))
    response = hr.post(
        reverse("policy_edit", args=[draft.pk]), policy_values(draft, notice_days=44)
    )
    assert response.status_code == 422
    assert "Withdraw it before you change it" in response.content.decode()
    assert hr.post(reverse("policy_discard", args=[draft.pk])).status_code == 409
    assert PolicyDraft.objects.filter(pk=draft.pk).exists()


def test_a_draft_is_discarded_and_the_history_says_so(
    hr: Client, cast: Cast, draft: PolicyDraft
) -> None:
    assert hr.get(reverse("policy_discard", args=[draft.pk])).status_code == 200
    assert hr.post(reverse("policy_discard", args=[draft.pk])).status_code == 302
    assert not PolicyDraft.objects.exists()
    shown = hr.get(reverse("organization_events", args=["CMD"])).content.decode()
    assert "The draft of a policy edition was discarded: “Local”" in shown


def test_first_edition_starts_from_the_rule_book(hr: Client, cast: Cast) -> None:
    with unguarded():
        PolicyEdition.objects.all().delete()
    for name in ("hr_home", "policy_list", "policy_new"):
        assert hr.get(reverse(name)).status_code == 200
    hr.post(reverse("policy_new"), {"organization": "CMD", "name": "First", "start": "in_force"})
    draft = save(hr, PolicyDraft.objects.get(), notice_days=31)
    page = hr.get(draft.get_absolute_url())
    assert [row["new"] for row in page.context["changes"]] == ["31"]


def test_pages_ask_a_constant_number_of_questions(
    hr: Client,
    cast: Cast,
    draft: PolicyDraft,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Everything that can be counted changes at once."""
    changed = {
        setting.name: not setting.default
        for setting in policy_settings()
        if isinstance(setting.default, bool)
    }
    numbers = {
        "minimum_period_days": 120,
        "progress_reviews_minimum": 2,
        "elements_maximum": 3,
        "title_limit": 50,
        "outstanding_threshold_tenths": 40,
        "award_minimum": 5,
        "within_grade_minimum": 5,
        "retention_years": 5,
        "plan_due_days": 20,
        "appraisal_opens_days_before_end": 20,
    }
    draft.values = changed | numbers
    draft.save()
    hr.get(draft.get_absolute_url())  # counts; from then on it is read
    with django_assert_max_num_queries(15):
        page = hr.get(draft.get_absolute_url())
    assert len([each for _, found in page.context["groups"] for each in found]) > 10
    for each in ("policy_list", "policy_new"):
        with django_assert_max_num_queries(15):
            hr.get(reverse(each))
