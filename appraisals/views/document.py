"""One document: reading it, and taking the next step."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.beside import team_neighbours
from appraisals.forms.steps import FORMS, StepForm
from appraisals.models import (
    WALK,
    AppraisalEvent,
    Document,
    Element,
    Kind,
    ReturnReason,
    Section,
    SectionKind,
    State,
)
from appraisals.permissions import (
    DRAFTING,
    acts_for,
    may_draft_plan,
    may_edit_element,
    may_enter_paper,
    may_propose_element,
    may_read_reason,
    may_read_scan,
    may_report_draft,
    may_write_section,
    parties,
)
from appraisals.problems import document_problems, plan_elements
from appraisals.rules import Problem
from appraisals.sections import SECTIONS, spec_of
from appraisals.selectors import as_written_for, lines_of_sight, readable_sections
from appraisals.services.approvals import next_after, note_reading, place_of
from appraisals.services.records import page_of, record_view
from appraisals.turns import turn_of
from appraisals.views.onward import onward_of
from appraisals.views.planned import change_url, planning_of
from appraisals.views.rows import show_cycle
from appraisals.views.shared import crumbs_to, person, visible_document
from appraisals.views.writing import explanation_of, first_empty
from appraisals.workflow import (
    TRANSITIONS,
    ProblemsFound,
    Transition,
    advance,
    available,
    check,
    needs_review,
)
from orgchart import clock
from orgchart.models import Person

BODIES = {Kind.PLAN_CHANGE: "appraisals/plan_change/_body.html"}
"""What a page shows between the texts about the whole; elements with their texts unless it is named here."""


def _body(document: Document) -> str:
    if document.state == State.CLOSED and document.kind not in BODIES:
        return "appraisals/document/_closed.html"
    return BODIES.get(Kind(document.kind), "appraisals/document/_elements.html")


def _elements_of(document: Document) -> list[Element]:
    """Of a plan its own; of what is written for elements those it is written for, also one that has left
    the plan since."""
    documents = document.appraisal.documents.all()
    own = next(each for each in documents if each.pk == document.pk)
    in_force = {each.pk: each for plan in documents for each in plan_elements(plan)}
    written_for = {
        each.element.pk: in_force.get(each.element.pk, each.element)
        for each in document.sections.all()
        if each.element
    }
    return plan_elements(own) or sorted(
        written_for.values(), key=lambda each: (each.removed_at is not None, each.number)
    )


def problem_links(
    problems: list[Problem], document: Document, elements: list[Element], sections: list[Section]
) -> list[dict[str, str]]:
    """Each problem with the address of the field that mends it."""
    by_number = {element.number: element for element in elements}
    return [
        {"text": problem.message, "url": _field_url(problem, document, by_number, sections)}
        for problem in problems
    ]


FIELD_IDS = {
    "goal": "goal_id",
    **dict.fromkeys(
        ("narrative", "overall", "core_values", "change_reason", "support", "warning"), "text"
    ),
}
SECTION_OF_FIELD = {
    "core_values": SectionKind.CORE_VALUES,
    "overall": SectionKind.OVERALL_ASSESSMENT,
    "change_reason": SectionKind.CHANGE_REASON,
    "support": SectionKind.SUPPORT,
    "warning": SectionKind.WARNING,
}
OF_ELEMENTS = {spec.kind for specs in SECTIONS.values() for spec in specs if spec.per_element} - {
    SectionKind.EMPLOYEE_INPUT
}


def _field_url(
    problem: Problem, document: Document, elements: dict[int, Element], sections: list[Section]
) -> str:
    if document.kind in BODIES and problem.field not in SECTION_OF_FIELD:
        return change_url(problem, document)
    element = elements.get(problem.element) if problem.element else None
    field = FIELD_IDS.get(problem.field, problem.field)
    if document.kind == Kind.PERFORMANCE_PLAN and element:
        if problem.field == "accepted":
            return f"{document.get_absolute_url()}#element-{element.pk}"
        return f"{reverse('element_edit', args=[element.pk])}#id_{field}"
    if document.kind == Kind.PERFORMANCE_PLAN and problem.field in ("", "goal", "is_supervisory"):
        if problem.field == "goal" and elements:
            first = elements[min(elements)]
            return f"{reverse('element_edit', args=[first.pk])}#id_{field}"
        # About the plan as a whole: one more element mends it.
        return reverse("element_new", args=[document.pk])
    section = next((each for each in sections if _mends(each, problem, element)), None)
    if section is None:
        return ""
    return (
        f"{reverse('section_edit', args=[section.pk])}#id_{field}{'_0' if field == 'level' else ''}"
    )


def _mends(section: Section, problem: Problem, element: Element | None) -> bool:
    if problem.field in SECTION_OF_FIELD:
        return section.kind == SECTION_OF_FIELD[problem.field]
    return element is not None and section.element_id == element.pk and section.kind in OF_ELEMENTS


def _rows(
    document: Document, elements: list[Element], sections: list[Section], user: Person
) -> list[dict[str, Any]]:
    """Element by element: the standard, its line of sight, and every text this reader may see."""
    sight = lines_of_sight(element.goal_id for element in elements)
    stood = as_written_for(sections)
    return [
        {
            "element": element,
            "stood": stood.get(element.pk),
            "sight": sight.get(element.goal_id) if element.goal_id else None,
            "sections": [
                _section_row(each, document, user)
                for each in sections
                if each.element_id == element.pk
            ],
            "may_edit": document.kind == Kind.PERFORMANCE_PLAN
            and may_edit_element(user, element, document),
        }
        for element in elements
    ]


def _section_row(section: Section, document: Document, user: Person) -> dict[str, Any]:
    return {
        "section": section,
        "spec": spec_of(document.kind, section.kind),
        "may_write": may_write_section(user, section, document),
        "verb": "Rate" if section.kind == SectionKind.RATING else "Write",
    }


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    user, appraisal = person(request), document.appraisal
    show_cycle(request, appraisal.cycle)
    record_view(appraisal, by=user, page=page_of(document))
    note_reading(document, by=user)
    queue = _queue(request)
    sections = readable_sections(document, user)
    elements = _elements_of(document)
    steps = [] if document.is_being_entered else available(document, user)
    mine = parties(user, appraisal)
    is_writer = document.state == State.DRAFT and bool(DRAFTING & mine)
    problems = document_problems(document) if is_writer else []
    turn = turn_of(document, appraisal)
    context = {
        "document": document,
        "appraisal": appraisal,
        "rows": _rows(document, elements, sections, user),
        "body": _body(document),
        "planning": planning_of(document, user) if document.kind in BODIES else None,
        "whole": [_section_row(each, document, user) for each in sections if not each.element_id],
        "steps": steps,
        "main_step": next((step for step in steps if not step.quiet), None),
        "first_to_write": _first_to_write(document, sections, user),
        "to_mend": problem_links(problems, document, elements, sections),
        "returned": _returned(document, user),
        "closed": _closed(document),
        "explanation": _explanation(document, sections),
        "turn": turn,
        "crumbs": crumbs_to(document),
        "walk_steps": _walk_steps(document, mine=turn.is_mine(user)),
        "today": clock.today(),
        "queue": queue,
        "place": place_of(document, user, decided=queue - 1) if queue else None,
        "onward": onward_of(document, user) if not queue else None,
        "parties": mine,
        **_writing(document, user),
        "paper": _paper(document, user),
    }
    return render(request, "appraisals/document/detail.html", context)


def _writing(document: Document, user: Person) -> dict[str, Any]:
    """What this reader may write here; `principal`: the rating official whose delegate they are."""
    principal = acts_for(user, document)
    return {
        "principal": principal,
        "may_draft": may_draft_plan(user, document),
        "may_propose": may_propose_element(user, document),
        "may_report": may_report_draft(user, document),
        "neighbours": team_neighbours(
            document.appraisal, user, kind=document.kind, whose_team=principal
        ),
    }


def _paper(document: Document, user: Person) -> dict[str, Any] | None:
    """Of a document that was written on the paper form: who entered it and why, and the scans of it."""
    if not document.on_paper:
        return None
    begun = document.events.select_related("by").filter(name="begin_paper").order_by("-pk").first()
    scans = document.scans.filter(removed_at=None) if may_read_scan(user, document) else []
    return {
        "begun": begun,
        "scans": scans,
        "may_enter": may_enter_paper(user, document.appraisal),
        "may_differ": document.state in TRANSITIONS["note_difference"].sources
        and user.pk == document.appraisal.employee_id,
    }


def _queue(request: HttpRequest) -> int:
    """Which one of a walk through the reviewer's queue this is, from 1; 0 outside of one."""
    given = request.GET.get("queue", "")
    return int(given) if given.isdecimal() and len(given) < 5 else int(bool(given))


def _returned(document: Document, user: Person) -> dict[str, Any] | None:
    """The return that a draft goes back to, unless something has happened since."""
    if document.state != State.DRAFT:
        return None
    last = document.events.select_related("by").order_by("-pk").first()
    if last is None or last.name != "return_for_change":
        return None
    last.document, last.appraisal = document, document.appraisal
    if not may_read_reason(user, last):
        return None
    about = last.details.get("about", "")
    label = ReturnReason(about).label if about in ReturnReason.values else ""
    return {"event": last, "about": label}


def _closed(document: Document) -> AppraisalEvent | None:
    """Who closed it without effect, when and why (R3.10)."""
    if document.state != State.CLOSED:
        return None
    return document.events.select_related("by").filter(to_state=State.CLOSED).last()


def _first_to_write(document: Document, sections: list[Section], user: Person) -> Section | None:
    """Where the walk of texts begins. A plan's rating official writes elements, not sections."""
    mine = [each for each in sections if may_write_section(user, each, document)]
    if may_draft_plan(user, document):
        return None
    return first_empty(document, mine) or (mine[0] if mine else None)


def _walk_steps(document: Document, *, mine: bool) -> list[dict[str, str]]:
    """The life cycle of this document with its dates; higher level review only where it applies."""
    labels: list[tuple[State, str, date | None]] = [(State.DRAFT, "Written", None)]
    if document.state == State.IN_REVIEW or needs_review(document):
        labels.append((State.IN_REVIEW, "Higher level review", document.approved_on))
    else:
        labels.append((State.APPROVED, "Finished", document.approved_on))
    labels.append((State.APPROVED, "Discussed", document.communicated_on))
    labels.append((State.COMMUNICATED, "Acknowledged", document.acknowledged_on))
    reached = WALK.index(State(document.state)) if document.state in WALK else -1
    now = "now" if mine else "other"
    steps = []
    for state, label, day in labels:
        at = WALK.index(state)
        status = "done" if at < reached or day else now if at == reached else ""
        steps.append({"title": label, "detail": f"{day:%-d %B %Y}" if day else "", "state": status})
    return steps


def _explanation(document: Document, sections: list[Section]) -> Any:
    """Only for a reader who may read the ratings it is made of."""
    if any(each.kind == SectionKind.RATING for each in sections):
        return explanation_of(document)
    return None


def document_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    document = visible_document(request, pk)
    row = TRANSITIONS.get(name)
    if row is None:
        raise Http404
    queue = _queue(request)
    if request.method != "POST":
        problems = _standing_problems(row, document, person(request))
        form = FORMS[row.asks_of(document)](document=document, row=row)
        return _step_page(request, row, document, form, queue=queue, problems=problems)
    form = FORMS[row.asks_of(document)](request.POST, document=document, row=row)
    if not form.is_valid():
        check(row, document, by=person(request))
        return _step_page(request, row, document, form, queue=queue, status=422)
    try:
        advance(
            document,
            name,
            by=person(request),
            given=form.given(),
            request_key=form.cleaned_data["request_key"],
        )
    except ProblemsFound as found:
        return _step_page(
            request, row, document, form, queue=queue, problems=found.problems, status=422
        )
    messages.success(request, row.done)
    return _go_on(request, document, queue)


def _standing_problems(row: Transition, document: Document, user: Person) -> list[Problem]:
    """Refuse a step that is not this person's or not possible now; else what blocks it."""
    try:
        check(row, document, by=user)
    except ProblemsFound as found:
        return found.problems
    return []


def _step_page(
    request: HttpRequest,
    row: Transition,
    document: Document,
    form: StepForm,
    *,
    queue: int,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    elements = _elements_of(document)
    sections = readable_sections(document, person(request))
    context = {
        "row": row,
        "document": document,
        "appraisal": document.appraisal,
        "form": form,
        "queue": queue,
        "place": place_of(document, person(request), decided=queue - 1) if queue else None,
        "crumbs": crumbs_to(document, row.verb),
        "problems": problem_links(problems or [], document, elements, sections),
        "explanation": _explanation(document, sections) if row.name != "share_input" else None,
    }
    return render(request, "appraisals/document/step.html", context, status=status)


def _go_on(request: HttpRequest, document: Document, queue: int) -> HttpResponse:
    """After a decision from the queue, the next document that waits; else the document itself."""
    if not queue:
        return redirect(document)
    following = next_after(document, person(request))
    if following is None:
        messages.info(request, "Nothing else waits for your review.")
        return redirect("review_queue")
    return redirect(f"{reverse('document_detail', args=[following])}?queue={queue + 1}")
