"""Histories that the table of transitions allows, in every stage."""

import datetime as dt
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import DateTimeField, F
from django.utils import timezone

from appraisals import rules
from appraisals.demonstration.courses import Stage, last_year, next_year, this_year
from appraisals.demonstration.fill import TODAY, Summary
from appraisals.demonstration.people import PEOPLE
from appraisals.models import (
    OF_THE_YEAR,
    TOLD,
    WALK,
    AppraisalEvent,
    Document,
    Element,
    ElementChange,
    Kind,
    RatingOfRecord,
    RecordView,
    Section,
    SectionKind,
    State,
    TextVersion,
)
from appraisals.models.scope import Party
from appraisals.permissions import may_administer_appraisal
from appraisals.problems import document_problems, mandatory_elements
from appraisals.workflow import TRANSITIONS
from orgchart import clock
from orgchart.models import Person

pytestmark = pytest.mark.django_db

POLICY = rules.Policy()


def test_every_state_of_every_kind_occurs(filled: Summary) -> None:
    found = set(Document.objects.of_the_year().values_list("kind", "state"))
    assert found == {(kind.value, state.value) for kind in OF_THE_YEAR for state in WALK}


def test_every_step_of_the_table_was_taken_but_the_rare_ones(filled: Summary) -> None:
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
        "amend_rating",
        "ask_extension",
        "ask_reconsideration",
        "note_disagreement",
        "enter_situation",
        "ask_support",
        "answer_support",
        "end_support",
        "hold_check_in",
        "recognize",
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
        if party == Party.HR:
            assert may_administer_appraisal(event.by, event.appraisal)
        else:
            assert event.by_id == getattr(event.appraisal, f"{party.value}_id")


def test_newest_version_of_each_text_is_the_text(filled: Summary) -> None:
    newest: dict[tuple[str, int], TextVersion] = {}
    for version in TextVersion.objects.order_by("pk"):
        (key,) = (
            (kind, pk)
            for kind, pk in (
                ("e", version.element_id),
                ("s", version.section_id),
                ("c", version.change_id),
            )
            if pk
        )
        before = newest.get(key)
        assert version.version == (before.version + 1 if before else 1)
        newest[key] = version
    for kind, model in (("e", Element), ("s", Section), ("c", ElementChange)):
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
    sample = list(sent.exclude(kind=Kind.PLAN_CHANGE).values_list("pk", flat=True))[::4]
    # A change that is in force has itself made the plan say something else.
    changes = sent.filter(kind=Kind.PLAN_CHANGE).exclude(state__in=TOLD)
    put_in = changes.exclude(mandatory=None)
    plans = sent.filter(kind=Kind.PERFORMANCE_PLAN)
    lacking = plans.filter(appraisal__in=put_in.values("appraisal"))
    for document in [*sent.filter(pk__in=sample).exclude(pk__in=lacking), *changes]:
        with clock.frozen(document.opened_at.date()):
            assert document_problems(document) == []
    # They were sent up before HR wrote what they lack until the change is in force.
    for plan in lacking:
        with clock.frozen(plan.opened_at.date()):
            assert [problem.rule for problem in document_problems(plan)] == ["R3.8"]
    assert lacking.count() == put_in.count() == 2
    assert {change.state for change in changes} == {State.IN_REVIEW, State.APPROVED}


def test_plans_say_what_the_changes_in_force_say_and_nothing_of_the_others(
    filled: Summary,
) -> None:
    for change in ElementChange.objects.filter(removed_at=None).select_related("document"):
        plan = Element.objects.standing().filter(plan__appraisal=change.document.appraisal_id)
        content = {name: getattr(change, name) for name in ElementChange.CONTENT}
        assert plan.filter(**content).exists() == (change.document.state in TOLD)
    documents = Document.objects.filter(element_changes__removed_at=None, kind=Kind.PLAN_CHANGE)
    assert set(documents.values_list("state", flat=True)) == set(WALK)


def test_plans_of_supervisors_have_what_was_mandatory_when_they_were_opened(
    filled: Summary,
) -> None:
    plans = Document.objects.filter(kind=Kind.PERFORMANCE_PLAN, appraisal__is_supervisor=True)
    put_in_later = 0
    for plan in plans:
        with clock.frozen(plan.opened_at.date()):
            required = {row.pk for row in mandatory_elements(plan.appraisal)}
        held = plan.elements.filter(removed_at=None).exclude(mandatory=None)
        changes = plan.appraisal.documents.filter(kind=Kind.PLAN_CHANGE).exclude(mandatory=None)
        waiting = set(changes.exclude(state__in=TOLD).values_list("mandatory", flat=True))
        assert waiting <= required
        assert set(held.values_list("mandatory", flat=True)) == required - waiting
        put_in_later += len(waiting)
    assert plans.count() > 60
    assert put_in_later == 2


CHANGED_PLANS = (
    ("shauna.begay", "FY 2027", State.ACKNOWLEDGED),
    ("tevita.fonoti", "FY 2028", State.DRAFT),
    ("jiwoo.park", "FY 2028", State.IN_REVIEW),
    ("desmond.achebe", "FY 2028", State.APPROVED),
    ("lupita.arce", "FY 2028", State.COMMUNICATED),
    ("teresa.quintana", "FY 2028", State.ACKNOWLEDGED),
    # By HR, see `demonstration.plan_changes`.
    ("beatriz.salgado", "FY 2028", State.APPROVED),
    ("melvin.hartsfield", "FY 2028", State.APPROVED),
)


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
        for email, year, kind, state in Document.objects.of_the_year()
        .filter(number=1)
        .values_list("appraisal__employee__email", "appraisal__cycle__name", "kind", "state")
    }
    expected = {
        (f"{name}@example.mil", year, Kind.PLAN_CHANGE.value): state
        for name, year, state in CHANGED_PLANS
    }
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
    assert timezone.localdate(newest) == TODAY - dt.timedelta(days=1)
    morning = timezone.make_aware(dt.datetime.combine(TODAY, dt.time()))
    late = [
        f"{model._meta.label}.{field.name}"
        for label in ("orgchart", "appraisals")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, DateTimeField)
        and model._default_manager.filter(**{f"{field.attname}__gte": morning}).exists()
    ]
    # The next post goes out in the morning.
    assert late == ["appraisals.Notice.post_at"]


def test_ratings_of_record_follow_from_the_element_ratings(filled: Summary) -> None:
    came_over = RatingOfRecord.objects.filter(appraisal__documents=None)
    given_here = RatingOfRecord.objects.exclude(pk__in=came_over)
    for rating in given_here:
        levels = list(
            Section.objects.filter(
                document__appraisal=rating.appraisal_id, kind=SectionKind.RATING
            ).values_list("level", flat=True)
        )
        assert rules.sum_and_count(levels) == (rating.rated_sum, rating.rated_count)
        assert rules.summary_level(levels, POLICY) == rating.level
    finished = Document.objects.filter(kind=Kind.ANNUAL_APPRAISAL, communicated_on__isnull=False)
    assert given_here.count() == finished.count()
    # The years before came over from another system: no texts, but a rating all the same.
    assert set(came_over.values_list("appraisal__cycle__name", flat=True)) == {"FY 2021"}
    for rating in came_over:
        levels = [rating.level] * rating.rated_count
        assert rules.sum_and_count(levels) == (rating.rated_sum, rating.rated_count)
        assert rules.summary_level(levels, POLICY) == rating.level


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
