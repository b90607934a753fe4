"""When work is not good enough (R10): the page of a record, and what is begun and added on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals import rules
from appraisals.forms.assistance import (
    ExtensionForm,
    MeetingForm,
    OpportunityForm,
    TalkForm,
    WordForm,
)
from appraisals.models import (
    ActionInstance,
    Appraisal,
    Document,
    Element,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    SectionKind,
    State,
)
from appraisals.models.scope import Party
from appraisals.opportunities import Step, next_step
from appraisals.permissions import (
    may_assist,
    may_follow_action,
    may_say_a_word,
    parties,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.rules.words import counted
from appraisals.selectors import policy_for, with_last_event
from appraisals.services.actions import may_be_proposed
from appraisals.services.assistance import (
    extend_opportunity,
    open_opportunity,
    record_meeting,
    say_a_word,
    start_early_talk,
    start_result,
)
from appraisals.services.records import record_view
from appraisals.views.record import crumbs_for, document_row, knows_of_assistance
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person, visible_appraisal
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

TITLE = "When work is not good enough"


def assistance_url(appraisal: Appraisal) -> str:
    return reverse("assistance", args=[appraisal.pk])


def known_appraisal(request: HttpRequest, pk: int) -> Appraisal:
    """The record of somebody who may know whether there is any of this; to others there is no such page."""
    user, appraisal = person(request), visible_appraisal(request, pk)
    if not knows_of_assistance(user, appraisal):
        raise Http404
    show_cycle(request, appraisal.cycle)
    return appraisal


def assisted_appraisal(request: HttpRequest, pk: int) -> Appraisal:
    """For the rating official alone."""
    appraisal = known_appraisal(request, pk)
    if not may_assist(person(request), appraisal):
        raise PermissionDenied
    return appraisal


def seen_period(request: HttpRequest, pk: int) -> OpportunityPeriod:
    periods = OpportunityPeriod.objects.visible_to(person(request)).loaded()
    period = get_object_or_404(periods, pk=pk)
    period.notice.appraisal = known_appraisal(request, period.notice.appraisal_id)
    return period


def _assisted_period(request: HttpRequest, pk: int) -> OpportunityPeriod:
    period = seen_period(request, pk)
    if not may_assist(person(request), period.notice.appraisal):
        raise PermissionDenied
    return period


def given_in(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def crumbs_of(appraisal: Appraisal, user: Person, *last: str) -> list[dict[str, str]]:
    first, record, *_ = crumbs_for(appraisal, user, "")
    page = {"label": TITLE, "url": assistance_url(appraisal) if last else ""}
    return [first, record, page, *({"label": label, "url": ""} for label in last)]


def answered(
    request: HttpRequest, form: Form, appraisal: Appraisal, heading: str, lead: str, **more: Any
) -> HttpResponse:
    """One form on a page of its own; status 422 while something in it is wrong."""
    context = {
        "form": form,
        "appraisal": appraisal,
        "heading": heading,
        "lead": lead,
        "back": assistance_url(appraisal),
        "crumbs": crumbs_of(appraisal, person(request), heading),
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/assistance/form.html", context, status=status)


@require_safe
def assistance(request: HttpRequest, pk: int) -> HttpResponse:
    user, appraisal = person(request), known_appraisal(request, pk)
    record_view(appraisal, by=user, page="record")
    policy = policy_for(appraisal.organization, on=clock.today()).rules()
    actions = _actions(appraisal, user)
    seen = OpportunityPeriod.objects.visible_to(user).of_employee(appraisal.employee)
    periods = list(seen.loaded())
    here = [period for period in periods if period.notice.appraisal_id == appraisal.pk]
    for period in here:
        period.notice.appraisal = appraisal
    rows = [period_row(period, user, actions) for period in here]
    context = {
        "appraisal": appraisal,
        "own": Party.EMPLOYEE in parties(user, appraisal),
        "crumbs": crumbs_of(appraisal, user),
        "periods": rows,
        "actions": [_action_row(action, user) for action in actions],
        "documents": _documents(appraisal, user),
        "says": policy_words(policy),
        "may_assist": may_assist(user, appraisal),
        "may_open": not any(period.is_open for period in periods),
        "proposal": may_be_proposed(periods, policy) if may_assist(user, appraisal) else None,
        "today": clock.today(),
    }
    return render(request, "appraisals/assistance/detail.html", context)


def _actions(appraisal: Appraisal, user: Person) -> list[ProposedAction]:
    seen = Document.objects.visible_to(user).filter(appraisal=appraisal)
    instances = Prefetch("instances", ActionInstance.objects.select_related("element"))
    found = list(
        ProposedAction.objects.filter(document__in=seen)
        .select_related("document__policy")
        .prefetch_related(instances)
        .order_by("pk")
    )
    for action in found:
        action.document.appraisal = appraisal
    return found


def period_row(
    period: OpportunityPeriod, user: Person, actions: list[ProposedAction]
) -> dict[str, Any]:
    appraisal = period.notice.appraisal
    step = next_step(period, actions)
    mine = step.party is not None and step.party in parties(user, appraisal)
    held = list(period.meetings.all())
    return {
        "period": period,
        "elements": elements_of(period),
        "step": step,
        "mine": mine,
        "holder": _holder(step, appraisal),
        "url": _step_url(step, period) if mine else "",
        "is_post": step.name == "opportunity_result_start",
        "meetings": held,
        "planned": period.meeting_days[len(held) :],
        "may_say": may_say_a_word(user, appraisal),
        "may_extend": may_assist(user, appraisal)
        and period.is_open
        and period.began_on is not None
        and period.its_result is None,
    }


def elements_of(period: OpportunityPeriod) -> list[Element]:
    return [
        section.element
        for section in period.notice.sections.all()
        if section.kind == SectionKind.SHORTFALL and section.element
    ]


def _holder(step: Step, appraisal: Appraisal) -> str:
    whose: Person | None = getattr(appraisal, step.party.value) if step.party else None
    return whose.full_name if whose else ""


def _step_url(step: Step, period: OpportunityPeriod) -> str:
    if step.document is not None:
        return step.document.get_absolute_url()
    if step.name == "action_propose":
        return reverse(step.name, args=[period.notice.appraisal_id])
    return reverse(step.name, args=[period.pk]) if step.name else ""


def _action_row(action: ProposedAction, user: Person) -> dict[str, Any]:
    action.document.appraisal = action.document.appraisal
    is_told = action.document.communicated_on is not None
    return {
        "action": action,
        "dates": action.dates,
        "may_add": may_assist(user, action.document.appraisal)
        and action.document.state == State.DRAFT,
        "may_follow": is_told and may_follow_action(user, action.document.appraisal),
    }


def _documents(appraisal: Appraisal, user: Person) -> list[dict[str, Any]]:
    found = with_last_event(
        Document.objects.visible_to(user).confidential().filter(appraisal=appraisal)
    ).select_related("policy")
    return [document_row(each, appraisal, user, today=clock.today()) for each in found]


def policy_words(policy: rules.Policy) -> list[str]:
    """What the policy in force today says of it, in sentences."""
    days = policy.opportunity_target_days
    said = [
        "An opportunity period comes before a removal or a lower grade (R10.2)."
        if policy.opportunity_period_required
        else "No opportunity period is asked for before an action (R10.6). One may be given all the same.",
        f"It lasts {counted(days, 'day')} as a rule. The law names no length.",
        f"An opportunity counts for {counted(policy.opportunity_holds_days, 'day')} from its start (R10.4).",
        f"An action is proposed within {counted(policy.proposal_days, 'day')} of a failed opportunity (R10.6), "
        f"with {counted(policy.notice_days, 'day')} of notice. The employee has "
        f"{counted(policy.reply_days, 'day')} to reply; the decision is due in "
        f"{counted(policy.decision_days, 'day')}.",
    ]
    if policy.hr_consultation_required:
        said.insert(0, "Human resources is consulted before an opportunity period (R10.1).")
    return said


def _offered(appraisal: Appraisal) -> list[Element]:
    plan = plan_of(appraisal)
    return [each for each in plan_elements(plan) if each.accepted] if plan else []


def early_talk_start(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = assisted_appraisal(request, pk)
    form = TalkForm(given_in(request), offered=_offered(appraisal))
    if request.method == "POST" and form.is_valid():
        try:
            talk = start_early_talk(appraisal, form.chosen(), by=person(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(talk)
    lead = (
        "Say early what is not good enough and agree on help. It is no notice and no rating. The employee "
        "reads it when you have recorded the talk."
    )
    return answered(request, form, appraisal, "Prepare an early talk", lead)


def opportunity_open(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = assisted_appraisal(request, pk)
    policy = policy_for(appraisal.organization, on=clock.today()).rules()
    form = OpportunityForm(given_in(request), offered=_offered(appraisal), policy=policy)
    if request.method == "POST" and form.is_valid():
        try:
            period = open_opportunity(
                appraisal, form.chosen(), terms=form.terms(), by=person(request)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Begun. Write the notice next; nobody else is told yet.")
            return redirect(period.notice)
    lead = (
        "A reasonable opportunity to show acceptable work, with help. You write the notice next. The period "
        "begins on the day on which you give it to the employee."
    )
    return answered(
        request, form, appraisal, "Open an opportunity period", lead, says=policy_words(policy)
    )


def opportunity_meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    period = _assisted_period(request, pk)
    appraisal, began_on = period.notice.appraisal, period.began_on
    if began_on is None or not period.is_open:
        raise Refused("This opportunity period is not running, so no meeting can be recorded.")
    form = MeetingForm(given_in(request), began_on=began_on)
    if request.method == "POST" and form.is_valid():
        record_meeting(period, by=person(request), **form.cleaned_data)
        messages.success(request, "Recorded. The employee can read it and add a word.")
        return redirect("assistance", pk=appraisal.pk)
    lead = (
        f"Opportunity period until {period.ends_on:%-d %B %Y}, with {appraisal.employee.full_name}."
    )
    return answered(request, form, appraisal, "Record a meeting", lead)


def meeting_answer(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(OpportunityMeeting.objects.select_related("recorded_by"), pk=pk)
    period = seen_period(request, meeting.period_id)
    appraisal = period.notice.appraisal
    if not may_say_a_word(person(request), appraisal):
        raise PermissionDenied
    form = WordForm(given_in(request))
    if request.method == "POST" and form.is_valid():
        say_a_word(meeting, text=form.cleaned_data["text"], by=person(request))
        messages.success(request, "On the record, below the account of the meeting.")
        return redirect("assistance", pk=appraisal.pk)
    lead = (
        f"Meeting of {meeting.held_on:%-d %B %Y}, as {meeting.recorded_by.full_name} recorded it."
    )
    return answered(request, form, appraisal, "Your word on a meeting", lead, text=meeting.account)


def opportunity_extend(request: HttpRequest, pk: int) -> HttpResponse:
    period = _assisted_period(request, pk)
    appraisal = period.notice.appraisal
    form = ExtensionForm(given_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            extend_opportunity(period, by=person(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "The period lasts longer now, and the employee is told.")
            return redirect("assistance", pk=appraisal.pk)
    until = f"It ends on {period.ends_on:%-d %B %Y} now." if period.ends_on else ""
    return answered(request, form, appraisal, "Give more time", until)


@require_POST
def opportunity_result_start(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(start_result(_assisted_period(request, pk), by=person(request)))
