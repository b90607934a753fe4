"""One row of each model, written straight into its table: no service, no step, no check before it."""

import datetime as dt
import uuid

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    Element,
    ElementChange,
    Kind,
    PolicyEdition,
    RatingOfRecord,
    RecordView,
    Section,
    TextVersion,
)
from orgchart.models import Organization, Person
from tests.factories import PersonFactory

APRIL, MARCH, JUNE = dt.date(2026, 4, 1), dt.date(2027, 3, 31), dt.date(2027, 6, 1)
NOON = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


def make_cycle(place: Organization, **fields: object) -> AppraisalCycle:
    values = {"starts_on": APRIL, "ends_on": MARCH, "effective_on": JUNE, "opened_at": NOON}
    return AppraisalCycle.objects.create(name="FY 2027", organization=place, **values | fields)


def make_edition(place: Organization) -> PolicyEdition:
    return PolicyEdition.objects.create(
        name="Change 4", organization=place, effective_on=APRIL, written_at=NOON
    )


def make_appraisal(cycle: AppraisalCycle, **people: Person | None) -> Appraisal:
    return Appraisal.objects.create(
        **{"employee": PersonFactory(), "rating_official": PersonFactory()} | people,
        cycle=cycle,
        organization=cycle.organization,
        position_title="Firefighter",
        pay_plan="GS",
        occupational_series="0081",
        grade="08",
        starts_on=APRIL,
        opened_at=NOON,
    )


def make_document(appraisal: Appraisal, **fields: object) -> Document:
    place = appraisal.organization
    policy = PolicyEdition.objects.filter(organization=place).first() or make_edition(place)
    values = {"kind": Kind.PERFORMANCE_PLAN, "state_since": NOON, "opened_at": NOON}
    return Document.objects.create(appraisal=appraisal, policy=policy, **values | fields)


def issue_rating(appraisal: Appraisal, **fields: int) -> RatingOfRecord:
    values = {"level": 3, "rated_sum": 3, "rated_count": 1} | fields
    return RatingOfRecord.objects.create(
        appraisal=appraisal,
        effective_on=JUNE,
        issued_at=NOON,
        issued_by=appraisal.rating_official,
        **values,
    )


def keep_version(document: Document, **text: Element | ElementChange | Section) -> TextVersion:
    return TextVersion.objects.create(
        document=document,
        version=1,
        content={"text": "As it stood"},
        written_by=document.appraisal.employee,
        written_at=NOON,
        **text,
    )


def record_step(plan: Document, request_key: uuid.UUID | None = None) -> AppraisalEvent:
    return AppraisalEvent.objects.create(
        appraisal=plan.appraisal,
        document=plan,
        name="submit",
        by=plan.appraisal.rating_official,
        at=NOON,
        request_key=request_key,
    )


def history_of(section: Section) -> None:
    appraisal = section.document.appraisal
    record_step(section.document)
    keep_version(section.document, section=section)
    issue_rating(appraisal)
    RecordView.objects.create(
        appraisal=appraisal,
        viewer=appraisal.rating_official,
        page="record",
        viewed_on=APRIL,
        viewed_at=NOON,
    )
