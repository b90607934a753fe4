"""Part B: who certified each documented discussion, when and how (R4.1 to R4.6, R15.4).

A step that is not taken yet leaves a line to sign on, for those without a computer (R4.7).
"""

import datetime as dt
from dataclasses import dataclass

from appraisals import rules
from appraisals.models import Appraisal, AppraisalEvent, Document, Kind, State
from orgchart.models import Person

Events = dict[str, AppraisalEvent]


@dataclass(frozen=True)
class Signature:
    """`on` None: still to be signed. `asked` False: policy does not ask for this signature."""

    role: str
    name: str
    on: dt.date | None = None
    how: str = ""
    asked: bool = True


@dataclass(frozen=True)
class Discussion:
    title: str
    state: str
    signatures: tuple[Signature, Signature, Signature]
    comment: str = ""
    reason: str = ""
    recorded_by: str = ""


def events_by_document(appraisal: Appraisal) -> dict[int, Events]:
    """The newest event of each name."""
    found: dict[int, Events] = {}
    for event in appraisal.events.filter(document__isnull=False).select_related("by"):
        found.setdefault(event.document_id or 0, {})[event.name] = event
    return found


ORDER = (
    Kind.PERFORMANCE_PLAN,
    Kind.PROGRESS_REVIEW,
    Kind.NARRATIVE_STATEMENT,
    Kind.ANNUAL_APPRAISAL,
)


def discussions_of(
    appraisal: Appraisal, documents: list[Document], events: dict[int, Events], *, only: str = ""
) -> list[Discussion]:
    """The plan, every review and statement, the annual appraisal; a blank one for what is to come.

    `only` is the kind of the one document the form is of.
    """
    found = []
    for kind in ORDER if not only else (Kind(only),):
        of_kind = [document for document in documents if document.kind == kind]
        if not of_kind and kind != Kind.NARRATIVE_STATEMENT:
            found.append(_to_come(appraisal, kind))
        found += [_discussion(appraisal, each, events.get(each.pk, {})) for each in of_kind]
    return found


def _to_come(appraisal: Appraisal, kind: Kind) -> Discussion:
    return Discussion(
        str(kind.label),
        "Not begun",
        (
            Signature("Rating official", appraisal.rating_official.full_name),
            Signature("Higher level reviewer", _name(appraisal.higher_level_reviewer)),
            Signature("Employee", appraisal.employee.full_name),
        ),
    )


def _discussion(appraisal: Appraisal, document: Document, events: Events) -> Discussion:
    acknowledgment = events.get("acknowledge") if document.acknowledged_on else None
    on_behalf = events.get("record_acknowledgment") if document.acknowledged_for_employee else None
    return Discussion(
        document.title,
        str(State(document.state).label),
        (
            _discussed(appraisal, document, events),
            _reviewed(appraisal, document, events),
            _acknowledged(appraisal, document),
        ),
        comment=acknowledgment.reason if acknowledgment else "",
        reason=on_behalf.reason if on_behalf else "",
        recorded_by=on_behalf.by.full_name if on_behalf else "",
    )


def _discussed(appraisal: Appraisal, document: Document, events: Events) -> Signature:
    event = events.get("communicate") if document.communicated_on else None
    name = (event.by if event else appraisal.rating_official).full_name
    if document.communicated_on is None:
        return Signature("Rating official", name)
    how = document.get_communicated_method_display()
    if document.communicated_other:
        how = f"{how}: {document.communicated_other}"
    return Signature("Rating official", name, document.communicated_on, f"Discussed: {how}")


def _reviewed(appraisal: Appraisal, document: Document, events: Events) -> Signature:
    role, name = "Higher level reviewer", _name(appraisal.higher_level_reviewer)
    event = events.get("approve")
    if document.approved_on and event:
        return Signature(role, event.by.full_name, document.approved_on, "Approved")
    asked = rules.needs_review(document.policy.rules(), document.kind)
    return Signature(role, name, asked=asked and document.approved_on is None)


def _acknowledged(appraisal: Appraisal, document: Document) -> Signature:
    name = appraisal.employee.full_name
    if document.acknowledged_on is None:
        return Signature("Employee", name)
    how = (
        "Recorded on the employee’s behalf"
        if document.acknowledged_for_employee
        else "Acknowledged"
    )
    return Signature("Employee", name, document.acknowledged_on, how)


def _name(person: Person | None) -> str:
    return person.full_name if person else "Not named"
