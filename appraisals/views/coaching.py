"""A place to coach a supervisor: notes to oneself, reminders to them."""

import datetime as dt
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.coaching import NoteForm, NudgeForm
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    CoachingNote,
    Nudge,
    NudgeAnswer,
    NudgePurpose,
)
from appraisals.permissions import may_coach, parties
from appraisals.selectors import with_documents
from appraisals.services.coaching import (
    answer_nudge,
    delete_note,
    send_nudge,
    supervisors_below,
    write_note,
)
from appraisals.views.board import current_assignments
from appraisals.views.rows import Row, open_turns, record_row, show_cycle, unplanned_row
from appraisals.views.shared import person
from appraisals.views.supervisor_standing import Owed, purpose_of
from appraisals.views.supervisors import (
    address,
    chosen_cycle,
    crumbs_to,
    reviewed_cycles,
    standing_of,
    supervisor_page,
)
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Person

PAGE = 25


def _coached(request: HttpRequest, dod_id: str) -> Person:
    user = person(request)
    official = get_object_or_404(supervisors_below(user), dod_id=dod_id)
    if not may_coach(user, official):
        raise PermissionDenied
    return official


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Every note of one's own, also about those one no longer reviews."""
    own = CoachingNote.objects.visible_to(person(request)).select_related("about")
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    crumbs = [
        {"label": "Reviews", "url": reverse("review_queue")},
        {"label": "Your supervisors", "url": reverse("supervisors")},
        {"label": "Your notes", "url": ""},
    ]
    context = {"page": page, "crumbs": crumbs, "section": "review_queue"}
    return render(request, "appraisals/coaching/notes.html", context)


@require_POST
def note_new(request: HttpRequest, dod_id: str) -> HttpResponse:
    official = _coached(request, dod_id)
    form = NoteForm(request.POST, about=official)
    if not form.is_valid():
        return supervisor_page(request, official, form=form, status=422)
    write_note(
        official,
        by=person(request),
        noted_on=form.cleaned_data["noted_on"],
        text=form.cleaned_data["text"],
    )
    messages.success(request, "Kept, for you alone.")
    return redirect(f"{address(None, official)}#notes")


def note_delete(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    own = CoachingNote.objects.visible_to(user).select_related("about")
    note = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        delete_note(note, by=user)
        messages.success(request, f"The note about {note.about.full_name} is deleted for good.")
        return redirect("notes")
    crumbs = [
        {"label": "Reviews", "url": reverse("review_queue")},
        {"label": "Your notes", "url": reverse("notes")},
        {"label": "Delete note", "url": ""},
    ]
    context = {"note": note, "crumbs": crumbs, "section": "review_queue"}
    return render(request, "appraisals/coaching/note_delete.html", context)


def nudge_new(request: HttpRequest, dod_id: str) -> HttpResponse:
    """What a reminder can be about is what is the supervisor's to do now."""
    official, user = _coached(request, dod_id), person(request)
    cycle = chosen_cycle(reviewed_cycles(user), request.GET.get("cycle", ""))
    show_cycle(request, cycle)
    owed = {each.purpose.value: each for each in _owed(user, official, cycle)}
    purposes = [(name, _words(each)) for name, each in owed.items()]
    purposes.append((NudgePurpose.TALK.value, NudgePurpose.TALK.label))
    asked = {"purpose": request.GET.get("purpose", "")}
    form = NudgeForm(request.POST or None, purposes=purposes, initial=asked)
    if request.method == "POST" and form.is_valid():
        purpose = NudgePurpose(form.cleaned_data["purpose"])
        try:
            _send(official, user, purpose, form.cleaned_data["words"], cycle, owed)
        except Refused as refusal:
            form.add_error("purpose", refusal.message)
        else:
            messages.success(
                request, f"{official.full_name} sees it on their home page until they answer."
            )
            return redirect(f"{address(cycle, official)}#reminders")
    context = {
        "official": official,
        "cycle": cycle,
        "form": form,
        "back": address(cycle, official),
        "crumbs": crumbs_to(official, "Remind"),
        "section": "review_queue",
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/coaching/nudge_new.html", context, status=status)


def _owed(user: Person, official: Person, cycle: AppraisalCycle | None) -> list[Owed]:
    return standing_of(user, official, cycle).owed(cycle) if cycle else []


def _words(owed: Owed) -> str:
    late = f", of them {owed.late} late" if owed.late else ""
    return f"{owed.purpose.label}: {owed.count}{late}"


def _send(
    official: Person,
    user: Person,
    purpose: NudgePurpose,
    words: str,
    cycle: AppraisalCycle | None,
    owed: dict[str, Owed],
) -> Nudge:
    behind = owed.get(purpose.value)
    return send_nudge(
        official,
        by=user,
        purpose=purpose,
        words=words,
        cycle=cycle,
        employee_ids=behind.employee_ids if behind else [],
        late=behind.late if behind else 0,
    )


@require_safe
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """The reminder and its list, as it stands today: to who got it, and to who sent it."""
    user = person(request)
    found = get_object_or_404(
        Nudge.objects.visible_to(user).select_related("sender", "supervisor", "cycle", "answer"),
        pk=pk,
    )
    show_cycle(request, found.cycle)
    still, since, away = _people_of(found, user)
    mine = found.supervisor_id == user.pk
    first = {"label": "Home", "url": reverse("home")}
    context = {
        "nudge": found,
        "mine": mine,
        "answer": getattr(found, "answer", None),
        "still": still,
        "since": since,
        "away": away,
        "crumbs": [first, {"label": "Reminder", "url": ""}]
        if mine
        else crumbs_to(found.supervisor, "Reminder"),
        "section": "home" if mine else "review_queue",
    }
    return render(request, "appraisals/coaching/nudge.html", context)


def _people_of(found: Nudge, user: Person) -> tuple[list[Row], list[Row], int]:
    """Who waits still, who does no longer, and how many are with somebody else now."""
    if found.cycle is None:
        return [], [], 0
    records = Appraisal.objects.filter(employee__in=found.employee_ids, cycle=found.cycle)
    loaded = list(with_documents(records))
    people = Q(employee__in=found.employee_ids, supervisor=found.supervisor)
    begun = {record.employee_id for record in loaded}
    still = [
        _unplanned_row(report, found, user)
        for report in current_assignments(people)
        if report.employee_id not in begun
    ]
    since: list[Row] = []
    for record in loaded:
        if record.rating_official_id == found.supervisor_id and parties(user, record):
            waits = any(purpose_of(turn) == found.purpose for turn in open_turns(record))
            rows = still if waits else since
            rows.append(record_row(record, user, today=clock.today()))
    away = len(found.employee_ids) - len(still) - len(since)
    return sorted(still, key=_order), sorted(since, key=_order), away


def _order(row: Row) -> tuple[int, int, dt.date, str]:
    return row.order


def _unplanned_row(report: Assignment, found: Nudge, user: Person) -> Row:
    """Only the supervisor's own row has a button."""
    row = unplanned_row(report, found.cycle, today=clock.today())
    if user.pk == found.supervisor_id:
        return row
    return replace(row, action=None, words=found.supervisor.full_name)


@require_POST
def nudge_answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    found = get_object_or_404(Nudge.objects.visible_to(user), pk=pk)
    asked = request.POST.get("answer", "")
    if found.supervisor_id == user.pk and asked not in NudgeAnswer.Answer.values:
        raise Refused("Say whether it is done or put aside. Nothing was changed.")
    given = answer_nudge(found, by=user, answer=asked)
    messages.success(request, f"{given.get_answer_display()}: {found.title}.")
    return redirect("home")
