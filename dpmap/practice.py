"""Practice mode: become a demonstration person, move the date, start over. Never in production."""

from dataclasses import dataclass
from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.management import call_command
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from appraisals.services.departures import run_due
from appraisals.services.reorganizing import apply_due
from orgchart import clock
from orgchart.models import Assignment, AssignmentQuerySet, Organization, Person, RoleGrant
from orgchart.selectors import SENIOR, chain_above

A_GROUP = 6
FOUND = 20
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    people: list[Assignment]


class DateForm(forms.Form):
    today = forms.DateField(
        label="Date",
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = "practice_date"
        helper.add_input(Submit("move", "Move the date", css_class="btn btn--quiet"))
        return helper


@login_not_required
@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    return practice_page(request, form=DateForm(initial={"today": clock.today()}))


@login_not_required
@require_POST
def practice_become(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("person", "")
    person = get_object_or_404(Person, pk=int(number) if number.isdigit() else 0, is_active=True)
    logout(request)
    login(request, person, backend="dpmap.backend.PersonBackend")
    return redirect("/")


@login_not_required
@require_POST
def practice_date(request: HttpRequest) -> HttpResponse:
    form = DateForm(request.POST)
    if not form.is_valid():
        return practice_page(request, form=form)
    clock.move(form.cleaned_data["today"])
    apply_due()
    run_due()
    messages.success(request, f"Today is now {clock.today():%-d %B %Y}, for everybody here.")
    return redirect("practice")


@login_not_required
@require_POST
def practice_restart(request: HttpRequest) -> HttpResponse:
    call_command("demonstration")
    logout(request)
    messages.success(request, "Everything is again as it was at the start. Choose who you are.")
    return redirect("practice")


def practice_page(request: HttpRequest, *, form: DateForm) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    context = {
        "form": form,
        "groups": [Group(name=f"Found: “{asked}”", people=found(asked))] if asked else cast(),
        "asked": asked,
        "jumps": jumps(clock.today()),
    }
    return render(request, "practice/practice.html", context)


def jumps(today: date) -> list[tuple[str, date]]:
    next_year = today.year + (today.month > 3)
    return [
        ("Tomorrow", today + timedelta(days=1)),
        ("In a week", today + timedelta(weeks=1)),
        ("In 30 days", today + timedelta(days=30)),
        ("Last day of the cycle", date(next_year, 3, 31)),
        ("First day of the next", date(next_year, 4, 1)),
    ]


def found(asked: str) -> list[Assignment]:
    people = Person.objects.filter(is_active=True).search(asked).values("pk")
    return list(working().filter(employee__in=people)[:FOUND])


def cast() -> list[Group]:
    """A few people for each part somebody can play; nobody appears twice."""
    today = clock.today()
    now = Assignment.objects.on(today)
    reports = now.filter(supervisor=OuterRef("employee"))
    theirs = now.filter(supervisor=OuterRef(OuterRef("employee")))
    heads = Organization.objects.filter(head=OuterRef("employee"), kind__in=SENIOR)
    grants = RoleGrant.objects.on(today).filter(person=OuterRef("employee"))
    leads, is_head = Exists(reports), Exists(heads)
    reviews = Exists(now.filter(supervisor__in=theirs.values("employee")))
    hr = Exists(grants.filter(role=RoleGrant.Role.HR_ADMINISTRATOR))
    audits = Exists(grants.filter(role=RoleGrant.Role.AUDITOR))
    nobody_special = working().filter(~hr, ~audits)
    first_level = nobody_special.filter(leads, ~reviews)
    parts = {
        "Employees": nobody_special.filter(
            ~leads, supervisor__in=first_level.order_by().values("employee")
        ),
        "First-level supervisors": first_level,
        "Second-level supervisors": nobody_special.filter(reviews, ~is_head),
        "Senior leaders": nobody_special.filter(reviews, is_head),
        "HR administrators": working().filter(hr),
        "Auditors": working().filter(audits),
    }
    groups = [Group(name=name, people=list(people[:A_GROUP])) for name, people in parts.items()]
    return [group for group in groups if group.people]


def one_of_each() -> list[Group]:
    """An employee and those above them: together they can walk one appraisal to its end."""
    today = clock.today()
    groups = {group.name: group.people for group in cast()}
    employees = groups.get("Employees", [])
    above = chain_above(employees[0].employee, on=today) if employees else []
    seats = {person.pk: number for number, person in enumerate(above)}
    rows = sorted(working().filter(employee__in=above), key=lambda row: seats[row.employee_id])
    names = ("First-level supervisor", "Second-level supervisor", "Senior leader")
    chosen = [("Employee", employees[:1])]
    chosen += [(name, [row]) for name, row in zip(names, rows, strict=False)]
    chosen += [("HR administrator", groups.get("HR administrators", [])[:1])]
    chosen += [("Auditor", groups.get("Auditors", [])[:1])]
    return [Group(name=name, people=people) for name, people in chosen if people]


def working() -> AssignmentQuerySet:
    return (
        Assignment.objects.on(clock.today())
        .filter(employee__is_active=True)
        .select_related("employee", "supervisor", "organization")
        .order_by("employee_id")
    )


urlpatterns: list[URLPattern] = [
    path("practice/", practice, name="practice"),
    path("practice/become/", practice_become, name="practice_become"),
    path("practice/date/", practice_date, name="practice_date"),
    path("practice/restart/", practice_restart, name="practice_restart"),
]
