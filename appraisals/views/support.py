"""Requests for tools, training, resources and a change of the plan, and their answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.asking import GRANT, AnswerForm, SupportForm
from appraisals.models import SupportKind, SupportRequest, SupportState
from appraisals.services.support import (
    answer_support,
    ask_support,
    end_support,
    take_up_proposal,
)
from appraisals.talk import elements_of
from appraisals.talk_permissions import may_answer_support
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from appraisals.views.talk import talk_tabs
from orgchart import clock
from orgchart.errors import Refused
from orgchart.templatetags.ui import day, day_month, days_left, due_kind

PAGE = 25
GOOD = {SupportState.GRANTED, SupportState.RECEIVED}


@require_safe
def support_list(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's answer first, then all the reader may see."""
    user = person(request)
    seen = SupportRequest.objects.visible_to(user).select_related("employee", "answered_by")
    waiting = seen.unanswered().exclude(employee=user).order_by("due_on", "pk")
    page = Paginator(seen.exclude(pk__in=waiting.values("pk")), PAGE)
    listed = page.get_page(request.GET.get("page"))
    context = {
        "waiting": [support_row(each) for each in waiting],
        "page": listed,
        "rows": [support_row(each) for each in listed.object_list],
        "tabs": talk_tabs("support_list"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/requests.html", context)


def support_row(asked: SupportRequest) -> dict[str, Any]:
    today = clock.today()
    is_open = asked.state == SupportState.OPEN
    kind, words = "", asked.get_state_display()
    if is_open and asked.due_on:
        kind, words = due_kind(asked.due_on, today), days_left(asked.due_on, today)
    elif asked.state in GOOD:
        kind = "good"
    answered = f" · answered {day_month(asked.answered_on)}" if asked.answered_on else ""
    return {
        "asked": asked,
        "title": f"{asked.get_kind_display()}: {shortened(asked.text)}",
        "detail": f"{asked.employee.full_name}, {day(asked.asked_on)}{answered}",
        "kind": kind,
        "words": words,
    }


def shortened(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


@edit_methods
def support_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = SupportForm(
        request.POST if request.method == "POST" else None,
        elements=elements_of(user, user),
        initial={"kind": request.GET.get("kind", "")},
    )
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            asked = ask_support(
                by=user,
                kind=SupportKind(cleaned["kind"]),
                text=cleaned["text"],
                element=cleaned["element"],
                needed_by=cleaned["needed_by"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Sent. An answer is due by {day(asked.due_on)}.")
            return redirect(asked)
    context = {"form": form, "crumbs": _crumbs("Ask"), "section": "journal"}
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/request_new.html", context, status=status)


@edit_methods
def support_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """To both; the answer is written here by whoever rates the employee."""
    user = person(request)
    seen = SupportRequest.objects.visible_to(user)
    asked = get_object_or_404(
        seen.select_related("employee", "answered_by", "element__plan__appraisal__cycle"), pk=pk
    )
    may_answer = asked.state == SupportState.OPEN and may_answer_support(user, asked)
    if request.method == "POST" and not may_answer_support(user, asked):
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        granted, answer = form.cleaned_data["decision"] == GRANT, form.cleaned_data["answer"]
        if granted and asked.kind == SupportKind.PLAN_CHANGE:
            change = take_up_proposal(asked, by=user, answer=answer)
            messages.success(
                request, "Answered. Write here what changes; the plan stays meanwhile."
            )
            return redirect(change)
        answer_support(asked, by=user, granted=granted, answer=answer)
        messages.success(request, f"Answered. {asked.employee.full_name} is told.")
        return redirect("support_list")
    context = {
        "asked": asked,
        "row": support_row(asked),
        "may_answer": may_answer,
        "own": asked.employee_id == user.pk,
        "today": clock.today(),
        "form": form,
        "crumbs": _crumbs("Request"),
        "section": "journal",
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/request.html", context, status=status)


def _crumbs(last: str) -> list[dict[str, str]]:
    return [
        {"label": "Requests", "url": reverse("support_list")},
        {"label": last, "url": ""},
    ]


@require_POST
def support_end(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(SupportRequest.objects.visible_to(person(request)), pk=pk)
    ended = end_support(asked, by=person(request))
    messages.success(request, f"{ended.get_state_display()}.")
    return redirect(ended)
