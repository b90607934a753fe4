"""How often a person gets mail, in words, with what the next one will say."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from appraisals.forms.post import RhythmForm
from appraisals.models import Notice, Rhythm
from appraisals.notifications import (
    KINDS,
    context_of,
    next_digest,
    policy_over,
    rhythm_of,
)
from appraisals.services.post import choose_rhythm
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from orgchart import clock
from orgchart.models import Person

SHOWN = 25
SAID = {
    Rhythm.AT_ONCE: "Each notice comes as an e-mail of its own, within a minute.",
    Rhythm.DAILY: "Once a day, at {hour}:00, one e-mail with everything new. Nothing new, no e-mail.",
    Rhythm.WEEKLY: "Every {weekday} at {hour}:00, one e-mail with everything new of the week.",
    Rhythm.CALENDAR: "No e-mail. Notices wait for you here, and due dates stand in your calendar.",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@edit_methods
def post_preferences(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rhythm = rhythm_of(user)
    form = RhythmForm(request.POST or None, initial={"rhythm": rhythm})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["rhythm"]
        choose_rhythm(user, chosen)
        messages.success(request, f"Saved. {said(chosen)}")
        return redirect("post_preferences")
    context = {
        "form": form,
        "said": said(rhythm),
        "address": user.email,
        "mandatory": _mandatory(user, rhythm),
        **_next(user),
        "crumbs": [{"label": "Notices", "url": ".."}, {"label": "E-mail", "url": ""}],
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/post/preferences.html", context, status=status)


def said(rhythm: Rhythm) -> str:
    return SAID[rhythm].format(hour=settings.DIGEST_HOUR, weekday=WEEKDAYS[settings.DIGEST_WEEKDAY])


def _mandatory(user: Person, rhythm: Rhythm) -> list[str]:
    """Kinds that come on the day at the latest, though less was chosen."""
    if rhythm in (Rhythm.AT_ONCE, Rhythm.DAILY):
        return []
    names = policy_over(user).mandatory_notices
    return [kind.label for kind in KINDS.values() if kind.name in names]


def _next(user: Person) -> dict[str, Any]:
    """The e-mail that would go out next, as it stands now."""
    waiting = Notice.objects.visible_to(user).to_be_posted()
    first = waiting.aggregate(at=Min("post_at"))["at"]
    if first is None:
        return {"next_at": None}
    together = waiting.filter(post_at__lte=max(first, clock.now()))
    held = together.aggregate(count=Count("pk"))["count"]
    shown = list(together.order_by("pk")[:SHOWN])
    return {
        "next_at": timezone.localtime(first),
        "count": held,
        "more": held - len(shown),
        "letter": context_of(user, shown),
        "digest_at": next_digest(clock.now()),
    }
