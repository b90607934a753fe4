"""Whose training as a supervisor is due, and the courses they completed (R17.3)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.exports import Column, Table, download
from appraisals.forms.reasons import ReasonForm
from appraisals.forms.training import TrainingFilterForm, TrainingForm
from appraisals.models import SupervisorTraining
from appraisals.permissions import may_read_training, may_record_training
from appraisals.rules import Policy
from appraisals.selectors import place_of, policy_for
from appraisals.services.training import record_training, withdraw_training
from appraisals.training import SOON, Due, due_of, narrowed, supervisors
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.templatetags.ui import day, days_left

PAGE = 25
TABS = (
    (Due.LATE.value, "Late"),
    (Due.SOON.value, "Due within 90 days"),
    (Due.FINE.value, "Up to date"),
    ("", "All"),
)
WORDS = {Due.LATE: "late", Due.SOON: "due", Due.FINE: "up to date"}


def _policy_at(place: Organization | None) -> Policy:
    return policy_for(place, on=clock.today()).rules() if place else Policy()


@require_safe
def hr_training(request: HttpRequest) -> HttpResponseBase:
    """Of everybody who leads today in an organization and all below."""
    scope = scope_of(request)
    asked = {"organization": scope[0].code, **request.GET.dict()}
    form = TrainingFilterForm(asked, scope=scope)
    place = (form.cleaned_data["organization"] if form.is_valid() else None) or scope[0]
    found = supervisors(Q(organization__path__startswith=place.path), _policy_at(place))
    query = {"organization": place.code}
    status = 422 if form.errors else 200
    return _listed(
        request,
        found,
        query,
        place,
        {
            "form": form,
            "crumbs": hr_crumbs("Training of supervisors"),
            "section": "hr_home",
            "may_record": True,
        },
        status=status,
    )


@require_safe
def supervisors_training(request: HttpRequest) -> HttpResponseBase:
    """Of the supervisors who answer to the reader."""
    user = person(request)
    found = supervisors(Q(supervisor=user), _policy_at(place_of(user)))
    crumbs = [
        {"label": "Reviews", "url": reverse("review_queue")},
        {"label": "Your supervisors", "url": reverse("supervisors")},
        {"label": "Training", "url": ""},
    ]
    context = {"crumbs": crumbs, "section": "review_queue", "may_record": False}
    return _listed(request, found, {}, None, context)


def _listed(
    request: HttpRequest,
    found: QuerySet[Assignment],
    query: dict[str, str],
    place: Organization | None,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponseBase:
    today = clock.today()
    counts = found.order_by().aggregate(
        late=Count("pk", filter=Q(due_on__lt=today)),
        soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=today + SOON)),
        fine=Count("pk", filter=Q(due_on__gt=today + SOON)),
    )
    show = request.GET.get("show", "")
    show = show if show in {each.value for each in Due} else ""
    listed = narrowed(found, show)
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    table = training_table(page.object_list, listed, total=page.paginator.count, on=today)
    if file := download(request, table, about=place):
        return file
    context |= {
        "page": page,
        "table": table,
        "counts": counts,
        "place": place,
        "tabs": [
            {
                "label": f"{label} ({counts[name] if name else sum(counts.values()):,})",
                "url": f"?{urlencode({**query, **({'show': name} if name else {})})}",
                "current": name == show,
            }
            for name, label in TABS
        ],
    }
    return render(request, "appraisals/training/list.html", context, status=status)


def training_table(
    rows: Iterable[Assignment], everything: QuerySet[Assignment], *, total: int, on: dt.date
) -> Table[Assignment]:
    def get(row: Assignment, name: str) -> dt.date:
        found: dt.date = getattr(row, name)
        return found

    return Table(
        name="training",
        title="Training of supervisors",
        columns=[
            Column(
                "Supervisor",
                lambda row: row.employee.full_name,
                url=lambda row: reverse("training_of", args=[row.employee.dod_id]),
                detail=lambda row: row.position_title,
            ),
            Column("Unit", lambda row: row.organization.name),
            Column("Leads since", lambda row: get(row, "first_led_on")),
            Column(
                "Last course",
                lambda row: get(row, "last_completed_on"),
                detail=lambda row: getattr(row, "last_course", "") or "",
            ),
            Column(
                "Due",
                lambda row: get(row, "due_on"),
                detail=lambda row: (
                    ""
                    if due_of(get(row, "due_on"), today=on) == Due.FINE
                    else days_left(get(row, "due_on"), on)
                ),
            ),
            Column("Stands", lambda row: WORDS[due_of(get(row, "due_on"), today=on)]),
        ],
        rows=rows,
        everything=lambda: everything,
        total=total,
        names_people=True,
    )


@edit_methods
def training_new(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    user, back = person(request), reverse("hr_training")
    given = request.GET.get("person", "")
    form = TrainingForm(request.POST or None, back=back, initial={"people": given})
    if form.is_valid():
        people: list[Person] = form.cleaned_data["people"]
        outside = [each for each in people if not may_record_training(user, each)]
        if outside:
            names = ", ".join(each.full_name for each in outside)
            form.add_error("people", f"{names}: not in your scope. HR there records it.")
        else:
            return _recorded(request, form, people)
    context = {
        "form": form,
        "crumbs": hr_crumbs("Record a course", hr_training="Training of supervisors"),
        "section": "hr_home",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/training/new.html", context, status=status)


def _recorded(request: HttpRequest, form: TrainingForm, people: list[Person]) -> HttpResponse:
    recorded = record_training(
        people,
        course=form.cleaned_data["course"],
        completed_on=form.cleaned_data["completed_on"],
        by=person(request),
    )
    said = f"Recorded for {len(recorded)} of {len(people)}."
    held = len(people) - len(recorded)
    messages.success(request, f"{said} {held} had it already." if held else said)
    return redirect("hr_training")


def _person(request: HttpRequest, dod_id: str) -> Person:
    """404 outside of what the reader may find; 403 for whom they may see, but not this."""
    user = person(request)
    seen = Person.objects.findable_by(user, on=clock.today())
    found = get_object_or_404(seen, dod_id=dod_id)
    if not may_read_training(user, found):
        raise PermissionDenied
    return found


@require_safe
def training_of(request: HttpRequest, dod_id: str) -> HttpResponse:
    user, today = person(request), clock.today()
    someone = _person(request, dod_id)
    row = supervisors(Q(employee=someone), _policy_at(place_of(someone))).first()
    due_on: dt.date | None = getattr(row, "due_on", None)
    courses = SupervisorTraining.objects.filter(person=someone).with_people()
    context = {
        "someone": someone,
        "own": someone.pk == user.pk,
        "row": row,
        "due_on": due_on,
        "is_late": due_on is not None and due_on < today,
        "courses": courses,
        "may_record": may_record_training(user, someone),
        "today": today,
        "crumbs": _crumbs(user, someone),
    }
    return render(request, "appraisals/training/of.html", context)


def _crumbs(user: Person, someone: Person) -> list[dict[str, str]]:
    if may_record_training(user, someone):
        return hr_crumbs(someone.full_name, hr_training="Training of supervisors")
    return [
        {"label": someone.full_name, "url": someone.get_absolute_url()},
        {"label": "Training as a supervisor", "url": ""},
    ]


@edit_methods
def training_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    training = get_object_or_404(SupervisorTraining.objects.with_people(), pk=pk)
    if not may_record_training(user, training.person):
        raise Http404
    back = reverse("training_of", args=[training.person.dod_id])
    form = ReasonForm(
        request.POST or None,
        label="What is wrong with it",
        missing="Say what is wrong with it.",
        help_text="It counts no more, and stays on the list with this reason.",
        button="Take it off",
        back=back,
    )
    if form.is_valid():
        withdraw_training(training, by=user, reason=form.cleaned_data["reason"])
        messages.success(
            request, f"{training.course} of {day(training.completed_on)} counts no more."
        )
        return redirect(back)
    context = {
        "form": form,
        "training": training,
        "crumbs": hr_crumbs("Entered in error", hr_training="Training of supervisors"),
        "section": "hr_home",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/training/withdraw.html", context, status=status)
