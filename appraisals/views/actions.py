"""What may follow: a proposed action with its instances and its end, and a rating between the yearly ones."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from appraisals.forms.assistance import (
    ActionForm,
    CurrentRatingForm,
    FollowUpForm,
    InstanceForm,
)
from appraisals.models import (
    ActionInstance,
    ActionKind,
    Document,
    Element,
    ProposedAction,
    SectionKind,
    State,
)
from appraisals.permissions import may_assist, may_follow_action
from appraisals.problems import plan_elements, plan_of
from appraisals.services.actions import (
    add_instance,
    follow_action,
    propose_action,
    remove_instance,
    start_current_rating,
)
from appraisals.views.assistance import answered, assisted_appraisal, given_in, known_appraisal
from appraisals.views.shared import person
from orgchart.errors import Refused


def action_propose(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = assisted_appraisal(request, pk)
    plan = plan_of(appraisal)
    offered = [each for each in plan_elements(plan) if each.accepted] if plan else []
    form = ActionForm(given_in(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        kind = ActionKind(form.cleaned_data["action"])
        try:
            action = propose_action(appraisal, kind, form.chosen(), by=person(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Begun. Name the instances it rests on, then write why.")
            return redirect("action_instances", pk=action.pk)
    lead = (
        "Write it with your labor and employee relations office. It goes to the higher level reviewer first; "
        "the days of notice begin when you give it to the employee."
    )
    return answered(request, form, appraisal, "Propose an action", lead)


def _seen_action(request: HttpRequest, pk: int) -> ProposedAction:
    seen = Document.objects.visible_to(person(request))
    action = get_object_or_404(
        ProposedAction.objects.filter(document__in=seen).select_related("document__policy"), pk=pk
    )
    action.document.appraisal = known_appraisal(request, action.document.appraisal_id)
    return action


def _about(action: ProposedAction) -> list[Element]:
    sections = action.document.sections.filter(kind=SectionKind.GROUNDS).select_related("element")
    return [each.element for each in sections if each.element]


def action_instances(request: HttpRequest, pk: int) -> HttpResponse:
    action = _seen_action(request, pk)
    appraisal = action.document.appraisal
    if not may_assist(person(request), appraisal):
        raise PermissionDenied
    form = InstanceForm(given_in(request), offered=_about(action))
    if request.method == "POST" and form.is_valid():
        try:
            add_instance(
                action,
                element=form.element_chosen(),
                happened_on=form.cleaned_data["happened_on"],
                what=form.cleaned_data["what"],
                by=person(request),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Added.")
            return redirect("action_instances", pk=action.pk)
    return answered(
        request,
        form,
        appraisal,
        "Instances the proposal rests on",
        "Each with its day, of the year before the notice (R10.3).",
        instances=action.instances.select_related("element"),
        document=action.document,
        may_add=action.document.state == State.DRAFT,
    )


@require_POST
def instance_remove(request: HttpRequest, pk: int) -> HttpResponse:
    instance = get_object_or_404(ActionInstance, pk=pk)
    action = _seen_action(request, instance.action_id)
    instance.action = action
    remove_instance(instance, by=person(request))
    messages.success(request, "Taken out. What it said stays in the history.")
    return redirect("action_instances", pk=action.pk)


def action_follow(request: HttpRequest, pk: int) -> HttpResponse:
    action = _seen_action(request, pk)
    appraisal = action.document.appraisal
    if not may_follow_action(person(request), appraisal):
        raise PermissionDenied
    form = FollowUpForm(given_in(request), action=action)
    if request.method == "POST" and form.is_valid():
        follow_action(action, form.given(), by=person(request))
        messages.success(request, "Saved. The employee and the rating official are told.")
        return redirect("assistance", pk=appraisal.pk)
    lead = f"{action} of {appraisal.employee.full_name}. Enter what is known; the rest can follow."
    return answered(
        request, form, appraisal, "What came of the proposed action", lead, dates=action.dates
    )


def current_rating_start(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = assisted_appraisal(request, pk)
    form = CurrentRatingForm(given_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            document = start_current_rating(appraisal, why=form.reason(), by=person(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(document)
    lead = (
        "A rating of record beside the yearly one, for a decision that cannot wait. It is rated, reviewed "
        "and discussed like every rating, and takes effect when you tell it. The yearly rating still comes."
    )
    return answered(request, form, appraisal, "Prepare a more current rating", lead)
