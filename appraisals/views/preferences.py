"""How often a person gets mail, in words, with what the next one will say."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from appraisals.forms.post import RhythmForm
from appraisals.models import Notice, Rhythm
from appraisals.notifications import (
    KINDS,
    context_of,
    policy_over,
    rhythm_of,
)
from appraisals.services.post import choose_rhythm
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from orgchart import clock
from orgchart.models import Person

SHOWN = 25
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def said() -> dict[Rhythm, str]:
    """What each choice brings."""
    hour, weekday = f"{settings.DIGEST_HOUR}:00", WEEKDAYS[settings.DIGEST_WEEKDAY]
    return {
        Rhythm.AT_ONCE: "At once: each notice is an e-mail of its own",
        Rhythm.DAILY: f"Once a day at {hour}: one e-mail with all that is new, none when nothing is",
        Rhythm.WEEKLY: f"Every {weekday} at {hour}: one e-mail with all that is new",
        Rhythm.CALENDAR: "No e-mail: I look here, and due dates are in my calendar",
    }


@edit_methods
def post_preferences(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rhythm = rhythm_of(user)
    form = RhythmForm(request.POST or None, initial={"rhythm": rhythm}, said=said())
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["rhythm"]
        choose_rhythm(user, chosen)
        messages.success(request, f"Saved. {said()[chosen]}.")
        return redirect("post_preferences")
    context = {
        "form": form,
        "address": user.email,
        "mandatory": _mandatory(user),
        **_next(user),
        "crumbs": [
            {"label": "Notices", "url": reverse("notice_list")},
            {"label": "E-mail", "url": ""},
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/post/preferences.html", context, status=status)


def _mandatory(user: Person) -> list[str]:
    """Kinds that come on the day at the latest, though less was chosen."""
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
        "letter": context_of(shown),
        "is_due": first <= clock.now(),
    }
