"""Requests for tools, training, resources and a change of the plan: asked by an employee, answered by whoever rates them."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    SectionKind,
    State,
    SupportKind,
    SupportRequest,
    SupportState,
)
from appraisals.notifications import policy_over, tell, withdraw
from appraisals.rules import normalize_text
from appraisals.rules.words import date_words
from appraisals.selectors import open_appraisals
from appraisals.services.plan_change import start_plan_change
from appraisals.services.talk import note_on_record
from appraisals.talk import official_of
from appraisals.talk_permissions import may_answer_support
from appraisals.versions import write_version
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


@transaction.atomic
def ask_support(
    *,
    by: Person,
    kind: SupportKind,
    text: str,
    element: Element | None = None,
    needed_by: dt.date | None = None,
) -> SupportRequest:
    """Due by the policy in force over the employee today, whatever is decided later."""
    official, policy = official_of(by), policy_over(by)
    if official is None:
        raise Refused(
            "Nobody rates you at the moment, so nobody could answer. Ask HR who your rating official is."
        )
    if kind == SupportKind.PLAN_CHANGE and plan_to_change(by, element) is None:
        raise Refused(
            "No plan of yours is in force that could change. While a plan is being written, propose the "
            "element there."
        )
    asked = SupportRequest.objects.create(
        employee=by,
        kind=kind,
        text=normalize_text(text),
        element=element,
        needed_by=needed_by,
        asked_on=clock.today(),
        due_on=clock.today() + dt.timedelta(days=policy.request_answer_days),
    )
    _note(asked, "ask_support", by)
    tell(
        official,
        "support_asked",
        key=f"support:{asked.pk}",
        link=asked.get_absolute_url(),
        employee=by.full_name,
        what=_kind(asked),
    )
    return asked


@transaction.atomic
def answer_support(
    asked: SupportRequest, *, by: Person, granted: bool, answer: str
) -> SupportRequest:
    held = _locked(asked)
    if not may_answer_support(by, held):
        raise PermissionDenied
    if held.state != SupportState.OPEN:
        raise Refused(f"This request is not open any more: {held.get_state_display().lower()}.")
    held.state = SupportState.GRANTED if granted else SupportState.DECLINED
    held.answer = normalize_text(answer)
    held.answered_by, held.answered_on = by, clock.today()
    held.save()
    _note(held, "answer_support", by)
    withdraw(by, link=held.get_absolute_url())
    tell(
        held.employee,
        "support_answered",
        key=f"support:{held.pk}:answer",
        link=held.get_absolute_url(),
        by=by.full_name,
        what=_kind(held),
        granted=granted,
    )
    return held


def plan_to_change(employee: Person, element: Element | None) -> Document | None:
    """The plan of this element, else the newest that is in force and not rated yet (R3.9)."""
    running = open_appraisals(Appraisal.objects.filter(employee=employee, not_rated=""))
    plans = Document.objects.filter(
        kind=Kind.PERFORMANCE_PLAN, approved_on__isnull=False, appraisal__in=running
    )
    if element is not None:
        plans = plans.filter(pk=element.plan_id)
    newest = plans.select_related("appraisal").order_by("-appraisal__cycle__starts_on", "-pk")
    return newest.first()


@transaction.atomic
def take_up_proposal(asked: SupportRequest, *, by: Person, answer: str) -> Document:
    """The employee’s proposal becomes a plan change that the rating official writes, with its words as the reason."""
    held = answer_support(asked, by=by, granted=True, answer=answer)
    plan = plan_to_change(held.employee, held.element)
    if plan is None:
        raise Refused("This plan is rated or closed meanwhile, so it does not change any more.")
    change = start_plan_change(plan.appraisal, by=by)
    reason = change.sections.get(kind=SectionKind.CHANGE_REASON)
    if change.state == State.DRAFT and not reason.text:
        asked_on = date_words(held.asked_on)
        reason.text = f"Proposed by {held.employee.full_name} on {asked_on}: {held.text}"
        write_version(reason, change, by=by)
    return change


@transaction.atomic
def end_support(asked: SupportRequest, *, by: Person) -> SupportRequest:
    """The employee takes it back while it is open, or says that what was granted has come."""
    held = _locked(asked)
    if held.employee_id != by.pk:
        raise PermissionDenied
    after = {
        SupportState.OPEN: SupportState.WITHDRAWN,
        SupportState.GRANTED: SupportState.RECEIVED,
    }
    state = after.get(SupportState(held.state))
    if state is None:
        return held
    held.state, held.ended_on = state, clock.today()
    held.save()
    _note(held, "end_support", by)
    official = official_of(by)
    if official is not None:
        withdraw(official, link=held.get_absolute_url())
    return held


def _locked(asked: SupportRequest) -> SupportRequest:
    return (
        SupportRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("employee")
        .get(pk=asked.pk)
    )


def _kind(asked: SupportRequest) -> str:
    return asked.get_kind_display().lower()


def _note(asked: SupportRequest, name: str, by: Person) -> None:
    details = {"support": _kind(asked), "answer": asked.get_state_display().lower()}
    note_on_record(asked.employee, name=name, by=by, details=details)
