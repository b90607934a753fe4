"""Part B: who certified each documented discussion, when and how (R4.1 to R4.6, R15.4).

A step that is not taken yet leaves a line to sign on, for those without a computer (R4.7).
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from appraisals import rules
from appraisals.models import Appraisal, AppraisalEvent, ApprovalWay, Document, Kind, Method, State
from orgchart.models import Person

Events = list[AppraisalEvent]
SIGNED = ("acknowledge", "record_signature")


@dataclass(frozen=True)
class Signature:
    """`on` None: still to be signed. `asked` False: policy does not ask for this signature."""

    role: str
    name: str
    on: dt.date | None = None
    how: str = ""
    asked: bool = True


@dataclass(frozen=True)
class Difference:
    """What the employee says was not as somebody else entered it (R4.6)."""

    on: dt.date
    what: str


@dataclass(frozen=True)
class Discussion:
    title: str
    state: str
    signatures: tuple[Signature, Signature, Signature]
    comment: str = ""
    reason: str = ""
    recorded_by: str = ""
    differences: tuple[Difference, ...] = ()


def events_by_document(appraisal: Appraisal) -> dict[int, Events]:
    """In the order in which they happened."""
    found: dict[int, Events] = {}
    events = appraisal.events.filter(document__isnull=False).order_by("pk")
    for event in events.select_related("by", "on_behalf_of"):
        found.setdefault(event.document_id or 0, []).append(event)
    return found


ORDER = (
    Kind.PERFORMANCE_PLAN,
    Kind.PLAN_CHANGE,
    Kind.PROGRESS_REVIEW,
    Kind.NARRATIVE_STATEMENT,
    Kind.ANNUAL_APPRAISAL,
)


ONLY_WHEN_HELD = (Kind.PLAN_CHANGE, Kind.NARRATIVE_STATEMENT)


def discussions_of(
    appraisal: Appraisal, documents: list[Document], events: dict[int, Events], *, only: str = ""
) -> list[Discussion]:
    """The plan, every review and statement, the annual appraisal; a blank one for what is to come.

    `only` is the kind of the one document the form is of.
    """
    found = []
    for kind in ORDER if not only else (Kind(only),):
        of_kind = [document for document in documents if document.kind == kind]
        if not of_kind and kind not in ONLY_WHEN_HELD:
            found.append(_to_come(appraisal, kind))
        found += [_discussion(appraisal, each, events.get(each.pk, [])) for each in of_kind]
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
    acknowledgment = _newest(events, *SIGNED) if document.acknowledged_on else None
    on_behalf = (
        _newest(events, "record_acknowledgment") if document.acknowledged_for_employee else None
    )
    return Discussion(
        document.title,
        str(State(document.state).label),
        (
            _discussed(appraisal, document, events),
            _reviewed(appraisal, document, events),
            _acknowledged(appraisal, document, events),
        ),
        comment=acknowledgment.reason if acknowledgment else "",
        reason=_why_on_behalf(on_behalf) if on_behalf else "",
        recorded_by=on_behalf.by.full_name if on_behalf else "",
        differences=tuple(
            Difference(timezone.localdate(event.at), event.reason)
            for event in events
            if event.name == "note_difference"
        ),
    )


def _discussed(appraisal: Appraisal, document: Document, events: Events) -> Signature:
    event = _newest(events, "communicate") if document.communicated_on else None
    whose = event and (event.on_behalf_of or event.by)
    name = (whose or appraisal.rating_official).full_name
    if document.communicated_on is None:
        return Signature("Rating official", name)
    how = document.get_communicated_method_display()
    if document.communicated_other:
        how = f"{how}: {document.communicated_other}"
    how = f"Discussed: {how}{_recorded(event)}"
    return Signature("Rating official", name, document.communicated_on, how)


def _reviewed(appraisal: Appraisal, document: Document, events: Events) -> Signature:
    role, name = "Higher level reviewer", _name(appraisal.higher_level_reviewer)
    event = _newest(events, "approve", "record_approval")
    if document.approved_on and event:
        return Signature(role, _signed_by(event), document.approved_on, _approved(event))
    asked = rules.needs_review(document.policy.rules(), document.kind)
    return Signature(role, name, asked=asked and document.approved_on is None)


def _approved(event: AppraisalEvent) -> str:
    """R8.4: an approval given outside says how, and who recorded it."""
    if event.name == "approve":
        return "Approved"
    method = event.details.get("method", "")
    how = ApprovalWay(method).label.lower() if method in ApprovalWay.values else "outside"
    return f"Approved: {event.details.get('other') or how}{_recorded(event)}"


def _acknowledged(appraisal: Appraisal, document: Document, events: Events) -> Signature:
    name = appraisal.employee.full_name
    if document.acknowledged_on is None:
        return Signature("Employee", name)
    event = _newest(events, *SIGNED)
    how = "Acknowledged"
    if document.acknowledged_for_employee:
        how = "Recorded on the employee’s behalf"
    elif event and event.name == "record_signature":
        how, name = f"Signed on paper{_recorded(event)}", _signed_by(event)
    return Signature("Employee", name, document.acknowledged_on, how)


def _newest(events: Events, *names: str) -> AppraisalEvent | None:
    return next((event for event in reversed(events) if event.name in names), None)


def _signed_by(event: AppraisalEvent) -> str:
    """The name on the paper, else of whoever took the step here."""
    return str(event.details.get("signed_by") or event.by.full_name)


def _recorded(event: AppraisalEvent | None) -> str:
    """Who entered another's part (R4.6, R4.7, R8.4)."""
    if event is None or (event.on_behalf_of is None and not event.details.get("on_paper")):
        return ""
    return f"; recorded by {event.by.full_name}"


def _why_on_behalf(event: AppraisalEvent) -> str:
    """R4.6: the reason, how the employee was asked, and who was there."""
    method, witness = event.details.get("method", ""), event.details.get("witness", "")
    parts = [event.reason.rstrip(".")]
    if method in Method.values:
        parts.append(f"Asked: {event.details.get('other') or Method(method).label.lower()}")
    if witness:
        parts.append(f"Witness: {witness}")
    return ". ".join(part for part in parts if part)


def _name(person: Person | None) -> str:
    return person.full_name if person else "Not named"
