"""A finished record with rows in every part of it: what is destroyed, moved and taken along is proved on it."""

import datetime as dt
import hashlib

from django.db import connection

from appraisals.destroying import carry_out
from appraisals.feed import make_batch, read_receipt, send_refused_again
from appraisals.models import (
    ActionInstance,
    AmendmentReason,
    Appraisal,
    AppraisalEvent,
    Archive,
    ArchiveEntry,
    Decision,
    Departure,
    DepartureKind,
    DepartureRecord,
    DestructionList,
    Disagreement,
    Document,
    Element,
    ElementChange,
    Extension,
    FeedbackRequest,
    JournalEntry,
    Kind,
    Letter,
    LetterResend,
    MeetingWord,
    MoreCurrentRating,
    NotRated,
    OfficialChange,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    RatingOfRecord,
    Reading,
    ReceivedFile,
    ReceivedRecord,
    Recognition,
    Scan,
    State,
    StoredForm,
    SupportRequest,
)
from appraisals.pdf import keep_form
from appraisals.pdf.stored import render_claimed
from appraisals.scans import file_of
from appraisals.services.amending import record_decision
from appraisals.services.records import record_view
from appraisals.services.retention import confirm_list, draw_up_list
from orgchart import clock
from orgchart.models import Person, RoleGrant
from tests.appraisals.feed.sending import receipt
from tests.cast import PRACTICE_DAY, SECRET, Cast, make_document

LATER = dt.date(2027, 4, 20)
YEARS_LATER = dt.date(2031, 6, 2)
"""The rating took effect on 1 June 2027 and is kept four years."""


def second_hr(cast: Cast) -> Person:
    """The other of the two persons."""
    person: Person = cast.colleague
    RoleGrant.objects.get_or_create(
        person=person,
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization=cast.places["CMD"],
        starts_on=dt.date(2024, 1, 1),
    )
    return person


def make_rated(cast: Cast) -> Appraisal:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    return Appraisal.objects.with_people().get(pk=annual.appraisal_id)


def make_whole(cast: Cast) -> Appraisal:
    """MEDIA_ROOT must be a folder of the test."""
    record = make_rated(cast)
    with clock.frozen(LATER):
        record_view(record, by=cast.higher_level_reviewer, page="record")
        sent = AppraisalEvent.objects.filter(appraisal=record, name="submit")[0]
        Reading.objects.create(sent=sent, reader=cast.higher_level_reviewer, read_at=clock.now())
        keep_form(record)
        for form in StoredForm.objects.due():
            render_claimed(form.pk)
        _feed(cast)
        amend(record, cast)
        make_batch(cast.cycle, cast.places["CMD"], by=None)
        _as_years_happen(record, cast)
        _scan(record, cast)
        _archive(record, cast)
        _received(record, cast)
    return record


def amend(record: Appraisal, cast: Cast, *, levels: tuple[int, ...] = (3, 5)) -> None:
    """Both elements were rated 5."""
    decision = Decision(
        levels=list(levels),
        reason=AmendmentReason.GRIEVANCE,
        authority="Arbitrator’s award",
        decided_on=PRACTICE_DAY,
        approved_by="Commander of the installation" if 1 in levels else "",
    )
    record_decision(RatingOfRecord.objects.get(appraisal=record), decision, by=cast.hr)


def _as_years_happen(record: Appraisal, cast: Cast) -> None:
    """An official who changed, a plan that was changed, a year made longer, a disagreement."""
    now, today = clock.now(), clock.today()
    plan = record.documents.get(kind=Kind.PERFORMANCE_PLAN)
    element = plan.elements.all()[0]
    event = AppraisalEvent.objects.filter(appraisal=record)[0]
    OfficialChange.objects.create(
        appraisal=record,
        office="rating_official",
        former=cast.former_rating_official,
        successor=cast.rating_official,
        effective_on=today,
        event=event,
    )
    change = Document.objects.create(
        appraisal=record,
        kind=Kind.PLAN_CHANGE,
        policy=plan.policy,
        state_since=now,
        opened_at=now,
    )
    ElementChange.objects.create(
        document=change,
        action="reword",
        element=element,
        made_from=element.version,
        was={"title": element.title, "goal_id": element.goal_id},
        title=f"Reworded {SECRET}",
        goal=element.goal,
    )
    _when_work_is_not_good_enough(change, element, cast)
    _what_people_say(element, cast)
    _somebody_leaves(record, cast)
    _a_year_ends_otherwise(record, cast)


def _a_year_ends_otherwise(record: Appraisal, cast: Cast) -> None:
    now, today = clock.now(), clock.today()
    plan = record.documents.get(kind=Kind.PERFORMANCE_PLAN)
    Extension.objects.create(
        appraisal=record,
        until=dt.date(2027, 4, 30),
        reason="away",
        explanation=SECRET,
        state="asked",
        asked_by=cast.rating_official,
        asked_at=now,
    )
    NotRated.objects.create(
        appraisal=record,
        reason="other",
        closed_by=cast.hr,
        closed_at=now,
        undone_by=cast.hr,
        undone_at=now,
        undone_why=SECRET,
    )
    Disagreement.objects.create(
        rating=record.rating_of_record,
        policy=plan.policy,
        kind="statement",
        state="on_record",
        text=SECRET,
        filed_on=today,
        filed_at=now,
        filed_by=cast.employee,
    )


def _somebody_leaves(record: Appraisal, cast: Cast) -> None:
    now, today = clock.now(), clock.today()
    departure = Departure.objects.create(
        person=cast.rating_official,
        organization=record.organization,
        kind=DepartureKind.LEAVES,
        last_day=today,
        successor=cast.former_rating_official,
        by=cast.hr,
        planned_on=today,
        planned_at=now,
    )
    DepartureRecord.objects.create(
        departure=departure,
        appraisal=record,
        part="rates",
        why=SECRET,
        official_before=cast.rating_official,
    )


def _when_work_is_not_good_enough(document: Document, element: Element, cast: Cast) -> None:
    """Rows alone: what leads to them is not asked here."""
    now, today, by = clock.now(), clock.today(), cast.rating_official
    period = OpportunityPeriod.objects.create(notice=document, days=30, meeting_every=14)
    OpportunityExtension.objects.create(period=period, days=10, reason=SECRET, by=by, at=now)
    meeting = OpportunityMeeting.objects.create(
        period=period, held_on=today, method="F", account=SECRET, recorded_by=by, recorded_at=now
    )
    MeetingWord.objects.create(meeting=meeting, text=SECRET, written_at=now)
    action = ProposedAction.objects.create(document=document, action="demotion")
    ActionInstance.objects.create(action=action, element=element, happened_on=today, what=SECRET)
    MoreCurrentRating.objects.create(
        document=document,
        level=3,
        rated_sum=6,
        rated_count=2,
        effective_on=today,
        issued_at=now,
        issued_by=by,
    )


def _what_people_say(element: Element, cast: Cast) -> None:
    """About one element of the work, beside the record."""
    now, today = clock.now(), clock.today()
    SupportRequest.objects.create(
        employee=cast.employee, kind="tools", text=SECRET, element=element, asked_on=today
    )
    Recognition.objects.create(
        recipient=cast.employee,
        giver=cast.rating_official,
        kind="thanks",
        text=SECRET,
        element=element,
        given_on=today,
        written_at=now,
    )
    asked = FeedbackRequest.objects.create(
        about=cast.employee,
        asked_by=cast.employee,
        element=element,
        element_title=SECRET,
        giver_name="A customer",
        giver_email="customer@example.org",
        link_name="a" * 32,
        asked_on=today,
        ends_on=today,
    )
    letter = Letter.objects.create(
        invitation=asked,
        address="customer@example.org",
        message_id="<1@example.org>",
        made_at=now,
        next_try_at=now,
    )
    LetterResend.objects.create(letter=letter, by=cast.hr, at=now, error="Refused")
    entry = JournalEntry.objects.create(
        writer=cast.employee, about=cast.employee, noted_on=today, text="Mine", written_at=now
    )
    entry.elements.add(element)


def _feed(cast: Cast) -> None:
    batch = make_batch(cast.cycle, cast.places["CMD"], by=None)
    assert batch is not None
    read_receipt(batch, receipt(batch, "1,refused,Not known"), by=cast.hr)
    send_refused_again(batch, by=cast.hr)


def _scan(record: Appraisal, cast: Cast) -> None:
    content = b"%PDF-1.7 scanned %%EOF"
    scan = Scan(
        document=record.documents.order_by("pk")[0],
        content_hash=hashlib.sha256(content).hexdigest(),
        size=len(content),
        attached_by=cast.rating_official,
        attached_at=clock.now(),
    )
    file_of(scan).parent.mkdir(parents=True)
    file_of(scan).write_bytes(content)
    scan.save()


def _archive(record: Appraisal, cast: Cast) -> None:
    archive = Archive.objects.create(
        asked_by=cast.hr,
        asked_at=clock.now(),
        organization=cast.places["CMD"],
        cycle=cast.cycle,
        documents=1,
        state=Archive.State.EXPIRED,
    )
    ArchiveEntry.objects.create(archive=archive, number=1, appraisal=record, volume=1)


def _received(record: Appraisal, cast: Cast) -> None:
    file = ReceivedFile.objects.create(
        installation="Elsewhere",
        format_version=1,
        content_hash="e" * 64,
        is_signed=False,
        employee=record.employee,
        organization=cast.places["CMD"],
        records=1,
        received_by=cast.hr,
        received_at=clock.now(),
    )
    ReceivedRecord.objects.create(appraisal=record, file=file)


def listed(cast: Cast, on: dt.date = YEARS_LATER) -> DestructionList:
    with clock.frozen(on):
        return draw_up_list(cast.places["CMD"], by=cast.hr)


def destroy(cast: Cast, on: dt.date = YEARS_LATER) -> DestructionList:
    with clock.frozen(on):
        drawn_up = draw_up_list(cast.places["CMD"], by=cast.hr)
        confirm_list(drawn_up, by=second_hr(cast), things=drawn_up.items.count())
        carry_out()
    check_at_once()
    drawn_up.refresh_from_db()
    return drawn_up


def check_at_once() -> None:
    """What the database would check when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
