"""Recognition: what was said of one's own work and of those one rates, and saying it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.forms.asking import RecognitionForm
from appraisals.models import Recognition, RecognitionKind
from appraisals.services.recognition import recognize
from appraisals.talk import elements_of, people_rated_by
from appraisals.talk_permissions import may_record_award, may_thank
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from appraisals.views.talk import talk_tabs
from orgchart import clock
from orgchart.models import Person

PAGE = 25


@require_safe
def recognition_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    seen = Recognition.objects.visible_to(user).select_related("recipient", "giver", "element")
    context = {
        "page": Paginator(seen, PAGE).get_page(request.GET.get("page")),
        "people": people_rated_by(user),
        "tabs": talk_tabs("recognition_list"),
        "section": "journal",
    }
    return render(request, "appraisals/talk/recognition.html", context)


@edit_methods
def recognition_new(request: HttpRequest, dod_id: str) -> HttpResponse:
    """Thanks from anybody who finds the person; awards from those who may record them."""
    user = person(request)
    found = Person.objects.findable_by(user, on=clock.today())
    recipient = get_object_or_404(found, dod_id=dod_id)
    kinds = _kinds(user, recipient)
    if not kinds:
        raise PermissionDenied
    form = RecognitionForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds,
        elements=elements_of(recipient, user),
    )
    if form.is_valid():
        cleaned = form.cleaned_data
        recognize(
            recipient,
            by=user,
            kind=RecognitionKind(cleaned["kind"]),
            text=cleaned["text"],
            given_on=cleaned["given_on"],
            element=cleaned.get("element"),
        )
        messages.success(request, f"Said. {recipient.full_name} is told.")
        return redirect("recognition_list")
    context = {
        "recipient": recipient,
        "form": form,
        "crumbs": [
            {"label": "Recognition", "url": reverse("recognition_list")},
            {"label": recipient.full_name, "url": ""},
        ],
        "section": "journal",
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/talk/recognition_new.html", context, status=status)


def _kinds(user: Person, recipient: Person) -> list[RecognitionKind]:
    if may_record_award(user, recipient):
        return list(RecognitionKind)
    return [RecognitionKind.THANKS] if may_thank(user, recipient) else []
