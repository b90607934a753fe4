"""Several documents approved together, each decided and recorded by itself."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appraisals import rules
from appraisals.forms.approving import ChosenForm
from appraisals.models import Document, Kind, SectionKind
from appraisals.plan_changes import CHANGES, changes_of
from appraisals.problems import (
    document_problems,
    elements_in_force,
    plan_elements,
    plan_of,
    rating_facts,
    sections_of,
)
from appraisals.rules.words import counted
from appraisals.services.approvals import approve_read, queue_of, with_reading
from appraisals.turns import due_on
from appraisals.views.rows import job_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.models import Person
from orgchart.templatetags.ui import days_left, due_kind

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document as the reviewer decides on it: what it comes to, what stands against it."""

    document: Document
    job: str
    result: str
    reasons: str
    texts: str
    problems: list[str]
    is_read: bool
    due: str
    due_kind: str

    @property
    def url(self) -> str:
        return f"{self.document.get_absolute_url()}?queue=1"


def lines_of(documents: list[Document]) -> list[Line]:
    """Of documents with their contents; what else their problems rest on is asked for once."""
    prefetch_related_objects(documents, CHANGES, "appraisal__employee__situations")
    in_force = elements_in_force() if documents else []
    return [_line(document, document_problems(document, in_force)) for document in documents]


def _line(document: Document, problems: list[rules.Problem]) -> Line:
    result, reasons, texts = _summary(document)
    due, today = due_on(document, document.appraisal), clock.today()
    return Line(
        document=document,
        job=job_of(document.appraisal),
        result=result,
        reasons=reasons,
        texts=texts,
        problems=[problem.message for problem in problems],
        is_read=getattr(document, "read_at", None) is not None,
        due=days_left(due, today),
        due_kind=due_kind(due, today),
    )


def _summary(document: Document) -> tuple[str, str, str]:
    """What it comes to, why, and how much of it is written."""
    if document.kind == Kind.ANNUAL_APPRAISAL:
        explanation = rules.explain_rating(rating_facts(document), document.policy.rules())
        return (
            explanation.name or explanation.headline,
            " ".join(explanation.reasons),
            _texts(document),
        )
    if document.kind == Kind.PERFORMANCE_PLAN:
        plan = plan_of(document.appraisal)
        elements = [each for each in (plan_elements(plan) if plan else []) if each.accepted]
        serving = sum(each.goal_id is not None for each in elements)
        count = counted(len(elements), "element")
        return count, f"{serving} of {len(elements)} serve a goal.", ""
    if document.kind == Kind.PLAN_CHANGE:
        changes = changes_of(document)
        told = [f"{each.get_action_display()}: “{each.title}”." for each in changes]
        return counted(len(changes), "element") + " changed", " ".join(told), ""
    return document.title, "", _texts(document)


def _texts(document: Document) -> str:
    """ "4 of 4 narratives written, 2 of 2 required"."""
    if document.kind == Kind.ANNUAL_APPRAISAL:
        required = document.policy.rules().narrative_required_levels
        facts = rating_facts(document)
        asked = [each for each in facts if each.level in required]
        return (
            f"{_written(each.narrative for each in facts)} of {len(facts)} narratives written, "
            f"{_written(each.narrative for each in asked)} of {len(asked)} required"
        )
    sections = sections_of(document, SectionKind.ASSESSMENT)
    return f"{_written(each.text for each in sections)} of {len(sections)} assessments written"


def _written(texts: Iterable[str]) -> int:
    return sum(not rules.is_blank(text) for text in texts)


def _waiting(user: Person, chosen: list[int] | None = None) -> list[Document]:
    """What waits for this reviewer in its order, with contents and what they have read of it."""
    waiting = queue_of(user) if chosen is None else queue_of(user).filter(pk__in=chosen)
    return list(with_reading(waiting.with_contents(), user))


@require_safe
def approve_several(request: HttpRequest) -> HttpResponse:
    """What waits, with what it comes to; only what was read can be ticked."""
    return _list_page(request)


def _list_page(request: HttpRequest, problems: list[str] | None = None) -> HttpResponse:
    user = person(request)
    waiting = with_reading(queue_of(user).with_contents(), user)
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    lines = lines_of(list(page.object_list))
    context = {
        "page": page,
        "lines": lines,
        "read": sum(line.is_read for line in lines),
        "problems": [{"text": text, "url": "#documents"} for text in problems or []],
        "crumbs": _crumbs("Approve several"),
        "section": "review_queue",
    }
    status = 422 if problems else 200
    return render(request, "appraisals/reviews/approve_several.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def approve_chosen(request: HttpRequest) -> HttpResponse:
    """The ticked ones once more, for one confirmation; then each by itself, and what became of it."""
    form = ChosenForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        problems = [str(error) for errors in form.errors.values() for error in errors]
        if request.method == "POST":
            return _list_page(request, problems)
        messages.warning(request, " ".join(problems))
        return redirect("approve_several")
    if request.method == "POST":
        return _approve(request, form.chosen(), form.cleaned_data["batch"] or uuid.uuid4())
    lines = lines_of(_waiting(person(request), form.chosen()))
    ready = [line for line in lines if line.is_read]
    context = {
        "ready": ready,
        "unread": [line for line in lines if not line.is_read],
        "gone": len(form.chosen()) - len(lines),
        "batch": uuid.uuid4(),
        "crumbs": _crumbs("Approve several", "Confirm"),
        "section": "review_queue",
    }
    return render(request, "appraisals/reviews/approve_chosen.html", context)


def _approve(request: HttpRequest, chosen: list[int], batch: uuid.UUID) -> HttpResponse:
    """Each in a transaction and with a request key of its own; sent twice, it happens once."""
    user = person(request)
    seen = Document.objects.visible_to(user).with_people().filter(pk__in=chosen)
    outcomes = [
        approve_read(document, by=user, request_key=uuid.uuid5(batch, str(document.pk)))
        for document in seen.order_by("state_since", "pk")
    ]
    context = {
        "approved": [each for each in outcomes if each.is_approved],
        "refused": [each for each in outcomes if not each.is_approved],
        "gone": len(chosen) - len(outcomes),
        "crumbs": _crumbs("Approve several", "What happened"),
        "section": "review_queue",
    }
    return render(request, "appraisals/reviews/approved.html", context)


def _crumbs(*labels: str) -> list[dict[str, str]]:
    addresses = [reverse("approve_several")] * (len(labels) - 1) + [""]
    return [
        {"label": "Reviews", "url": reverse("review_queue")},
        *({"label": label, "url": url} for label, url in zip(labels, addresses, strict=True)),
    ]
