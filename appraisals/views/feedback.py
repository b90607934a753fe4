"""Feedback: asked of a colleague or of somebody outside, given with nothing in sight but a name, a title, a box."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.asking import AskFeedbackForm, FeedbackForm
from appraisals.invitations import request_behind
from appraisals.models import FeedbackRequest, FeedbackState
from appraisals.services.feedback import (
    ask_colleague,
    ask_outside,
    decline_feedback,
    give_address,
    give_feedback,
    withdraw_feedback,
)
from appraisals.talk import colleagues_of, elements_of
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from appraisals.views.talk import about_whom, talk_tabs
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.templatetags.ui import day, days_left

PAGE = 25
GONE = 410


@require_safe
def feedback_list(request: HttpRequest) -> HttpResponse:
    """What the reader is asked to give first, then what was asked about the reader and by the reader."""
    user = person(request)
    seen = FeedbackRequest.objects.visible_to(user)
    page = Paginator(seen.select_related("about", "asked_by", "giver", "letter"), PAGE)
    listed = page.get_page(request.GET.get("page"))
    to_give = FeedbackRequest.objects.to_give(user).select_related("about")
    context = {
        "to_give": [
            {
                "asked": asked,
                "url": give_address(asked),
                "words": days_left(asked.ends_on, clock.today()),
            }
            for asked in to_give.order_by("ends_on", "pk")
        ],
        "page": listed,
        "rows": [_row(asked, user) for asked in listed.object_list],
        "about": about_whom(request),
        "tabs": talk_tabs("feedback_list"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/feedback.html", context)


def _row(asked: FeedbackRequest, user: Person) -> dict[str, Any]:
    letter = getattr(asked, "letter", None)
    is_over = asked.state == FeedbackState.OPEN and asked.ends_on < clock.today()
    words = "Not answered in time" if is_over else asked.get_state_display()
    return {
        "asked": asked,
        "words": words,
        "kind": "good" if asked.state == FeedbackState.ANSWERED else "",
        "failed": letter.last_error if letter is not None and letter.state == "dead" else "",
        "may_withdraw": asked.state == FeedbackState.OPEN and asked.asked_by_id == user.pk,
    }


@edit_methods
def feedback_new(request: HttpRequest) -> HttpResponse:
    user, about = person(request), about_whom(request).person
    if about is None:
        raise Http404
    form = AskFeedbackForm(
        request.POST if request.method == "POST" else None,
        elements=elements_of(about, user),
        colleagues=list(colleagues_of(about, user)),
    )
    if form.is_valid():
        try:
            asked = _ask(form, about, user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{asked.asked_of} is asked, until {day(asked.ends_on)}.")
            return redirect("feedback_list")
    context = {
        "about": about,
        "form": form,
        "own": about == user,
        "crumbs": [
            {"label": "Feedback", "url": reverse("feedback_list")},
            {"label": "Ask", "url": ""},
        ],
        "section": "journal",
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/feedback_new.html", context, status=status)


def _ask(form: AskFeedbackForm, about: Person, user: Person) -> FeedbackRequest:
    element, colleague = form.cleaned_data["element"], form.chosen
    if colleague is not None:
        return ask_colleague(about, by=user, element=element, colleague=colleague)
    return ask_outside(
        about,
        by=user,
        element=element,
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
    )


@edit_methods
def feedback_give(request: HttpRequest, pk: int) -> HttpResponse:
    """For the colleague who is asked."""
    user = person(request)
    asked = get_object_or_404(
        FeedbackRequest.objects.filter(giver=user).select_related("about", "asked_by", "giver"),
        pk=pk,
    )
    return _giving(request, asked, user)


@never_cache
@login_not_required
@edit_methods
def feedback_answer(request: HttpRequest, token: str) -> HttpResponse:
    """For somebody outside, who cannot sign in: the signed address is the key, once."""
    asked = request_behind(token)
    if asked is None:
        raise Http404
    return _giving(request, asked, None)


def _giving(request: HttpRequest, asked: FeedbackRequest, by: Person | None) -> HttpResponse:
    if asked.state != FeedbackState.OPEN or asked.ends_on < clock.today():
        return render(request, "appraisals/talk/feedback_over.html", status=GONE)
    if "decline" in request.POST:
        decline_feedback(asked, by=by)
        return _thanked(request, by)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        give_feedback(asked, by=by, text=form.cleaned_data["text"])
        return _thanked(request, by)
    context = {"asked": asked, "form": form}
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/feedback_give.html", context, status=status)


def _thanked(request: HttpRequest, by: Person | None) -> HttpResponse:
    if by is None:
        return render(request, "appraisals/talk/feedback_thanks.html")
    messages.success(request, "Thank you. Your answer is sent.")
    return redirect("home")


@require_POST
def feedback_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    seen = FeedbackRequest.objects.visible_to(person(request))
    asked = withdraw_feedback(get_object_or_404(seen, pk=pk), by=person(request))
    messages.success(request, f"{asked.get_state_display()}: {asked.asked_of}.")
    return redirect("feedback_list")
