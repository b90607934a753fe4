"""HR writes a policy edition: begun as a draft, looked at with what it would change, scheduled, withdrawn."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from appraisals.editions import Reach, reach_of_draft
from appraisals.forms.policy import (
    BOOK,
    IN_FORCE,
    BeginPolicyForm,
    PolicyForm,
    differences,
    initial_of,
)
from appraisals.forms.reasons import ReasonForm
from appraisals.jobs import count_effects
from appraisals.models import PolicyDraft, PolicyEdition, PolicyForecast
from appraisals.rules import SWITCHES, Policy
from appraisals.services.foreseeing import count_again, forecast_of
from appraisals.services.policy import (
    ChangedMeanwhile,
    begin_draft,
    discard_draft,
    save_draft,
    schedule_edition,
    withdraw_edition,
)
from appraisals.views.administration import chosen_place, edit_methods, hr_crumbs, scope_of
from appraisals.views.examples import examples_page
from appraisals.views.policy import edition_in_force, reached
from appraisals.views.shared import person
from appraisals.views.watching import Job, watched
from orgchart import clock
from orgchart.errors import Refused
from orgchart.event_words import Names, words
from orgchart.models import Organization, OrgEvent
from orgchart.waking import wake


def visible_draft(request: HttpRequest, pk: int) -> PolicyDraft:
    drafts = PolicyDraft.objects.visible_to(person(request))
    return get_object_or_404(
        drafts.select_related("organization", "edition", "begun_by", "changed_by"), pk=pk
    )


def draft_crumbs(draft: PolicyDraft, *last: str) -> list[dict[str, str]]:
    crumbs = hr_crumbs(policy_list="Policy")
    crumbs.append({"label": draft.name, "url": draft.get_absolute_url() if last else ""})
    return crumbs + [{"label": label, "url": ""} for label in last]


@edit_methods
def policy_new(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    form = BeginPolicyForm(
        request.POST or None,
        scope=scope,
        editions=PolicyEdition.objects.filter(reached(scope)).select_related("organization"),
        back=reverse("policy_list"),
        initial={"organization": chosen_place(request, scope).code},
    )
    is_right = request.method == "POST" and form.is_valid()
    if is_right:
        draft = begin_draft(
            form.cleaned_data["organization"],
            name=form.cleaned_data["name"],
            copy_of=_copied(form),
            by=person(request),
        )
        return redirect("policy_edit", pk=draft.pk)
    context = {"form": form, "crumbs": hr_crumbs("New edition", policy_list="Policy")}
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisals/policy/begin.html", context, status=status)


def _copied(form: BeginPolicyForm) -> PolicyEdition | None:
    start = form.cleaned_data["start"]
    if start == BOOK:
        return None
    if start == IN_FORCE:
        return edition_in_force(form.cleaned_data["organization"])
    return PolicyEdition.objects.get(pk=start)


@require_safe
def policy_draft(request: HttpRequest, pk: int) -> HttpResponse:
    draft, today = visible_draft(request, pk), clock.today()
    context: dict[str, Any] = {
        "draft": draft,
        "today": today,
        "is_ahead": draft.is_ahead(today),
        "crumbs": draft_crumbs(draft),
    }
    if draft.is_scheduled and not draft.is_ahead(today):
        context["groups"] = _grouped(draft.foreseen)
        return _page(request, context)
    reach, policy = reach_of_draft(draft), draft.rules()
    forecast = _forecast(request, draft, reach)
    if forecast.state == PolicyForecast.State.WORKING:
        context["title"] = f"{draft.name}: being counted"
        return watched(request, _job(forecast), "appraisals/policy/progress.html", context)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return HttpResponseClientRefresh()
    context |= {
        "reach": reach,
        "changes": differences(reach.before, policy),
        "switches": _switches(reach.before, policy),
        "groups": _grouped(forecast.found),
        "counted_at": forecast.counted_at,
        "units": Organization.objects.filter(path__in=reach.without).order_by("name"),
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    draft, today = context["draft"], context["today"]
    context |= {"missing": _missing(draft, today), "history": _history(draft)}
    return render(request, "appraisals/policy/draft.html", context)


def _forecast(request: HttpRequest, draft: PolicyDraft, reach: Reach) -> PolicyForecast:
    """A worker is woken by whoever opens the page, not by the page that watches it."""
    forecast = forecast_of(draft, reach)
    is_waiting = forecast.state == PolicyForecast.State.WORKING and forecast.heartbeat is None
    if is_waiting and not request.htmx:  # type: ignore[attr-defined]
        wake(count_effects, forecast.pk)
    return forecast


def _job(forecast: PolicyForecast) -> Job:
    return Job(
        step=forecast.step or "Not begun yet",
        percent=100 * forecast.done // forecast.total if forecast.total else None,
    )


@require_POST
def policy_count(request: HttpRequest, pk: int) -> HttpResponse:
    draft = visible_draft(request, pk)
    count_again(draft)
    return redirect(draft)


def _missing(draft: PolicyDraft, today: dt.date) -> list[str]:
    """What keeps a draft from being scheduled."""
    found = []
    if draft.effective_on is None:
        found.append("It has no day from which it is in force.")
    elif draft.effective_on <= today:
        found.append("The day from which it should be in force is over. Choose a day ahead.")
    if not draft.reason.strip():
        found.append("It does not say why it is made.")
    return found


def _switches(before: Policy, after: Policy) -> list[dict[str, Any]]:
    return [
        {
            "title": switch.title,
            "rule": switch.rule,
            "says": switch.says(after),
            "was": switch.says(before),
            "changes": switch.says(after) != switch.says(before),
        }
        for switch in SWITCHES
    ]


def _grouped(found: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        groups.setdefault(each["what"], []).append(each)
    return list(groups.items())


def _history(draft: PolicyDraft) -> list[dict[str, Any]]:
    events = list(
        OrgEvent.objects.filter(organization=draft.organization, detail__draft=draft.pk)
        .select_related("by", "person")
        .order_by("-pk")
    )
    return [{"event": event, "what": words(event, Names())} for event in events]


@edit_methods
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft = visible_draft(request, pk)
    reach = reach_of_draft(draft)
    form = PolicyForm(
        request.POST or None,
        back=draft.get_absolute_url(),
        before=reach.before,
        initial=_held(draft),
    )
    conflict: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = save_draft(
                draft,
                expected_version=form.cleaned_data["version"],
                values=form.values(),
                by=person(request),
                **{name: form.cleaned_data[name] for name in form.OWN},
            )
        except ChangedMeanwhile as changed:
            conflict = _conflict(request, form, changed.current)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            _forecast(request, draft, reach_of_draft(draft))
            messages.success(request, "Saved. Below is what it would change.")
            return redirect(draft)
    context = {
        "form": form,
        "draft": draft,
        "reach": reach,
        "conflict": conflict,
        "crumbs": draft_crumbs(draft, "Edit"),
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "appraisals/policy/edit.html", context, status=status)


def _held(draft: PolicyDraft) -> dict[str, Any]:
    own = {name: getattr(draft, name) for name in PolicyForm.OWN}
    return {**initial_of(draft.rules()), **own, "version": draft.version}


def _conflict(request: HttpRequest, form: PolicyForm, current: PolicyDraft) -> dict[str, Any]:
    """What was typed stays in the form, on the version saved meanwhile; what differs is listed."""
    again = request.POST.copy()
    again["version"] = str(current.version)
    form.data = again
    return {
        "by": current.changed_by.full_name,
        "at": current.changed_at,
        "rows": differences(current.rules(), form.policy()),
        "own": [
            {"label": form.fields[name].label, "theirs": theirs, "mine": mine}
            for name in form.OWN
            if (theirs := getattr(current, name)) != (mine := form.cleaned_data[name])
        ],
    }


@require_POST
def policy_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly as it was shown: the page sends the version that it showed."""
    draft = visible_draft(request, pk)
    shown = request.POST.get("version", "")
    edition = schedule_edition(
        draft,
        expected_version=int(shown) if shown.isdecimal() else 0,
        by=person(request),
    )
    messages.success(
        request,
        f"“{edition.name}” is scheduled; it is in force from {edition.effective_on:%-d %B %Y}.",
    )
    return redirect(draft)


@edit_methods
def policy_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    draft = visible_draft(request, pk)
    form = ReasonForm(
        request.POST or None,
        label="Why it is withdrawn",
        missing="Say why the edition is withdrawn.",
        button="Withdraw the edition",
        back=draft.get_absolute_url(),
        look="btn--danger",
    )
    if request.method == "POST" and form.is_valid():
        withdraw_edition(draft, reason=form.cleaned_data["reason"], by=person(request))
        messages.success(request, "The edition is withdrawn. It is a draft again.")
        return redirect(draft)
    context = {"form": form, "draft": draft, "crumbs": draft_crumbs(draft, "Withdraw")}
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisals/policy/withdraw.html", context, status=status)


@edit_methods
def policy_discard(request: HttpRequest, pk: int) -> HttpResponse:
    draft = visible_draft(request, pk)
    if request.method == "POST":
        discard_draft(draft, by=person(request))
        messages.success(request, f"The draft “{draft.name}” is discarded.")
        return redirect("policy_list")
    context = {"draft": draft, "crumbs": draft_crumbs(draft, "Discard")}
    return render(request, "appraisals/policy/discard.html", context)


@require_safe
def policy_draft_examples(request: HttpRequest, pk: int) -> HttpResponseBase:
    draft = visible_draft(request, pk)
    crumbs = draft_crumbs(draft, "Worked examples")
    return examples_page(request, draft.rules(), name=draft.name, crumbs=crumbs)
