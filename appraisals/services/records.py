"""Opening records and documents, noting who looked."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import (
    CONFIDENTIAL,
    Appraisal,
    AppraisalCycle,
    Document,
    Element,
    Kind,
    PolicyEdition,
    RecordView,
    Section,
    SectionKind,
    State,
)
from appraisals.models.scope import Party, drafts_for
from appraisals.permissions import (
    DRAFTING,
    PAPER,
    is_hr_for,
    may_start_annual_appraisal,
    may_start_progress_review,
    parties,
)
from appraisals.problems import mandatory_elements, plan_elements, plan_of
from appraisals.sections import SECTIONS
from appraisals.selectors import cycle_for, later_rating, overlapping_record, policy_for
from appraisals.services.writing import copy_elements, lock_document, write_version
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.selectors import assignment_of, higher_level_reviewer_of


def open_document(
    appraisal: Appraisal,
    kind: Kind,
    *,
    number: int,
    policy: PolicyEdition,
    by: Person,
    about: Sequence[Element] | None = None,
    covers: tuple[dt.date, dt.date] | None = None,
    reason: str = "",
) -> Document:
    """A new draft with an empty section for every text it will hold. The caller asks who may.

    `about`: these elements of the plan; None: all of them.
    `covers`: the first and the last day together, of what is written because somebody leaves.
    """
    document = Document.objects.create(
        appraisal=appraisal,
        kind=kind,
        number=number,
        policy=policy,
        state_since=clock.now(),
        opened_at=clock.now(),
        covers_from=covers[0] if covers else None,
        covers_until=covers[1] if covers else None,
    )
    plan = plan_of(appraisal) if kind != Kind.PERFORMANCE_PLAN else None
    elements = about if about is not None else plan_elements(plan) if plan else []
    Section.objects.bulk_create(
        Section(document=document, kind=spec.kind, element=element)
        for spec in SECTIONS[kind]
        for element in (elements if spec.per_element else [None])
    )
    record_event(document, name="open", by=by, reason=reason)
    return document


@transaction.atomic
def start_record(employee: Person, *, cycle: AppraisalCycle, by: Person) -> Appraisal:
    """The record of a year with its plan as a first draft: core values and mandatory elements in it.

    Asking again returns the record that is there; after its plan was closed (R3.10) with another one. Raises Refused when nobody can rate this person.
    """
    today = clock.today()
    assignment = assignment_of(employee, on=today)
    answers_to = assignment.supervisor_id if assignment else None
    is_asked = by.pk in (employee.pk, answers_to) or answers_to in drafts_for(by)
    if not is_asked and not (assignment and is_hr_for(by, assignment.organization)):
        raise PermissionDenied
    held = Appraisal.objects.select_for_update(of=("self",), no_key=True)
    existing = held.filter(employee=employee, cycle=cycle).first()
    if existing:
        if plan_of(existing) is None:
            _first_draft(existing, by=by)
        return existing
    if assignment is None or assignment.supervisor is None:
        raise Refused(
            f"{employee.full_name} has no supervisor on {today:%-d %B %Y}, so nobody can be the "
            "rating official. Ask HR to name one."
        )
    if not assignment.covered:
        raise Refused(
            f"{employee.full_name} is not under this program: {assignment.exclusion_reason}."
        )
    starts_on = max(cycle.starts_on, assignment.position_start_date)
    appraisal, created = Appraisal.objects.get_or_create(
        employee=employee,
        cycle=cycle,
        defaults={
            "rating_official": assignment.supervisor,
            "higher_level_reviewer": higher_level_reviewer_of(employee, on=today),
            "organization": assignment.organization,
            "position_title": assignment.position_title,
            "position_number": assignment.position_number,
            "pay_plan": assignment.pay_plan,
            "occupational_series": assignment.occupational_series,
            "grade": assignment.grade,
            "step": assignment.step,
            "duty_station": assignment.duty_station,
            "is_supervisor": assignment.is_supervisor,
            "bargaining_unit": assignment.bargaining_unit,
            "starts_on": _after_other_calendar(employee, cycle, starts_on),
            "opened_at": clock.now(),
        },
    )
    if created:
        _first_draft(appraisal, by=by)
    return appraisal


def _after_other_calendar(employee: Person, cycle: AppraisalCycle, starts_on: dt.date) -> dt.date:
    """R1.12: nobody has two records of the same days. One that is over comes first; one that is open moves."""
    other = overlapping_record(employee, cycle)
    if other is None:
        return starts_on
    if other.not_rated or hasattr(other, "rating_of_record"):
        return max(starts_on, other.period_ends_on + dt.timedelta(days=1))
    raise Refused(
        f"{employee.full_name} has an open record in {other.cycle.name} of "
        f"{other.cycle.organization.name}, which covers these days. Ask HR to move that record to "
        f"{cycle.name}."
    )


def _first_draft(appraisal: Appraisal, *, by: Person) -> None:
    policy = policy_for(appraisal.organization, on=clock.today())
    number = appraisal.documents.filter(kind=Kind.PERFORMANCE_PLAN).count() + 1
    plan = open_document(appraisal, Kind.PERFORMANCE_PLAN, number=number, policy=policy, by=by)
    values = plan.sections.get(kind=SectionKind.CORE_VALUES)
    values.text = policy.core_values
    write_version(values, plan, by=by)
    for number, row in enumerate(mandatory_elements(appraisal), start=1):
        element = Element(
            plan=plan,
            number=number,
            title=row.title,
            description=row.description,
            standards=row.standards,
            is_supervisory=row.applies_to == row.AppliesTo.SUPERVISORS,
            mandatory=row,
        )
        write_version(element, plan, by=by)


@dataclass(frozen=True)
class CopyOutcome:
    employee: Person
    copied: int
    refused: str = ""


def copy_plan_to_many(plan: Document, employees: list[Person], *, by: Person) -> list[CopyOutcome]:
    """One plan's elements into the drafts of many; each employee succeeds or is refused alone."""
    elements = [element for element in plan_elements(plan) if element.mandatory_id is None]
    outcomes = []
    for employee in employees:
        try:
            outcomes.append(CopyOutcome(employee, _copy_plan_to(elements, employee, by=by)))
        except Refused as refusal:
            outcomes.append(CopyOutcome(employee, 0, refusal.message))
    return outcomes


@transaction.atomic
def _copy_plan_to(elements: list[Element], employee: Person, *, by: Person) -> int:
    cycle = cycle_for(employee, on=clock.today())
    if cycle is None:
        raise Refused("No appraisal cycle is open for this person.")
    target = plan_of(start_record(employee, cycle=cycle, by=by))
    return copy_elements(elements, into=target, by=by) if target else 0


@transaction.atomic
def start_progress_review(appraisal: Appraisal, *, by: Person, on_paper: bool = False) -> Document:
    """One at a time: while one is open, asking again returns that one."""
    plan = _locked_plan(appraisal)
    policy = policy_for(appraisal.organization, on=clock.today())
    if not may_start_progress_review(by, appraisal, plan, policy.rules(), on_paper=on_paper):
        _refuse(by, appraisal, "A progress review needs an approved plan.", on_paper=on_paper)
    reviews = list(appraisal.documents.filter(kind=Kind.PROGRESS_REVIEW).order_by("number"))
    if reviews and reviews[-1].state != State.ACKNOWLEDGED:
        return reviews[-1]
    return open_document(
        appraisal, Kind.PROGRESS_REVIEW, number=len(reviews) + 1, policy=policy, by=by
    )


@transaction.atomic
def start_annual_appraisal(appraisal: Appraisal, *, by: Person, on_paper: bool = False) -> Document:
    plan = _locked_plan(appraisal)
    policy = policy_for(appraisal.organization, on=clock.today())
    existing = appraisal.documents.filter(kind=Kind.ANNUAL_APPRAISAL).first()
    if existing and _starters(on_paper) & parties(by, appraisal):
        return existing
    if later := later_rating(appraisal):
        raise Refused(later)
    if not may_start_annual_appraisal(by, appraisal, plan, policy.rules(), on_paper=on_paper):
        _refuse(
            by,
            appraisal,
            "The annual appraisal starts near the end of the cycle and needs an approved plan.",
            on_paper=on_paper,
        )
    return open_document(appraisal, Kind.ANNUAL_APPRAISAL, number=1, policy=policy, by=by)


def _locked_plan(appraisal: Appraisal) -> Document | None:
    plan = plan_of(appraisal)
    return lock_document(plan) if plan else None


def _starters(on_paper: bool) -> frozenset[Party]:
    return PAPER if on_paper else DRAFTING


def _refuse(by: Person, appraisal: Appraisal, sentence: str, *, on_paper: bool) -> None:
    if not _starters(on_paper) & parties(by, appraisal):
        raise PermissionDenied
    raise Refused(sentence)


def page_of(document: Document) -> str:
    """What `record_view` keeps: everybody who may see the record reads it, so a confidential kind is not named."""
    return "record" if document.kind in CONFIDENTIAL else document.kind


def record_view(appraisal: Appraisal, *, by: Person, page: str) -> None:
    """Note that somebody other than the employee opened the record; once a day and page."""
    record_views([appraisal], by=by, page=page)


def record_views(appraisals: Iterable[Appraisal], *, by: Person, page: str) -> None:
    """The same of many records on one page, in one statement."""
    today, now = clock.today(), clock.now()
    RecordView.objects.bulk_create(
        [
            RecordView(appraisal=each, viewer=by, page=page, viewed_on=today, viewed_at=now)
            for each in appraisals
            if each.employee_id != by.pk
        ],
        ignore_conflicts=True,
    )
