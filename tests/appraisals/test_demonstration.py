"""The demonstration: complete, consistent, in every stage, and the same when filled again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from appraisals import rules
from appraisals.demonstration.build import build_records
from appraisals.demonstration.courses import Course, Stage
from appraisals.demonstration.fill import TODAY, Summary, fill, season
from appraisals.demonstration.history import ImpossibleStepError
from appraisals.demonstration.occupations import OCCUPATIONS, occupation_for
from appraisals.demonstration.people import PEOPLE
from appraisals.demonstration.program import Program, imported_subjects
from appraisals.demonstration.telling import Telling
from appraisals.demonstration.texts import Occupation, voice_of
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    Element,
    Goal,
    Kind,
    MandatoryElement,
    RatingOfRecord,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from appraisals.problems import document_problems
from appraisals.selectors import lines_of_sight, people_without_plan, with_documents
from appraisals.turns import current_turn, steps_of
from appraisals.workflow import TRANSITIONS, Given
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization, Person, RoleGrant

POLICY = rules.Policy()


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """Filled once for this module, in a transaction that is rolled back."""
    with (
        django_db_blocker.unblock(),
        override_settings(PRACTICE_MODE=True),
        transaction.atomic(),
        clock.frozen(TODAY),
    ):
        yield fill()
        transaction.set_rollback(True)


def record_of(address: str, year: int) -> Appraisal:
    return with_documents(
        Appraisal.objects.filter(employee__email=f"{address}@example.mil", cycle__name=f"FY {year}")
    ).get()


def document_of(address: str, year: int, kind: Kind) -> Document:
    return Document.objects.get(
        appraisal__employee__email=f"{address}@example.mil",
        appraisal__cycle__name=f"FY {year}",
        kind=kind,
    )


# --- content


@pytest.mark.parametrize("occupation", OCCUPATIONS.values(), ids=lambda each: each.key)
def test_texts_of_an_occupation_are_complete_and_within_limits(occupation: Occupation) -> None:
    voice = voice_of(occupation, seed="x", first="Siobhán", last="McAllister", unit="U" * 60)
    assert 3 <= len(occupation.elements) <= 5
    for text in occupation.elements:
        assert len(text.title) <= POLICY.title_limit
        assert len(voice.say(text.description)) <= POLICY.description_limit
        assert len(voice.say(text.standards)) <= POLICY.standards_limit
        for said in (text.employee_input, text.progress, text.outstanding, text.fully_successful):
            assert 20 < len(voice.say(said)) <= POLICY.narrative_limit
    for said in (*occupation.discussion, *occupation.development, *occupation.resources):
        assert "{" not in voice.say(said)


def test_supervisors_of_every_field_have_the_mandatory_elements_and_the_balance() -> None:
    fields = [each for each in OCCUPATIONS.values() if each.key.startswith("supervisor_")]
    assert len(fields) >= 9
    for occupation in fields:
        assert {"accountability", "whistleblower"} <= {
            text.mandatory for text in occupation.elements
        }
        supervisory = sum(text.is_supervisory for text in occupation.elements)
        assert 2 * supervisory >= len(occupation.elements)


def test_nobody_shares_an_address_and_no_two_firefighters_read_alike(filled: Summary) -> None:
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    texts = Section.objects.filter(
        kind=SectionKind.EMPLOYEE_INPUT,
        document__kind=Kind.ANNUAL_APPRAISAL,
        document__appraisal__position_title="Firefighter",
        element__number=1,
    ).exclude(text="")
    assert len(set(texts.values_list("text", flat=True))) == len(texts) >= 3


# --- place


def test_place_has_five_levels_of_supervision_below_the_department(filled: Summary) -> None:
    person = Person.objects.get(email="maria.ortega@example.mil")
    above = []
    while True:
        supervisor = Assignment.objects.get(employee=person, ends_on=None).supervisor
        if supervisor is None:
            break
        above.append(supervisor.full_name)
        person = supervisor
    assert above == [
        "Dana Whitfield",
        "Henry Okafor",
        "Ana Reyes",
        "Constance Bellamy",
        "Thaddeus Monroe",
        "Eleanor Hargrove",
    ]
    assert 140 <= filled.people <= 160
    assert Assignment.objects.filter(supervisor__email="dana.whitfield@example.mil").count() == 9


def test_everybody_signs_in_with_the_practice_password(filled: Summary) -> None:
    assert Person.objects.values("password").distinct().count() == 1
    assert Person.objects.all()[0].check_password("Calloway-Practice-2027")


def test_roles_are_granted_here_and_elsewhere(filled: Summary) -> None:
    held = {
        (grant.person.last_name, grant.role, grant.organization.code)
        for grant in RoleGrant.objects.select_related("person", "organization")
    }
    assert {
        ("Castellano", "hr_administrator", "CALLOWAY"),
        ("Ashworth", "hr_administrator", "PORTWELL"),
        ("Ashby", "auditor", "DOD"),
    } <= held
    assert Organization.objects.get(code="NAVFAC").head is not None
    assert Organization.objects.filter(head=None).count() == 1


def test_every_element_has_a_line_of_sight_to_the_department(filled: Summary) -> None:
    goals = Element.objects.values_list("goal_id", flat=True).distinct()
    lines = lines_of_sight(goals)
    assert None not in goals
    assert {line[-1].organization_id for line in lines.values()} == {
        Organization.objects.get(code="DOD").pk
    }
    below = Goal.objects.exclude(organization__code="DOD")
    assert not below.filter(serves=None).exists()


# --- history


def test_every_state_of_every_kind_occurs(filled: Summary) -> None:
    found = set(Document.objects.values_list("kind", "state"))
    assert found == {(kind.value, state.value) for kind in Kind for state in State}


def test_every_step_of_the_table_was_taken_but_taking_back(filled: Summary) -> None:
    names = set(AppraisalEvent.objects.values_list("name", flat=True))
    assert set(TRANSITIONS) - names == {"recall"}
    assert names - set(TRANSITIONS) == {
        "open",
        "add_element",
        "propose_element",
        "accept_element",
        "name_officials",
    }


def test_events_replayed_through_the_table_give_each_state(filled: Summary) -> None:
    states: dict[int, str] = {}
    last: dict[int, dt.datetime] = {}
    for event in AppraisalEvent.objects.exclude(document=None).order_by("pk"):
        document = event.document_id
        state = states.get(document, State.DRAFT)
        assert event.from_state == state
        if event.name in TRANSITIONS:
            row = TRANSITIONS[event.name]
            assert state in row.sources
            state = row.moves_to or state
            assert bool(event.reason) or row.asks not in {"reason", "acknowledgment"}
        assert event.to_state == state
        assert event.at >= last.get(document, event.at)
        states[document], last[document] = state, event.at
    assert states == dict(Document.objects.values_list("pk", "state"))


def test_steps_were_taken_by_those_whose_turn_it_was(filled: Summary) -> None:
    moved = AppraisalEvent.objects.filter(name="name_officials").values("appraisal")
    for event in (
        AppraisalEvent.objects.filter(name__in=TRANSITIONS)
        .exclude(appraisal__in=moved)
        .select_related("appraisal")
    ):
        party = TRANSITIONS[event.name].who
        assert event.by_id == getattr(event.appraisal, f"{party.value}_id")


def test_newest_version_of_each_text_is_the_text(filled: Summary) -> None:
    newest: dict[tuple[str, int], TextVersion] = {}
    for version in TextVersion.objects.order_by("pk"):
        key = ("e", version.element_id) if version.element_id else ("s", version.section_id)
        before = newest.get(key)  # type: ignore[arg-type]
        assert version.version == (before.version + 1 if before else 1)
        newest[key] = version  # type: ignore[index]
    for kind, model in (("e", Element), ("s", Section)):
        for item in model.objects.filter(version__gt=0):
            version = newest[kind, item.pk]
            assert version.version == item.version
            assert version.content == {name: getattr(item, name) for name in item.CONTENT}
    assert not Section.objects.filter(version=0).exclude(text="").exists()


def test_events_see_the_newest_text_of_their_moment(filled: Summary) -> None:
    for event in AppraisalEvent.objects.filter(name__in=["submit", "finish"])[:40]:
        newest = TextVersion.objects.filter(
            document=event.document_id, written_at__lte=event.at
        ).latest("pk")
        assert event.text_mark == newest.pk


def test_nothing_stands_in_the_way_of_what_was_sent_up(filled: Summary) -> None:
    sent = Document.objects.exclude(state=State.DRAFT).with_people()
    for document in sent.filter(pk__in=list(sent.values_list("pk", flat=True))[::4]):
        with clock.frozen(document.opened_at.date()):
            assert document_problems(document) == []


def test_plans_of_supervisors_have_what_was_mandatory_when_they_were_opened(
    filled: Summary,
) -> None:
    plans = Document.objects.filter(kind=Kind.PERFORMANCE_PLAN, appraisal__is_supervisor=True)
    for plan in plans:
        required = MandatoryElement.objects.filter(starts_on__lte=plan.opened_at.date())
        assert set(plan.elements.exclude(mandatory=None).values_list("mandatory", flat=True)) == {
            row.pk for row in required
        }
    assert plans.count() > 60


def test_nothing_happened_after_yesterday(filled: Summary) -> None:
    newest = AppraisalEvent.objects.latest("at").at
    assert newest.date() == TODAY - dt.timedelta(days=1)


def test_ratings_of_record_follow_from_the_element_ratings(filled: Summary) -> None:
    for rating in RatingOfRecord.objects.all():
        levels = list(
            Section.objects.filter(
                document__appraisal=rating.appraisal_id, kind=SectionKind.RATING
            ).values_list("level", flat=True)
        )
        assert rules.sum_and_count(levels) == (rating.rated_sum, rating.rated_count)
        assert rules.summary_level(levels, POLICY) == rating.level
    finished = Document.objects.filter(kind=Kind.ANNUAL_APPRAISAL, communicated_on__isnull=False)
    assert RatingOfRecord.objects.count() == finished.count()


def test_last_year_is_finished_and_mostly_fully_successful(filled: Summary) -> None:
    annual = Document.objects.filter(kind=Kind.ANNUAL_APPRAISAL, appraisal__cycle__name="FY 2026")
    assert set(annual.values_list("state", flat=True)) == {State.ACKNOWLEDGED}
    levels = Counter(
        RatingOfRecord.objects.filter(appraisal__cycle__name="FY 2026").values_list(
            "level", flat=True
        )
    )
    assert levels[3] > levels[5] > 20
    assert 1 <= levels[1] <= 3


# --- the cast


@pytest.mark.parametrize(
    ("address", "state", "event"),
    [
        ("maria.ortega", State.DRAFT, "share_input"),
        ("terrence.blake", State.COMMUNICATED, "communicate"),
        ("linh.nguyen", State.DRAFT, "share_input"),
        ("paul.sorensen", State.DRAFT, "return_for_change"),
        ("aisha.khan", State.IN_REVIEW, "submit"),
        ("daniel.kowalczyk", State.APPROVED, "approve"),
        ("grace.adeyemi", State.ACKNOWLEDGED, "acknowledge"),
        ("dana.whitfield", State.DRAFT, "share_input"),
    ],
)
def test_appraisals_of_the_cast(filled: Summary, address: str, state: State, event: str) -> None:
    document = document_of(address, 2027, Kind.ANNUAL_APPRAISAL)
    assert document.state == state
    newest = document.events.latest("pk")
    assert newest.name == event


def test_maria_is_half_rated_and_her_input_came_on_29_march(filled: Summary) -> None:
    document = document_of("maria.ortega", 2027, Kind.ANNUAL_APPRAISAL)
    assert document.input_shared_at is not None
    assert document.input_shared_at.date() == dt.date(2027, 3, 29)
    levels = document.sections.filter(kind=SectionKind.RATING).order_by("element__number")
    assert list(levels.values_list("level", flat=True)) == [5, 5, None, None]
    assert levels[1].version == 3
    assert not Document.objects.filter(
        appraisal__employee__email="maria.ortega@example.mil", appraisal__cycle__name="FY 2028"
    ).exists()


def test_dana_has_her_plan_since_4_april_and_it_is_her_turn(filled: Summary) -> None:
    record = record_of("dana.whitfield", 2028)
    assert record.rating_official.full_name == "Henry Okafor"
    assert record.higher_level_reviewer is not None
    assert record.higher_level_reviewer.full_name == "Ana Reyes"
    turn = current_turn(record)
    assert turn.person == record.employee
    assert turn.document is not None
    assert turn.document.communicated_on == dt.date(2027, 4, 4)
    assert turn.document.communicated_method == "F"


def test_paul_was_told_why(filled: Summary) -> None:
    turn = current_turn(record_of("paul.sorensen", 2027))
    assert turn.detail == "“The standard asks for response times; say what they were.”"


def test_robert_cannot_be_rated_after_71_days(filled: Summary) -> None:
    assert current_turn(record_of("robert.jensen", 2027)).what == "Not rateable: 71 of 90 days"


def test_a_few_covered_people_have_no_plan(filled: Summary) -> None:
    people = Person.objects.filter(assignments__ends_on=None)
    cycle = AppraisalCycle.objects.get(name="FY 2027")
    names = {person.full_name for person in people_without_plan(people, cycle)}
    assert names == {"Tyler Nakai", "Scott Vandermeer", "Florian Maier"}


def test_somebody_changed_rating_official_in_the_year(filled: Summary) -> None:
    event = AppraisalEvent.objects.get(name="name_officials")
    assert event.appraisal.rating_official.full_name == "Siobhán McAllister"
    by = set(event.appraisal.events.filter(name="communicate").values_list("by__last_name"))
    assert by == {("Maddox",)}


def test_every_record_says_whose_turn_it_is(filled: Summary) -> None:
    for record in with_documents(Appraisal.objects.all()):
        assert current_turn(record).what
        assert len(steps_of(record)) == 8


# --- filling


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in ("orgchart", "appraisals")
        for model in apps.get_app_config(label).get_models()
    }


def test_filling_twice_gives_the_same(filled: Summary) -> None:
    before = snapshot()
    assert fill() == filled
    assert snapshot() == before


def test_an_earlier_day_stops_the_histories_there(filled: Summary) -> None:
    day = dt.date(2026, 11, 2)
    with transaction.atomic(), clock.frozen(day):
        fill(today=day)
        assert AppraisalEvent.objects.latest("at").at.date() < day
        assert not Appraisal.objects.filter(cycle__name="FY 2028").exists()
        assert not Document.objects.filter(
            kind=Kind.ANNUAL_APPRAISAL, appraisal__cycle__name="FY 2027"
        ).exists()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_fill_is_refused_outside_practice_mode() -> None:
    with override_settings(PRACTICE_MODE=False), pytest.raises(Refused, match="practice mode"):
        fill()


def test_command_leaves_people_alone_when_asked_to(
    filled: Summary, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demonstration", "--if-empty")
    assert "nothing was changed" in capsys.readouterr().out


def test_a_script_that_skips_a_step_is_refused(
    filled: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def skip(telling: Telling, *_: object, **__: object) -> bool:
        given = Given(discussed_on=TODAY, method="F")
        telling.history.step("communicate", at=telling.diary.now, given=given)
        return True

    monkeypatch.setattr(Telling, "send_up", skip)
    cycle = AppraisalCycle.objects.get(name="FY 2028")
    with pytest.raises(ImpossibleStepError, match="communicate"):
        build_records(
            imported_subjects(TODAY, occupation_for),
            program=Program(cycle),
            season=season(2028),
            course_of=lambda index, story: Course(plan=Stage.ACKNOWLEDGED),
            until=TODAY,
        )


def test_records_are_built_for_people_of_whom_only_the_position_is_known(filled: Summary) -> None:
    with transaction.atomic():
        cycle = AppraisalCycle.objects.get(name="FY 2028")
        taken = Appraisal.objects.filter(cycle=cycle).values("employee")
        waiting = [
            subject
            for subject in imported_subjects(TODAY, occupation_for)
            if not taken.filter(employee=subject.assignment.employee_id)
        ]
        built = build_records(
            waiting,
            program=Program(cycle),
            season=season(2028, is_hurried=True),
            course_of=lambda index, story: Course(
                plan=Stage.IN_REVIEW, review=Stage.NONE, annual=Stage.NONE
            ),
            until=TODAY,
            chunk=20,
        )
        assert built == len(waiting) > 20
        plans = Document.objects.filter(
            Q(appraisal__cycle=cycle),
            appraisal__employee__in=[s.assignment.employee_id for s in waiting],
        )
        assert {plan.state for plan in plans} == {State.IN_REVIEW}
        assert not Appraisal.objects.filter(employee=F("rating_official")).exists()
        transaction.set_rollback(True)
