"""What must be true of who has a record in hand, of what was said, and of the history of all of it."""

from collections import defaultdict

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Departure,
    DepartureState,
    DestructionItem,
    Document,
    MeetingWord,
    MoreCurrentRating,
    OfficialChange,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    RatingAmendment,
    State,
)
from appraisals.models.departure import DepartureRecord
from appraisals.selectors import open_appraisals
from appraisals.services.stranded import NOBODY_REVIEWS, OFFICIAL_GONE, REVIEWER_GONE, stranded
from appraisals.transitions import needs_review
from orgchart import clock
from orgchart.models import Assignment
from tests.years.world import World

REVIEWED = {"approve", "record_approval"}
LEAVES_AN_EVENT = (
    (Document, "appraisal", "open"),
    (RatingAmendment, "rating__appraisal", "amend_rating"),
    (OpportunityMeeting, "period__notice__appraisal", "record_meeting"),
    (MeetingWord, "meeting__period__notice__appraisal", "answer_meeting"),
    (OpportunityExtension, "period__notice__appraisal", "extend_opportunity"),
)


def assert_nobody_gone_holds_a_record(world: World) -> None:
    """Told by looking at each record and each person, not as the product asks: its list holds just these."""
    with clock.frozen(world.today):
        here = set(
            Assignment.objects.on(world.today)
            .filter(employee__is_active=True)
            .values_list("employee", flat=True)
        )
        found: dict[object, set[int]] = {OFFICIAL_GONE: set(), REVIEWER_GONE: set()}
        found[NOBODY_REVIEWS] = set()
        records = open_appraisals(Appraisal.objects.filter(not_rated=""))
        for record in records.prefetch_related("documents"):
            is_here = record.employee_id in here
            reviewer = record.higher_level_reviewer_id
            if is_here and record.rating_official_id not in here:
                found[OFFICIAL_GONE].add(record.pk)
            if is_here and reviewer and reviewer not in here:
                found[REVIEWER_GONE].add(record.pk)
            if not reviewer and any(
                each.state == State.IN_REVIEW for each in record.documents.all()
            ):
                found[NOBODY_REVIEWS].add(record.pk)
        for finding, wanted in found.items():
            listed = set(stranded(finding, ["/"]).values_list("pk", flat=True))
            assert listed == wanted, (finding.key, listed ^ wanted)


def assert_what_was_handed_over_arrived() -> None:
    """Each record of a departure that is done: its change of officials is in its history, by that departure."""
    rows = DepartureRecord.objects.filter(handed_over_at__isnull=False).select_related("departure")
    events = AppraisalEvent.objects.filter(name="name_officials", details__has_key="departure")
    named = {(each.appraisal_id, each.details["departure"]) for each in events}
    for row in rows:
        assert row.departure.state == DepartureState.DONE
        assert (row.appraisal_id, row.departure_id) in named
    for departure in Departure.objects.exclude(state=DepartureState.DONE):
        assert not departure.records.filter(handed_over_at__isnull=False).exists()


def assert_officials_follow_each_other() -> None:
    """R9.9: of each office everybody who had it, one after the other, up to who has it now."""
    held: dict[tuple[int, str], list[OfficialChange]] = defaultdict(list)
    for change in OfficialChange.objects.select_related("event").order_by("pk"):
        assert change.event.appraisal_id == change.appraisal_id
        held[change.appraisal_id, change.office].append(change)
    records = Appraisal.objects.in_bulk({record for record, _ in held})
    for (record, office), changes in held.items():
        former = [each.former_id for each in changes[1:]]
        assert former == [each.successor_id for each in changes[:-1]]
        assert getattr(records[record], f"{office}_id") == changes[-1].successor_id


def assert_what_was_said_is_kept(world: World) -> None:
    """Nothing of the talk, and nothing beside a document, is changed or taken away by anybody else."""
    texts = {"OpportunityMeeting": "account", "OpportunityExtension": "reason"}
    texts |= {"ActionInstance": "what", "CheckIn": "summary"}
    by_model = defaultdict(dict)
    for (model, pk), words in world.said.items():
        by_model[model][pk] = words
    for model, wanted in by_model.items():
        column = texts.get(model.__name__, "text")
        kept = dict(model.objects.filter(pk__in=wanted).values_list("pk", column))
        assert kept == wanted, (model.__name__, kept.items() ^ wanted.items())


def assert_history_is_complete(world: World) -> None:
    """What was read once is still there word by word; what leaves a line has left one, once."""
    lines = AppraisalEvent.objects.values_list("pk", "appraisal", "name", "by", "at", "reason")
    now = set(lines)
    lost = {line for line in world.seen - now if line[1] not in world.gone}
    assert not lost, f"lines of history are gone: {lost}"
    world.seen = now
    for model, way, name in LEAVES_AN_EVENT:
        rows = sorted(model.objects.values_list(way, flat=True))
        events = AppraisalEvent.objects.filter(name=name).values_list("appraisal", flat=True)
        assert rows == sorted(events), (model.__name__, name)


def assert_bad_work_is_dealt_with_in_its_order() -> None:
    """R10: reviewed before it is told; no result before the last day; no action without a result that was told."""
    for rating in MoreCurrentRating.objects.select_related("document__policy"):
        assert_reviewed(rating.document)
    for period in OpportunityPeriod.objects.loaded():
        if period.notice.communicated_on:
            assert_reviewed(period.notice)
        if period.result is not None and period.result.communicated_on:
            assert period.result.communicated_on >= period.ends_on
    for action in ProposedAction.objects.select_related("document__appraisal"):
        employee, opened = action.document.appraisal.employee_id, action.document.opened_at
        results = Document.objects.filter(
            ended_opportunity__notice__appraisal__employee=employee,
            communicated_on__lte=opened.date(),
        )
        destroyed = DestructionItem.objects.filter(employee=employee, state="destroyed")
        assert results.exists() or destroyed.exists(), action.document


def assert_reviewed(document: Document) -> None:
    names = list(document.events.order_by("pk").values_list("name", flat=True))
    if needs_review(document):
        assert REVIEWED & set(names[: names.index("communicate")]), document


def assert_people_and_words(world: World) -> None:
    assert_nobody_gone_holds_a_record(world)
    assert_what_was_handed_over_arrived()
    assert_officials_follow_each_other()
    assert_what_was_said_is_kept(world)
    assert_history_is_complete(world)
    assert_bad_work_is_dealt_with_in_its_order()
