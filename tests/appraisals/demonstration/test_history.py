"""Histories that the table of transitions allows, in every stage."""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import F

from appraisals import rules
from appraisals.demonstration.courses import Stage, last_year, next_year, this_year
from appraisals.demonstration.fill import TODAY, Summary
from appraisals.demonstration.people import PEOPLE
from appraisals.models import (
    OF_THE_YEAR,
    WALK,
    AppraisalEvent,
    Document,
    Element,
    Kind,
    MandatoryElement,
    RatingOfRecord,
    RecordView,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from appraisals.problems import document_problems
from appraisals.workflow import TRANSITIONS
from orgchart import clock
from orgchart.models import Person

pytestmark = pytest.mark.django_db

POLICY = rules.Policy()


def test_every_state_of_every_kind_occurs(filled: Summary) -> None:
    found = set(Document.objects.of_the_year().values_list("kind", "state"))
    assert found == {
        (kind.value, state.value)
        for kind in set(OF_THE_YEAR) - {Kind.PLAN_CHANGE}
        for state in WALK
    }


def test_every_step_of_the_table_was_taken_but_two_rare_ones(filled: Summary) -> None:
    names = set(AppraisalEvent.objects.values_list("name", flat=True))
    assert set(TRANSITIONS) - names == {
        "recall",
        "note_difference",
        "withdraw",
        "give_up",
        "take_back",
        "discard",
        "set_aside",
        "close_as_erroneous",
    }
    assert names - set(TRANSITIONS) == {
        "open",
        "add_element",
        "propose_element",
        "accept_element",
        "copy_elements",
        "begin_paper",
        "name_officials",
        "add_to_change",
        "reword_in_change",
        "plan_changed",
        "record_meeting",
        "answer_meeting",
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
            assert ("about" in event.details) == (row.asks == "reason")
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


def test_every_document_came_as_far_as_its_course_says(filled: Summary) -> None:
    reached = {
        Stage.IN_REVIEW: State.IN_REVIEW,
        Stage.APPROVED: State.APPROVED,
        Stage.COMMUNICATED: State.COMMUNICATED,
        Stage.ACKNOWLEDGED: State.ACKNOWLEDGED,
        Stage.ACKNOWLEDGED_FOR: State.ACKNOWLEDGED,
    }
    texts = {text.email: text for text in PEOPLE if text.covered}
    covered = Person.objects.filter(email__in=texts).order_by("pk")
    states = {
        (email, year, kind): state
        for email, year, kind, state in Document.objects.filter(number=1).values_list(
            "appraisal__employee__email", "appraisal__cycle__name", "kind", "state"
        )
    }
    expected = {}
    for year, course_of in (("FY 2026", last_year), ("FY 2027", this_year), ("FY 2028", next_year)):
        for index, person in enumerate(covered):
            course = course_of(index, texts[person.email].story)
            for kind, stage in (
                (Kind.PERFORMANCE_PLAN, course.plan if course else Stage.NONE),
                (Kind.PROGRESS_REVIEW, course.review if course else Stage.NONE),
                (Kind.NARRATIVE_STATEMENT, course.narrative if course else Stage.NONE),
                (Kind.ANNUAL_APPRAISAL, course.annual if course else Stage.NONE),
            ):
                if stage != Stage.NONE:
                    expected[person.email, year, kind.value] = reached.get(stage, State.DRAFT)
    # Entered from paper the evening before, see `demonstration.on_paper`.
    expected["paul.sorensen@example.mil", "FY 2028", Kind.PERFORMANCE_PLAN.value] = (
        State.ACKNOWLEDGED
    )
    assert states == expected


def test_those_who_decided_have_looked(filled: Summary) -> None:
    decided = AppraisalEvent.objects.filter(name="approve", document__kind=Kind.ANNUAL_APPRAISAL)
    for event in decided:
        assert RecordView.objects.filter(
            viewer=event.by, appraisal=event.appraisal_id, viewed_at=event.at
        )
    assert not RecordView.objects.filter(viewer=F("appraisal__employee"))
    assert RecordView.objects.filter(viewer__last_name="Castellano").count() >= 4


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
