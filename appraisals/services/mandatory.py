"""HR writes mandatory elements and puts them into every plan they bind (R3.8).

A draft holds it at once. A plan that was sent up or approved gets a plan change that HR's authority has
approved, which is in force when it was discussed, and one acknowledgment. Of a plan that holds it in words of its
own, the rating official is told to look at them.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now
from django.utils.text import slugify

from appraisals.bound import WORK, Outcome, bound_plans, look_key, outcomes
from appraisals.models import (
    WALK,
    Document,
    Element,
    ElementAction,
    ElementChange,
    MandatoryElement,
    MandatoryPush,
    MandatoryWording,
    SectionKind,
    State,
)
from appraisals.notifications import tell
from appraisals.permissions import may_administer
from appraisals.rules import normalize_text
from appraisals.services.plan_change import open_plan_change
from appraisals.services.writing import lock_document, next_number
from appraisals.versions import content_of, write_version
from appraisals.workflow import advance, record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.heart import Heart
from orgchart.models import Organization, Person
from orgchart.services.shared import record

Lasting = tuple[dt.date, dt.date | None]


@transaction.atomic
def create_mandatory(
    organization: Organization,
    *,
    applies_to: str,
    lasts: Lasting,
    rule: str,
    texts: Mapping[str, str],
    by: Person,
) -> MandatoryElement:
    """New plans hold it from its first day on; plans that exist when it is put in."""
    if not may_administer(by, organization):
        raise PermissionDenied
    row = MandatoryElement(
        code=_code(texts["title"]),
        rule=rule,
        organization=organization,
        applies_to=applies_to,
        starts_on=lasts[0],
        ends_on=lasts[1],
        **{name: normalize_text(texts[name]) for name in MandatoryWording.CONTENT},
    )
    row.save()
    _keep_wording(row, by=by)
    _note("mandatory_element_written", row, by=by)
    return row


def _code(title: str) -> str:
    base = slugify(title)[:30] or "element"
    taken = set(
        MandatoryElement.objects.filter(code__startswith=base).values_list("code", flat=True)
    )
    tries = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in tries if code not in taken)


@transaction.atomic
def reword_mandatory(
    row: MandatoryElement, *, lasts: Lasting, texts: Mapping[str, str], by: Person
) -> MandatoryElement:
    """Plans keep what they say until it is put in again."""
    locked = MandatoryElement.objects.select_for_update().get(pk=row.pk)
    if not may_administer(by, locked.organization):
        raise PermissionDenied
    if not locked.wordings.exists():
        _keep_wording(locked, by=None)
    locked.starts_on, locked.ends_on = lasts
    for name in MandatoryWording.CONTENT:
        setattr(locked, name, normalize_text(texts[name]))
    locked.save()
    _keep_wording(locked, by=by)
    _note("mandatory_element_reworded", locked, by=by)
    return locked


def _keep_wording(row: MandatoryElement, *, by: Person | None) -> None:
    texts = {name: getattr(row, name) for name in MandatoryWording.CONTENT}
    newest = row.wordings.last()
    if newest is None or any(getattr(newest, name) != text for name, text in texts.items()):
        MandatoryWording.objects.create(element=row, by=by, at=clock.now(), **texts)


def _note(what: str, row: MandatoryElement, *, by: Person, **detail: Any) -> None:
    record(what, by=by, organization=row.organization, name=row.title, **detail)


# --------------------------------------------------------------------------------- putting it in


@transaction.atomic
def begin_push(
    row: MandatoryElement, *, reason: str, by: Person, request_key: uuid.UUID
) -> MandatoryPush:
    """A repeated key, or a round that is under way, gives that round."""
    locked = MandatoryElement.objects.select_for_update().get(pk=row.pk)
    if not may_administer(by, locked.organization):
        raise PermissionDenied
    begun = (
        MandatoryPush.objects.filter(request_key=request_key).first()
        or locked.pushes.filter(state=MandatoryPush.State.WORKING).first()
    )
    if begun:
        return begun
    today = clock.today()
    if locked.starts_on > today or (locked.ends_on and locked.ends_on < today):
        raise Refused("This element is not in force today, so no plan must hold it.")
    if not locked.wordings.exists():
        _keep_wording(locked, by=None)
    counts = outcomes(bound_plans(locked, by=by))
    total = sum(counts[outcome] for outcome in WORK)
    if not total:
        raise Refused("Every plan that it binds holds it or is on its way to. Nothing was begun.")
    push = MandatoryPush.objects.create(
        element=locked,
        by=by,
        reason=reason,
        request_key=request_key,
        started_at=clock.now(),
        total=total,
        step="Waiting for a worker",
    )
    _note("mandatory_element_pushed", locked, by=by, plans=total, reason=reason)
    return push


def due() -> list[int]:
    """Rounds that nobody is at work on."""
    return list(MandatoryPush.objects.filter(MandatoryPush.free()).values_list("pk", flat=True))


def claim(pk: int) -> MandatoryPush | None:
    """This worker's, if nobody else is at work on it. Heartbeats go by the database's clock, not the practice clock."""
    mine = MandatoryPush.objects.filter(MandatoryPush.free(), pk=pk).update(
        heartbeat=Now(), attempts=F("attempts") + 1
    )
    if not mine:
        return None
    return MandatoryPush.objects.select_related("element__organization", "by").get(pk=pk)


def work_on(push: MandatoryPush) -> None:
    """Each plan in a transaction of its own, looked at again behind its lock: done twice is done once."""
    row, by = push.element, push.by
    if not may_administer(by, row.organization):
        _finish(push)
        return
    plans = bound_plans(row, by=by).filter(outcome__in=[each.value for each in WORK])
    with Heart(push, "attempts") as heart:
        for pk in list(plans.order_by("pk").values_list("pk", flat=True)):
            if heart.is_lost:
                return
            outcome = _put_into(push, pk)
            push.put_in += outcome == Outcome.AT_ONCE
            push.changed += outcome == Outcome.CHANGE
            push.told += outcome == Outcome.TO_LOOK_AT
            heart("Putting it into plans", _done(push), push.total)
            MandatoryPush.objects.filter(pk=push.pk, attempts=push.attempts).update(
                put_in=push.put_in, changed=push.changed, told=push.told
            )
    _finish(push)


def _finish(push: MandatoryPush) -> None:
    MandatoryPush.objects.filter(pk=push.pk, attempts=push.attempts).update(
        state=MandatoryPush.State.DONE,
        finished_at=clock.now(),
        put_in=push.put_in,
        changed=push.changed,
        told=push.told,
        done=_done(push),
    )


def _done(push: MandatoryPush) -> int:
    return push.put_in + push.changed + push.told


@transaction.atomic
def _put_into(push: MandatoryPush, pk: int) -> str:
    """What was done to this plan; "" when somebody was quicker."""
    row, by = push.element, push.by
    plan = lock_document(Document(pk=pk))
    found = bound_plans(row, by=by).filter(pk=pk).values_list("outcome", flat=True).first()
    if found == Outcome.AT_ONCE:
        _into_draft(row, plan, by=by)
    elif found == Outcome.CHANGE:
        _as_change(push, plan)
    elif found == Outcome.TO_LOOK_AT:
        _tell_to_look(row, plan)
    else:
        return ""
    return str(found)


def _texts(row: MandatoryElement) -> dict[str, Any]:
    supervisory = row.applies_to == MandatoryElement.AppliesTo.SUPERVISORS
    texts = {name: getattr(row, name) for name in MandatoryWording.CONTENT}
    return {**texts, "is_supervisory": supervisory}


def _held(row: MandatoryElement, plan: Document) -> Element | None:
    return plan.elements.filter(mandatory=row, removed_at=None, accepted=True).first()


def _into_draft(row: MandatoryElement, plan: Document, *, by: Person) -> None:
    element = _held(row, plan)
    name = "reword_mandatory" if element else "add_element"
    if element is None:
        element = Element(plan=plan, number=next_number(plan), mandatory=row)
    for field, value in _texts(row).items():
        setattr(element, field, value)
    write_version(element, plan, by=by)
    record_event(plan, name=name, by=by, details={"element": element.pk, "title": element.title})


def _as_change(push: MandatoryPush, plan: Document) -> None:
    row, by = push.element, push.by
    document = open_plan_change(plan.appraisal, by=by)
    document.mandatory = row
    document.save(update_fields=["mandatory"])
    element = _held(row, plan)
    change = ElementChange(
        document=document,
        action=ElementAction.REWORD if element else ElementAction.ADD,
        element=element,
        mandatory=row,
        made_from=element.version if element else None,
        was=content_of(element) if element else {},
        goal=element.goal if element else None,
        **_texts(row),
    )
    write_version(change, document, by=by)
    reason = document.sections.get(kind=SectionKind.CHANGE_REASON)
    reason.text = push.reason
    write_version(reason, document, by=by)
    advance(document, "put_in", by=by)


def _tell_to_look(row: MandatoryElement, plan: Document) -> None:
    """Words that a rating official adapted stay; that they still say what they must is theirs to see."""
    record = plan.appraisal
    tell(
        record.rating_official,
        "element_adapted",
        key=f"{look_key(row)}{plan.pk}",
        link=plan.get_absolute_url(),
        policy=plan.policy.rules(),
        title=row.title,
        employee=record.employee.full_name,
    )


def waiting(row: MandatoryElement) -> dict[str, int]:
    """How far the plan changes that hold it are: to be discussed, to be acknowledged, acknowledged."""
    walking = Document.objects.filter(mandatory=row).exclude(state=State.CLOSED)
    counted = dict(walking.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in WALK}
