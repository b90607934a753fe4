"""What every view needs before it can do anything."""

import uuid
from typing import cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from appraisals.models import Appraisal, Document
from orgchart.models import Person


def person(request: HttpRequest) -> Person:
    """Who is signed in. Every view but the sign-in itself is behind LoginRequiredMiddleware."""
    return cast(Person, request.user)


def visible_appraisal(request: HttpRequest, pk: int) -> Appraisal:
    return get_object_or_404(Appraisal.objects.visible_to(person(request)).with_people(), pk=pk)


def visible_document(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.visible_to(person(request)).with_contents(), pk=pk)


def after_writing(document: Document) -> str:
    """Where a saved text leads back to."""
    if document.is_being_entered:
        return reverse("paper_entry", args=[document.pk])
    return document.get_absolute_url()


def request_key(request: HttpRequest) -> uuid.UUID | None:
    """The number of this form: a double click or a resubmitted page carries it twice."""
    given = request.POST.get("request_key", "")
    if not given:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        raise BadRequest("The form is damaged. Open the page again.") from None


def crumbs_to(document: Document, *last: str) -> list[dict[str, str]]:
    """Breadcrumbs from the record over the document to this page."""
    appraisal = document.appraisal
    crumbs = [
        {
            "label": f"{appraisal.employee.full_name}, {appraisal.cycle.name}",
            "url": appraisal.get_absolute_url(),
        },
        {"label": document.title, "url": document.get_absolute_url() if last else ""},
    ]
    return crumbs + [{"label": label, "url": ""} for label in last]
