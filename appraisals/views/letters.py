"""HR: e-mail that did not reach its people, and sending it again."""

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.models import Letter, LetterResend, LetterState
from appraisals.models.post import LetterQuerySet
from appraisals.services.post import resend
from appraisals.views.administration import hr_crumbs, scope_of
from appraisals.views.shared import person
from orgchart.views.paging import FirstPages

PAGE = 25
TABS = (
    ("", "Did not arrive"),
    ("dead", "Given up"),
    ("withheld", "Nobody to send to"),
)


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    state = request.GET.get("state", "")
    found = _undelivered(request)
    if state in {LetterState.DEAD, LetterState.WITHHELD}:
        found = found.filter(state=state)
    resends = LetterResend.objects.select_related("by").order_by("-pk")
    letters = (
        found.select_related("recipient")
        .annotate(told=Count("notices"))
        .prefetch_related(Prefetch("resends", resends))
        .order_by("-ended_at", "-pk")
    )
    page = FirstPages(letters, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": [
            {
                "label": label,
                "url": f"?state={name}" if name else "?",
                "current": name == state or (not name and state not in dict(TABS)),
            }
            for name, label in TABS
        ],
        "crumbs": hr_crumbs("E-mail that did not arrive"),
    }
    return render(request, "appraisals/post/letters.html", context)


def _undelivered(request: HttpRequest) -> LetterQuerySet:
    return Letter.objects.visible_to(person(request)).undelivered()


@require_POST
def letter_resend(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.visible_to(person(request)), pk=pk)
    return _resend(request, Letter.objects.filter(pk=letter.pk))


@require_POST
def letters_resend(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    return _resend(request, Letter.objects.all())


def _resend(request: HttpRequest, letters: LetterQuerySet) -> HttpResponse:
    count = resend(letters, by=person(request))
    if count:
        noun = "e-mail is" if count == 1 else "e-mails are"
        messages.success(request, f"{count:,} {noun} on the way again.")
    else:
        messages.info(
            request,
            "Nothing was sent again: it is on its way already, or its person has left or has no "
            "e-mail address.",
        )
    return redirect(reverse("letter_list"))
