"""The page of signatures of a paper form as it is sent, and what the record then says."""

import uuid

from django.http import HttpResponse
from django.urls import reverse

from appraisals.models import (
    Document,
    Kind,
)
from appraisals.services.on_paper import begin_paper
from orgchart import clock
from tests.appraisals.views.opening import opened, posted, text_of
from tests.cast import PRACTICE_DAY, Cast, make_record


def signatures(**changes: str) -> dict[str, object]:
    """The page of signatures as it is sent, every part of it filled in."""
    given = {
        "submit-signed_by": "Dana Official",
        "submit-happened_on": "6/20/2026",
        "record_approval-signed_by": "Henry Reviewer",
        "record_approval-happened_on": "6/22/2026",
        "record_approval-method": "S",
        "communicate-discussed_on": "6/24/2026",
        "communicate-method": "F",
        "record_signature-signed_by": "Maria Employee",
        "record_signature-happened_on": "6/25/2026",
        "record_signature-comment": "Thank you.",
        "request_key": str(uuid.uuid4()),
    }
    return {name: value for name, value in {**given, **changes}.items() if value}


def enter(cast: Cast, plan: Document, **changes: str) -> HttpResponse:
    url = reverse("paper_signed", args=[plan.pk])
    return posted(cast.rating_official, url, signatures(**changes))


def timeline(cast: Cast, document: Document) -> str:
    return text_of(opened(cast.employee, f"/appraisals/{document.appraisal_id}/timeline/"))


def take_step(cast: Cast, actor: str, document: Document, name: str, **data: str) -> HttpResponse:
    return posted(
        cast.people[actor], reverse("document_step", args=[document.pk, name]), dict(data)
    )


def paper_plan(cast: Cast) -> Document:
    """A plan of two complete elements that is being entered from paper."""
    appraisal = make_record(cast)
    with clock.frozen(PRACTICE_DAY):
        return begin_paper(
            appraisal, Kind.PERFORMANCE_PLAN, why="No access to a computer", by=cast.rating_official
        )
