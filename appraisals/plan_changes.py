"""A plan as a change would make it, and the change coming into force (R3.9).

While a change walks, the plan in force stays as it is. Once the discussion with the employee is recorded,
its elements hold the new texts; inputs and ratings name the version they were written for.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Prefetch, prefetch_related_objects

from appraisals import rules
from appraisals.models import (
    Document,
    Element,
    ElementAction,
    ElementChange,
    Kind,
    Section,
    State,
)
from appraisals.sections import SECTIONS
from appraisals.versions import content_of, write_version
from orgchart import clock
from orgchart.errors import Refused


@dataclass(frozen=True)
class Planned:
    """An element of the plan as it shall be: one that stays, or what the change makes of it."""

    number: int
    item: Element | ElementChange

    @property
    def change(self) -> ElementChange | None:
        return self.item if isinstance(self.item, ElementChange) else None


CHANGES = Prefetch(
    "element_changes",
    ElementChange.objects.filter(removed_at__isnull=True).select_related(
        "element", "goal", "mandatory", "written_by", "written_for"
    ),
)
"""To be prefetched where `changes_of` is asked of many documents."""


def changes_of(document: Document) -> list[ElementChange]:
    """In the order of the plan, what is added last. Read once, kept on the document."""
    prefetch_related_objects([document], CHANGES)
    found = document.element_changes.all()
    return sorted(found, key=lambda each: (each.element is None, _place(each), each.pk))


def _place(change: ElementChange) -> int:
    return change.element.number if change.element else 0


def as_planned(elements: Iterable[Element], changes: Iterable[ElementChange]) -> list[Planned]:
    of_element = {each.element_id: each for each in changes if each.element_id}
    then: list[Element | ElementChange] = []
    for element in elements:
        change = of_element.get(element.pk)
        if change is None:
            then.append(element)
        elif change.action != ElementAction.REMOVE:
            then.append(change)
    then += [each for each in changes if each.action == ElementAction.ADD]
    return [Planned(number, item) for number, item in enumerate(then, start=1)]


def is_outdated(change: ElementChange) -> bool:
    """The element is no longer the one it was written against. Ask only before it is in force."""
    element = change.element
    if element is None or change.action == ElementAction.ADD:
        return False
    return element.removed_at is not None or element.version != change.made_from


def says_the_same(change: ElementChange) -> bool:
    return change.action == ElementAction.REWORD and content_of(change) == change.was


def starts_days(change: ElementChange) -> bool:
    """R1.9: a new element or another standard needs its own days before it can be rated."""
    if change.action == ElementAction.ADD:
        return True
    return change.action == ElementAction.REWORD and change.standards != change.was.get("standards")


def is_too_late(document: Document) -> bool:
    """The annual appraisal by this plan has left the hands of the rating official."""
    return any(
        each.kind == Kind.ANNUAL_APPRAISAL and each.state != State.DRAFT
        for each in document.appraisal.documents.all()
    )


def _plan_is_approved(document: Document) -> bool:
    return any(
        each.kind == Kind.PERFORMANCE_PLAN and each.approved_on is not None
        for each in document.appraisal.documents.all()
    )


def hindrance(document: Document) -> str:
    """Why a change cannot come into force; "" when it can."""
    if is_too_late(document):
        return rules.TOO_LATE
    if not _plan_is_approved(document):
        return "The plan itself is not approved yet. This change follows it."
    outdated = [change for change in changes_of(document) if is_outdated(change)]
    if not outdated:
        return ""
    titles = ", ".join(f"“{change.title}”" for change in outdated)
    return (
        f"{titles}: the plan says something else since this was approved. Withdraw this change and "
        "write it anew against the plan as it stands."
    )


# ------------------------------------------------------------------------------ coming into force


def put_into_force(document: Document) -> Document:
    """Write the change into the plan; the caller holds the lock of `document`. Returns the plan."""
    plan = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .with_people()
        .get(
            pk__in=[
                each.pk
                for each in document.appraisal.documents.all()
                if each.kind == Kind.PERFORMANCE_PLAN and each.state != State.CLOSED
            ]
        )
    )
    changes = changes_of(document)
    for change in changes:
        if change.element is not None:
            change.element.refresh_from_db()
    if problem := hindrance(document):
        raise Refused(problem)
    for change in changes:
        _APPLY[ElementAction(change.action)](change, plan, document.approved_on)
    _follow(document, changes)
    return plan


def _reword(change: ElementChange, plan: Document, since: dt.date | None) -> None:
    element = change.element
    assert element is not None  # noqa: S101  # the constraint: only an added element has none yet
    if starts_days(change):
        element.standard_since = since
    _write(element, change, plan)


def _add(change: ElementChange, plan: Document, since: dt.date | None) -> None:
    last = plan.elements.filter(removed_at__isnull=True).aggregate(last=Max("number"))["last"]
    change.element = Element(
        plan=plan, number=(last or 0) + 1, mandatory=change.mandatory, standard_since=since
    )
    _write(change.element, change, plan)
    change.save(update_fields=["element"])


def _write(element: Element, change: ElementChange, plan: Document) -> None:
    for name, value in content_of(change).items():
        setattr(element, name, value)
    assert change.written_by is not None  # noqa: S101  # whoever made the change
    write_version(element, plan, by=change.written_by)


def _remove(change: ElementChange, plan: Document, since: dt.date | None) -> None:
    element = change.element
    assert element is not None  # noqa: S101  # the constraint
    take_out_of_plan(element)


_APPLY = {ElementAction.REWORD: _reword, ElementAction.ADD: _add, ElementAction.REMOVE: _remove}


def take_out_of_plan(element: Element) -> None:
    """Its text and all that was written for it stay; the elements after it move up."""
    element.refresh_from_db(fields=["number"])
    element.removed_at = clock.now()
    element.save(update_fields=["removed_at"])
    for later in Element.objects.filter(
        plan=element.plan_id, removed_at__isnull=True, number__gt=element.number
    ).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])


def _follow(document: Document, changes: list[ElementChange]) -> None:
    """What is being written for the elements goes along: room for a new one, none for one that is gone.

    What was written for an element that is gone stays where it is.
    """
    added = [each.element for each in changes if each.action == ElementAction.ADD]
    gone = [each.element_id for each in changes if each.action == ElementAction.REMOVE]
    for each in Document.objects.filter(appraisal=document.appraisal, state=State.DRAFT):
        specs = [spec for spec in SECTIONS[each.kind] if spec.per_element]
        Section.objects.bulk_create(
            Section(document=each, kind=spec.kind, element=element)
            for spec in specs
            for element in added
        )
        Section.objects.filter(document=each, element__in=gone, version=0).delete()
