"""How a plan change reads: each element as it was, as it shall be, and what that means for the rating."""

from dataclasses import dataclass, field

from django.urls import reverse

from appraisals import rules
from appraisals.models import Document, Element, ElementAction, ElementChange, State
from appraisals.permissions import may_draft_change
from appraisals.plan_changes import as_planned, changes_of, is_outdated, starts_days
from appraisals.problems import plan_elements, plan_of
from appraisals.selectors import goals_by_id
from appraisals.views.shared import after_writing
from orgchart import clock
from orgchart.models import Person

FIELD_IDS = {"goal": "goal_id"}
UNDO = {
    ElementAction.ADD: "Leave it out",
    ElementAction.REWORD: "Leave it as it is in the plan",
    ElementAction.REMOVE: "Keep it in the plan",
}
FIELDS = {"title": "Title", "description": "Description", "standards": "Standards"}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One text of an element that is another than before."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """`number` None: no longer in the plan. `says`: Added, Changed or Removed; `undo` takes that back."""

    change: ElementChange
    number: int | None
    says: str
    undo: str
    compared: list[Compared] = field(default_factory=list)
    warning: str = ""
    is_outdated: bool = False


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What changes first, then what stays as it is."""

    lines: list[Line]
    kept: list[tuple[int, Element]]
    may_draft: bool
    late: str = ""


def planning_of(document: Document, user: Person) -> Planning:
    plan = plan_of(document.appraisal)
    changes = changes_of(document)
    is_open = document.state in (State.DRAFT, State.IN_REVIEW, State.APPROVED)
    planned = as_planned(plan_elements(plan) if plan and is_open else [], changes)
    places = {each.change.pk: each.number for each in planned if each.change} if is_open else {}
    return Planning(
        lines=[_line(each, document, places.get(each.pk), is_open=is_open) for each in changes],
        kept=[(each.number, each.item) for each in planned if isinstance(each.item, Element)],
        may_draft=may_draft_change(user, document),
        late=_late(document) if is_open and any(starts_days(each) for each in changes) else "",
    )


def _late(document: Document) -> str:
    approved_on = document.approved_on or clock.today()
    ends_on = document.appraisal.cycle.ends_on
    return rules.late_change_warning(approved_on, ends_on, document.policy.rules())


def _line(change: ElementChange, document: Document, number: int | None, *, is_open: bool) -> Line:
    return Line(
        change=change,
        number=number,
        says=str(ElementAction(change.action).label),
        undo=UNDO[ElementAction(change.action)],
        compared=compared(change) if change.action == ElementAction.REWORD else [],
        warning=_warning(change, document),
        is_outdated=is_open and is_outdated(change),
    )


def _warning(change: ElementChange, document: Document) -> str:
    """R1.5, R1.9: said before it is approved as if that were today."""
    if not starts_days(change):
        return ""
    since = document.approved_on or clock.today()
    ends_on = document.appraisal.cycle.ends_on
    return rules.standard_too_new(since, ends_on, document.policy.rules())


def compared(change: ElementChange) -> list[Compared]:
    was = change.was
    found = [
        Compared(label=label, old=str(was.get(name, "")), new=getattr(change, name))
        for name, label in FIELDS.items()
        if was.get(name, "") != getattr(change, name)
    ]
    if was.get("goal_id") != change.goal_id:
        found.append(_goals(was.get("goal_id"), change.goal_id))
    if was.get("is_supervisory", False) != change.is_supervisory:
        words = {True: "Supervisory", False: "Not supervisory"}
        old, new = words[bool(was.get("is_supervisory"))], words[change.is_supervisory]
        found.append(Compared(label="Kind of element", old=old, new=new))
    return found


def _goals(old: int | None, new: int | None) -> Compared:
    known = goals_by_id(each for each in (old, new) if each is not None)
    titles = [known[each].title if each in known else "No goal" for each in (old, new)]
    return Compared(label="Goal it serves", old=titles[0], new=titles[1])


def change_url(problem: rules.Problem, document: Document) -> str:
    """Where a problem of a change is put right; of an element that does not change yet, where it stands."""
    plan = plan_of(document.appraisal)
    planned = as_planned(plan_elements(plan) if plan else [], changes_of(document))
    found = next((each.item for each in planned if each.number == problem.element), None)
    if isinstance(found, ElementChange):
        return f"{reverse('change_edit', args=[found.pk])}#id_{FIELD_IDS.get(problem.field, problem.field)}"
    if found is not None:
        return f"{after_writing(document)}#element-{found.pk}"
    return reverse("change_add", args=[document.pk])
