"""The record of one employee's year, and who looked at it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals import rules
from appraisals.models import (
    Appraisal,
    CurrentRating,
    Delegation,
    Document,
    Kind,
    Office,
    RecordView,
    State,
    SupportKind,
    current_rating,
)
from appraisals.models.scope import Party
from appraisals.permissions import (
    PAPER,
    may_enter_paper,
    may_know_of_assistance,
    may_name_officials,
    may_propose_change,
    may_say_a_word,
    may_start_annual_appraisal,
    may_start_plan_change,
    may_start_progress_review,
    parties,
)
from appraisals.rateability import rateability_of
from appraisals.rules import Policy
from appraisals.rules.words import date_words
from appraisals.selectors import (
    delegations_of,
    lines_of_sight,
    plan_elements_of,
    policy_for,
    with_documents,
)
from appraisals.services.records import record_view
from appraisals.terms import Term, terms_of
from appraisals.turns import Turn, documents_of, first_turn, turn_of
from appraisals.views.rows import Action, detail_of, document_url, job_of, show_cycle, tag_of
from appraisals.views.shared import person, visible_appraisal
from appraisals.views.talk import links_about
from appraisals.views.year import steps_for
from orgchart import clock
from orgchart.models import Person

VIEWS_SHOWN = 50


def _standing(turn: Turn, user: Person) -> str:
    """What the record waits for; to everybody but the person whose turn it is, with their name."""
    if turn.person is None or turn.is_mine(user):
        return turn.what
    return f"{turn.what} ({turn.person.full_name})"


@require_safe
def appraisal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = person(request), clock.today()
    appraisal = get_object_or_404(with_documents(Appraisal.objects.visible_to(user)), pk=pk)
    record_view(appraisal, by=user, page="record")
    show_cycle(request, appraisal.cycle)
    policy = policy_for(appraisal.organization, on=today).rules()
    return render(
        request,
        "appraisals/record/detail.html",
        {
            "appraisal": appraisal,
            "own": user.pk == appraisal.employee_id,
            "job": job_of(appraisal),
            "crumbs": crumbs_for(appraisal, user),
            "steps": steps_for(appraisal, user, today=today),
            "standing": _standing(first_turn(appraisal).seen_by(user), user),
            "documents": [
                document_row(document, appraisal, user, today=today)
                for document in appraisal.documents.all()
            ],
            "actions": next_actions(appraisal, user, policy),
            "rating": _rating(appraisal),
            "has_elements": bool(documents_of(appraisal, Kind.ANNUAL_APPRAISAL)),
            "rateable": rateability_shown(appraisal),
            "elements": element_rows(appraisal),
            "officials": officials_of(appraisal),
            "may_name": may_name_officials(user, appraisal, policy),
            "may_enter_paper": may_enter_paper(user, appraisal),
            "may_decide_departure": bool(PAPER & parties(user, appraisal)),
            "talks": links_about(appraisal.employee, parties(user, appraisal)),
            "is_party": bool(parties(user, appraisal) - {Party.DELEGATE}),
            "knows_of_assistance": knows_of_assistance(user, appraisal),
            **neighbours(appraisal, user),
        },
    )


def _rating(appraisal: Appraisal) -> CurrentRating | None:
    issued = getattr(appraisal, "rating_of_record", None)
    return current_rating(issued) if issued else None


def rateability_shown(appraisal: Appraisal) -> dict[str, Any] | None:
    """What stands in the way of a rating, or why it comes later; None where nothing does."""
    plan = next(iter(documents_of(appraisal, Kind.PERFORMANCE_PLAN)), None)
    if plan is None or plan.approved_on is None:
        return None
    answer = rateability_of(appraisal, plan)
    if appraisal.not_rated:
        return {"title": "Closed without a rating", "text": appraisal.get_not_rated_display()}
    if not answer.is_rateable:
        sentences = rules.explain_rateability(answer, today=clock.today())
        return {"title": sentences[0], "text": sentences[1]}
    if answer.is_extended:
        until = date_words(answer.until)
        return {"title": "More time", "text": f"The appraisal period goes on until {until}."}
    return None


def knows_of_assistance(user: Person, appraisal: Appraisal) -> bool:
    """Whether there is such a page for them: of the employee, once something of it was told."""
    if may_know_of_assistance(user, appraisal):
        return True
    told = Document.objects.visible_to(user).confidential().filter(appraisal=appraisal)
    return may_say_a_word(user, appraisal) and told.exists()


def crumbs_for(appraisal: Appraisal, user: Person, *last: str) -> list[dict[str, str]]:
    """From the list this reader came by."""
    mine = parties(user, appraisal)
    if Party.RATING_OFFICIAL in mine:
        first = {"label": "My team", "url": reverse("team")}
    elif Party.DELEGATE in mine:
        first = {"label": "Delegates", "url": reverse("delegation_list")}
    elif Party.HIGHER_LEVEL_REVIEWER in mine:
        first = {"label": "Reviews", "url": reverse("review_queue")}
    elif Party.HR in mine:
        first = {"label": "HR", "url": reverse("hr_home")}
    else:
        first = {"label": "Home", "url": reverse("home")}
    name = f"{appraisal.employee.full_name}, {appraisal.cycle.name}"
    record = {"label": name, "url": appraisal.get_absolute_url() if last else ""}
    return [first, record, *({"label": label, "url": ""} for label in last)]


def document_row(
    document: Document, appraisal: Appraisal, user: Person, *, today: dt.date
) -> dict[str, Any]:
    turn = turn_of(document, appraisal)
    kind, words = tag_of(turn, user, today=today)
    mine = turn.is_mine(user)
    is_over = document.state == State.ACKNOWLEDGED
    return {
        "document": document,
        "stands": State(document.state).label,
        "detail": detail_of(turn, user),
        "kind": "good" if is_over else kind,
        "words": "Finished" if is_over else words,
        "action": Action(
            label=turn.verb if mine else "Open",
            url=document_url(turn, user),
            about=document.title,
            look="" if mine else "quiet",
        ),
    }


def officials_of(appraisal: Appraisal) -> dict[str, Any]:
    """Who drafts for the rating official now, and who was in an office before."""
    return {
        "delegates": delegations_of(appraisal.rating_official),
        "former": [
            term
            for term in terms_of(appraisal)
            if term.last is not None and (term.first is None or term.first <= term.last)
        ],
    }


def next_actions(appraisal: Appraisal, user: Person, policy: Policy) -> list[Action]:
    """What may be started now and is not open yet; the one that is due is the filled button."""
    plan = next(iter(documents_of(appraisal, Kind.PERFORMANCE_PLAN)), None)
    if plan is None:
        return _another_plan(appraisal, user)
    changing = _plan_change(appraisal, plan, user)
    if documents_of(appraisal, Kind.ANNUAL_APPRAISAL):
        return changing
    reviews = documents_of(appraisal, Kind.PROGRESS_REVIEW)
    turn = first_turn(appraisal)
    due = turn.action if turn.is_mine(user) else ""
    found = []
    is_open = bool(reviews) and reviews[-1].state != State.ACKNOWLEDGED
    if not is_open and may_start_progress_review(user, appraisal, plan, policy):
        found.append(
            Action(
                label="Start another progress review" if reviews else "Start a progress review",
                url=reverse("progress_review_start", args=[appraisal.pk]),
                look="" if due == "start_progress_review" else "quiet",
                post=True,
            )
        )
    if may_start_annual_appraisal(user, appraisal, plan, policy):
        found.append(
            Action(
                label="Start the annual appraisal",
                url=reverse("annual_appraisal_start", args=[appraisal.pk]),
                look="" if due == "start_annual_appraisal" else "quiet",
                post=True,
            )
        )
    return found + changing


def _another_plan(appraisal: Appraisal, user: Person) -> list[Action]:
    """After the first was deleted or closed as erroneous (R3.10)."""
    if user.pk not in (appraisal.employee_id, appraisal.rating_official_id):
        return []
    url = reverse("record_start", args=[appraisal.employee.dod_id])
    return [Action(label="Start another plan", url=url, post=True)]


def _plan_change(appraisal: Appraisal, plan: Document, user: Person) -> list[Action]:
    """While the annual appraisal is still with the rating official, and no change of theirs is on its way."""
    annual = documents_of(appraisal, Kind.ANNUAL_APPRAISAL)
    walking = any(
        each.mandatory_id is None and each.state != State.ACKNOWLEDGED
        for each in documents_of(appraisal, Kind.PLAN_CHANGE)
    )
    gone_up = any(each.state != State.DRAFT for each in annual)
    if walking or gone_up:
        return []
    if may_propose_change(user, appraisal, plan):
        url = f"{reverse('support_new')}?kind={SupportKind.PLAN_CHANGE}"
        return [Action(label="Propose a change of the plan", url=url, look="quiet")]
    if not may_start_plan_change(user, appraisal, plan):
        return []
    url = reverse("plan_change_start", args=[appraisal.pk])
    return [Action(label="Change the plan", url=url, look="quiet", post=True)]


def element_rows(appraisal: Appraisal) -> list[dict[str, Any]]:
    elements = list(plan_elements_of([appraisal.pk]).order_by("number"))
    sight = lines_of_sight(element.goal_id for element in elements)
    return [
        {"element": element, "sight": sight.get(element.goal_id) if element.goal_id else None}
        for element in elements
    ]


def neighbours(appraisal: Appraisal, user: Person) -> dict[str, Appraisal | None]:
    """By name, in the rating official's team of this cycle."""
    none: dict[str, Appraisal | None] = {"before": None, "after": None}
    if user.pk != appraisal.rating_official_id:
        return none
    team = list(
        Appraisal.objects.filter(rating_official=user, cycle=appraisal.cycle_id)
        .select_related("employee")
        .order_by("employee__last_name", "employee__first_name", "pk")
    )
    place = team.index(appraisal)
    return {
        "before": team[place - 1] if place else None,
        "after": team[place + 1] if place + 1 < len(team) else None,
    }


@dataclass(frozen=True, slots=True)
class Offices:
    """Who held an office of a record, or drafted for who did, on a day that is past."""

    terms: list[Term]
    delegations: list[Delegation]

    @classmethod
    def of(cls, appraisal: Appraisal, viewers: list[int]) -> "Offices":
        terms = terms_of(appraisal)
        officials = {term.person.pk for term in terms if term.person}
        given = Delegation.objects.filter(principal__in=officials, delegate__in=viewers)
        return cls(terms, list(given.select_related("principal")))

    def on(self, viewer: Person, day: dt.date) -> str:
        held = [term for term in self.terms if term.person and term.holds(day)]
        for term in held:
            if term.person == viewer:
                return f"{term.office.label} at that time"
        rating = {
            term.person.pk for term in held if term.person and term.office == Office.RATING_OFFICIAL
        }
        for each in self.delegations:
            if each.delegate_id == viewer.pk and each.principal_id in rating and each.covers(day):
                return f"Delegate of {each.principal.full_name}"
        return ""


PAGE_WORDS = {
    "record": "The record",
    "timeline": "The timeline",
    "versions": "Versions of a text",
    "viewers": "Who looked",
    "form": "The printed form",
    "archive": "The printed form, in an export",
    "rating": "The rating of record",
    "disagreement": "A disagreement with the rating",
    "rateability": "Whether the year can be rated",
    "pack": "The hand-over pack",
    "came_along": "A form that came along with a move",
}


@require_safe
def viewers(request: HttpRequest, pk: int) -> HttpResponse:
    """For every party to the record: an employee sees who looked, and so do those who may look."""
    user = person(request)
    appraisal = visible_appraisal(request, pk)
    record_view(appraisal, by=user, page="viewers")
    show_cycle(request, appraisal.cycle)
    views = appraisal.views.select_related("viewer").order_by("-viewed_at", "-pk")
    page = Paginator(views, VIEWS_SHOWN).get_page(request.GET.get("page"))
    offices = Offices.of(appraisal, [view.viewer_id for view in page.object_list])
    rows = [
        {
            "viewer": view.viewer,
            "as": standing_of(view, appraisal, offices),
            "page": PAGE_WORDS.get(view.page, view.page.replace("_", " ").capitalize()),
            "at": view.viewed_at,
        }
        for view in page.object_list
    ]
    return render(
        request,
        "appraisals/record/viewers.html",
        {
            "appraisal": appraisal,
            "own": user.pk == appraisal.employee_id,
            "page": page,
            "rows": rows,
            "crumbs": crumbs_for(appraisal, user, "Who looked"),
        },
    )


def standing_of(view: RecordView, appraisal: Appraisal, offices: Offices) -> str:
    """How this person stands to the record today, or stood on the day they looked."""
    viewer = view.viewer
    if viewer.pk == appraisal.rating_official_id:
        return "Rating official"
    if viewer.pk == appraisal.higher_level_reviewer_id:
        return "Higher level reviewer"
    found = offices.on(viewer, view.viewed_on)
    if found:
        return found
    return "HR, or a role they no longer have"
