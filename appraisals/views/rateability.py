"""Can this year be rated: the answer with its reasons, more time, a year without a rating, special situations."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appraisals import rules
from appraisals.forms.rateability import (
    CloseYearForm,
    CycleChangeForm,
    DecideForm,
    EndSituationForm,
    ExtensionForm,
    SituationForm,
    WhyForm,
)
from appraisals.models import Appraisal, Extension, ExtensionState, Kind, Situation
from appraisals.permissions import may_administer_appraisal, may_ask_extension, may_extend
from appraisals.rateability import rateability_of
from appraisals.rules.words import date_words
from appraisals.selectors import policy_for, with_documents
from appraisals.services.cycles import change_cycle, cycles_to_follow
from appraisals.services.rateability import (
    ask_extension,
    close_year,
    decide_extension,
    end_extension,
    end_situation,
    enter_situation,
    grant_extension,
    reopen_year,
)
from appraisals.services.records import record_view
from appraisals.turns import documents_of
from appraisals.views.record import crumbs_for
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person, visible_appraisal
from orgchart import clock
from orgchart.errors import Refused

edit_methods = require_http_methods(["GET", "HEAD", "POST"])


def open_record(request: HttpRequest, pk: int) -> Appraisal:
    """With its documents; whoever opens somebody else's leaves a note of it."""
    user = person(request)
    appraisal = get_object_or_404(with_documents(Appraisal.objects.visible_to(user)), pk=pk)
    record_view(appraisal, by=user, page="rateability")
    show_cycle(request, appraisal.cycle)
    return appraisal


def answer_of(appraisal: Appraisal) -> rules.Rateability:
    return rateability_of(
        appraisal, next(iter(documents_of(appraisal, Kind.PERFORMANCE_PLAN)), None)
    )


def policy_of(appraisal: Appraisal) -> rules.Policy:
    return policy_for(appraisal.organization, on=clock.today()).rules()


@require_safe
def rateability(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, user = open_record(request, pk), person(request)
    answer = answer_of(appraisal)
    extensions = list(appraisal.extensions.select_related("asked_by", "decided_by"))
    is_open = not appraisal.not_rated and not hasattr(appraisal, "rating_of_record")
    context = {
        "appraisal": appraisal,
        "own": user.pk == appraisal.employee_id,
        "answer": answer,
        "sentences": rules.explain_rateability(answer, today=clock.today()),
        "extensions": extensions,
        "asked": next((each for each in extensions if each.state == ExtensionState.ASKED), None),
        "closings": appraisal.closings.select_related("closed_by", "undone_by"),
        "situations": appraisal.employee.situations.standing().select_related("entered_by"),
        "is_open": is_open,
        "may_ask": is_open and may_ask_extension(user, appraisal),
        "may_extend": may_extend(user, appraisal, policy_of(appraisal)),
        "may_administer": may_administer_appraisal(user, appraisal),
        "crumbs": crumbs_for(appraisal, user, "Can this year be rated?"),
    }
    return render(request, "appraisals/rateability/detail.html", context)


def form_page(
    request: HttpRequest,
    appraisal: Appraisal,
    form: forms.Form,
    save: Callable[[], object],
    *,
    title: str,
    notes: Sequence[str],
    done: str,
    to: str = "",
) -> HttpResponse:
    """A form of one record that does one thing; what the rules refuse is said with what was typed."""
    if form.is_valid():
        try:
            save()
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect(to or reverse("rateability", args=[appraisal.pk]))
    user = person(request)
    context = {
        "appraisal": appraisal,
        "form": form,
        "title": title,
        "notes": notes,
        "crumbs": crumbs_for(appraisal, user, title),
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/rateability/form.html", context, status=status)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(appraisal: Appraisal) -> str:
    return reverse("rateability", args=[appraisal.pk])


@edit_methods
def extension_new(request: HttpRequest, pk: int) -> HttpResponse:
    """R1.11: granted by who may, else asked for."""
    appraisal, user = open_record(request, pk), person(request)
    policy = policy_of(appraisal)
    grants = may_extend(user, appraisal, policy)
    if not grants and not may_ask_extension(user, appraisal):
        raise PermissionDenied
    answer = answer_of(appraisal)
    form = ExtensionForm(
        _posted(request),
        appraisal=appraisal,
        policy=policy,
        grants=grants,
        back=_back(appraisal),
        # A year that can be rated needs no day proposed: enough days were reached within it.
        initial={"until": answer.reached_on, "reason": "few_days"} if answer.bar else {},
    )
    save = grant_extension if grants else ask_extension
    return form_page(
        request,
        appraisal,
        form,
        lambda: save(appraisal, by=user, **form.cleaned_data),
        title=form.verb,
        notes=rules.explain_rateability(answer, today=clock.today()),
        done="The period is extended." if grants else "HR has your request and decides.",
    )


@edit_methods
def extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    records = Appraisal.objects.visible_to(user)
    extension = get_object_or_404(
        Extension.objects.filter(appraisal__in=records).select_related("asked_by"), pk=pk
    )
    appraisal = open_record(request, extension.appraisal_id)
    if not may_extend(user, appraisal, policy_of(appraisal)):
        raise PermissionDenied
    form = DecideForm(_posted(request), back=_back(appraisal))
    return form_page(
        request,
        appraisal,
        form,
        lambda: decide_extension(
            extension,
            granted=form.cleaned_data["outcome"] == "granted",
            authority=form.cleaned_data["authority"],
            answer=form.cleaned_data["answer"],
            by=user,
        ),
        title="Decide about more time",
        notes=[
            f"{extension.asked_by.full_name} asks that the period goes on until "
            f"{date_words(extension.until)}: {extension.get_reason_display().lower()}.",
            extension.explanation,
            *rules.explain_rateability(answer_of(appraisal), today=clock.today()),
        ],
        done="Your decision is recorded, and everybody concerned was told.",
    )


@edit_methods
def extension_end(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, user = open_record(request, pk), person(request)
    if not may_extend(user, appraisal, policy_of(appraisal)):
        raise PermissionDenied
    form = WhyForm(_posted(request), verb="Take the extension back", back=_back(appraisal))
    return form_page(
        request,
        appraisal,
        form,
        lambda: end_extension(appraisal, why=form.cleaned_data["why"], by=user),
        title=form.verb,
        notes=[f"The period ends with the cycle again, on {date_words(appraisal.cycle.ends_on)}."],
        done="The extension is taken back.",
    )


@edit_methods
def year_close(request: HttpRequest, pk: int) -> HttpResponse:
    """R7.8: a year that ends without a rating of record."""
    appraisal, user = open_record(request, pk), person(request)
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    answer = answer_of(appraisal)
    form = CloseYearForm(
        _posted(request),
        appraisal=appraisal,
        back=_back(appraisal),
        initial={"reason": {rules.NO_PLAN: rules.FEW_DAYS}.get(answer.bar, answer.bar)},
    )
    return form_page(
        request,
        appraisal,
        form,
        lambda: close_year(appraisal, by=user, **form.cleaned_data),
        title=form.verb,
        notes=[
            *rules.explain_rateability(answer, today=clock.today()),
            "Closed, the year asks nobody for anything, counts as not rated with its reason in every "
            "report, and gives no rating-based award. You can open it again.",
        ],
        done="The year is closed without a rating. The employee was told.",
    )


@edit_methods
def year_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, user = open_record(request, pk), person(request)
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    form = WhyForm(_posted(request), verb="Open the year again", back=_back(appraisal))
    return form_page(
        request,
        appraisal,
        form,
        lambda: reopen_year(appraisal, why=form.cleaned_data["why"], by=user),
        title=form.verb,
        notes=["The record goes on where it stood. That it was closed stays in its history."],
        done="The year is open again.",
    )


@edit_methods
def situation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """R7.13"""
    appraisal, user = open_record(request, pk), person(request)
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    form = SituationForm(_posted(request), back=_back(appraisal))
    return form_page(
        request,
        appraisal,
        form,
        lambda: enter_situation(appraisal, by=user, **form.cleaned_data),
        title="Enter a special situation",
        notes=[
            "It is of the person, so it holds for every record that its days touch.",
            "100% official time for a union never counts towards the days under a plan, because no work "
            "for the agency is done. Whether other absences count is a setting of your policy.",
            "The employee, the officials of the record and HR can read it.",
        ],
        done="It is entered, and the days are counted anew.",
    )


@edit_methods
def situation_end(request: HttpRequest, pk: int, situation_pk: int) -> HttpResponse:
    appraisal, user = open_record(request, pk), person(request)
    situation = get_object_or_404(
        Situation.objects.standing(), pk=situation_pk, employee=appraisal.employee_id
    )
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    initial = {"what": "end", "ends_on": situation.ends_on}
    form = EndSituationForm(
        _posted(request), situation=situation, back=_back(appraisal), initial=initial
    )
    return form_page(
        request,
        appraisal,
        form,
        lambda: end_situation(situation, appraisal, ends_on=form.cleaned_data["ends_on"], by=user),
        title="Change a special situation",
        notes=[f"{situation.get_kind_display()}, since {date_words(situation.starts_on)}."],
        done="It is changed, and the days are counted anew.",
    )


@edit_methods
def cycle_change(request: HttpRequest, pk: int) -> HttpResponse:
    """R1.12: an employee who moved to where another calendar holds."""
    appraisal, user = visible_appraisal(request, pk), person(request)
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    form = CycleChangeForm(
        _posted(request), cycles=cycles_to_follow(appraisal), back=appraisal.get_absolute_url()
    )
    return form_page(
        request,
        appraisal,
        form,
        lambda: change_cycle(appraisal, form.chosen, reason=form.cleaned_data["reason"], by=user),
        title="Move the record to another cycle",
        notes=[
            f"It follows {appraisal.cycle.name}, which ends on {date_words(appraisal.cycle.ends_on)}.",
            "The plan, the reviews and every text stay as they are. The period ends, and its days are "
            "due, as the other cycle says. There is one rating of record for it.",
            *([] if form.cycles else ["No other cycle reaches this unit in these days."]),
        ],
        done="The record follows the other cycle now.",
        to=appraisal.get_absolute_url(),
    )
