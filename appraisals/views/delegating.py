"""Delegates: who drafts for whom, until when, and what they wrote (R8.4)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.exports import Column, Table, download
from appraisals.forms.delegating import DelegationForm
from appraisals.forms.reasons import ReasonForm
from appraisals.models import Appraisal, Delegation, Document, State, TextVersion
from appraisals.models.officials import DelegationQuerySet
from appraisals.permissions import may_delegate_for, may_end_delegation
from appraisals.selectors import place_of
from appraisals.services.delegating import (
    DelegationRefused,
    delegate,
    end_delegation,
    policy_of,
    report_draft,
)
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.board import load_team
from appraisals.views.rows import Action, Row, record_row, start_plan, unplanned_row
from appraisals.views.shared import person, visible_document
from orgchart import clock
from orgchart.models import Person
from orgchart.templatetags.ui import day

PAGE = 25
HOME = {"label": "Home", "url": "/"}


def _texts_of(delegation: Delegation) -> QuerySet[TextVersion]:
    """What was written under it; days and hours of one pair never overlap."""
    return TextVersion.objects.filter(
        written_by=delegation.delegate_id,
        written_for=delegation.principal_id,
        written_at__gte=delegation.made_at,
        written_at__lte=delegation.ended_at or clock.now(),
        written_at__date__gte=delegation.starts_on,
        written_at__date__lte=delegation.ends_on,
    )


def _with_texts(delegations: DelegationQuerySet) -> QuerySet[Delegation]:
    """Adds `texts`: how many were written under each."""
    written = (
        TextVersion.objects.filter(
            written_by=OuterRef("delegate"),
            written_for=OuterRef("principal"),
            written_at__gte=OuterRef("made_at"),
            written_at__lte=Coalesce(OuterRef("ended_at"), clock.now()),
            written_at__date__gte=OuterRef("starts_on"),
            written_at__date__lte=OuterRef("ends_on"),
        )
        .order_by()
        .values("written_for")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return delegations.with_people().annotate(
        texts=Coalesce(Subquery(written, output_field=IntegerField()), 0)
    )


def stands(delegation: Delegation, *, on: dt.date) -> str:
    if delegation.ended_at is not None:
        return f"Ended early on {day(delegation.ended_at)}"
    if delegation.ends_on < on:
        return "Over"
    return "In force" if delegation.starts_on <= on else "Still to begin"


@require_safe
def delegation_list(request: HttpRequest) -> HttpResponse:
    user, today = person(request), clock.today()
    sides = Q(principal=user) | Q(delegate=user)
    running = list(Delegation.objects.filter(sides).not_over(today).with_people())
    over = Delegation.objects.filter(sides).exclude(pk__in=[each.pk for each in running])
    page = Paginator(_with_texts(over), PAGE).get_page(request.GET.get("page"))
    context = {
        "held": [each for each in running if each.delegate_id == user.pk],
        "given": [each for each in running if each.principal_id == user.pk],
        "page": page,
        "over": [{"delegation": each, "stands": stands(each, on=today)} for each in page],
        "may_name": may_delegate_for(user, user, None, policy_of(user)),
        "today": today,
        "crumbs": [HOME, {"label": "Delegates", "url": ""}],
    }
    return render(request, "appraisals/delegating/list.html", context)


@edit_methods
def delegation_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not may_delegate_for(user, user, None, policy_of(user)):
        raise PermissionDenied
    back = reverse("delegation_list")
    form = DelegationForm(request.POST or None, user=user, back=back)
    if form.is_valid() and (made := _named(request, form, user)):
        return redirect(made)
    crumbs = [HOME, {"label": "Delegates", "url": back}, {"label": "Name somebody", "url": ""}]
    return _new_page(request, form, crumbs, longest=policy_of(user).delegation_longest_days)


@edit_methods
def hr_delegation_new(request: HttpRequest) -> HttpResponse:
    """For a rating official who cannot do it: away, ill, or policy leaves it to HR."""
    scope = scope_of(request)
    back = reverse("hr_delegations")
    form = DelegationForm(request.POST or None, user=person(request), back=back, for_others=True)
    if form.is_valid():
        principal: Person = form.cleaned_data["principal"]
        place = place_of(principal)
        if place is None or not any(each.contains(place) for each in scope):
            form.add_error(
                "principal",
                f"{principal.full_name} does not work in your scope. HR there names somebody.",
            )
        elif made := _named(request, form, principal):
            return redirect(made)
    crumbs = hr_crumbs("Name somebody", hr_delegations="Delegates")
    return _new_page(request, form, crumbs, section="hr_home")


def _named(request: HttpRequest, form: DelegationForm, principal: Person) -> Delegation | None:
    given = form.cleaned_data
    try:
        made = delegate(
            principal,
            to=given["to"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            reason=given["reason"],
            by=person(request),
        )
    except DelegationRefused as refused:
        form.refuse(refused.problems)
        return None
    messages.success(
        request,
        f"{made.delegate.full_name} can draft for {principal.full_name} until {day(made.ends_on)}.",
    )
    return made


def _new_page(
    request: HttpRequest, form: DelegationForm, crumbs: list[dict[str, str]], **context: Any
) -> HttpResponse:
    context |= {"form": form, "crumbs": crumbs}
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/delegating/new.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> Delegation:
    return get_object_or_404(Delegation.objects.visible_to(person(request)).with_people(), pk=pk)


@require_safe
def delegation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = person(request), clock.today()
    delegation = _visible(request, pk)
    drafts = delegation.delegate_id == user.pk and delegation.is_in_force(today)
    written = (
        _texts_of(delegation)
        .filter(document__in=Document.objects.visible_to(user))
        .select_related("document__appraisal__employee", "section", "element")
        .order_by("-pk")
    )
    page = Paginator(written, PAGE).get_page(request.GET.get("page"))
    context = {
        "delegation": delegation,
        "stands": stands(delegation, on=today),
        "is_delegate": delegation.delegate_id == user.pk,
        "is_principal": delegation.principal_id == user.pk,
        "drafts": drafts,
        "rows": _rows(delegation, user, today=today) if drafts else [],
        "page": page,
        "may_end": delegation.ended_at is None and delegation.ends_on >= today,
        "today": today,
        "crumbs": _crumbs(delegation, user),
    }
    return render(request, "appraisals/delegating/detail.html", context)


def _crumbs(delegation: Delegation, user: Person) -> list[dict[str, str]]:
    name = f"{delegation.delegate.full_name} for {delegation.principal.full_name}"
    if user.pk in (delegation.principal_id, delegation.delegate_id):
        return [
            HOME,
            {"label": "Delegates", "url": reverse("delegation_list")},
            {"label": name, "url": ""},
        ]
    return hr_crumbs(name, hr_delegations="Delegates")


def _rows(delegation: Delegation, user: Person, *, today: dt.date) -> list[Row]:
    """What there is to draft: the records the rating official has in hand, and plans to be started."""
    team = load_team(delegation.principal)
    records = [
        record
        for record in team.records
        if record.rating_official_id == delegation.principal_id
        and user.pk not in (record.employee_id, record.higher_level_reviewer_id)
    ]
    rows = [_row(record, user, today=today) for record in records]
    rows += [
        replace(
            unplanned_row(report, team.cycle_of(report), today=today),
            words="To start",
            action=start_plan(report),
        )
        for report in team.without_plan()
        if report.employee_id != user.pk
    ]
    return sorted(
        rows, key=lambda row: (row.action is None or row.action.look == "quiet", row.order)
    )


def _row(record: Appraisal, user: Person, *, today: dt.date) -> Row:
    """The draft that waits to be written, else the record to read."""
    row = record_row(record, user, today=today)
    draft = next((each for each in record.documents.all() if each.state == State.DRAFT), None)
    if draft is None:
        return row
    name = record.employee.full_name
    return replace(row, action=Action(label="Draft", url=draft.get_absolute_url(), about=name))


@edit_methods
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    delegation = _visible(request, pk)
    user = person(request)
    if not may_end_delegation(user, delegation, place_of(delegation.principal)):
        raise PermissionDenied
    form = ReasonForm(
        request.POST or None,
        label="Reason",
        missing="Say why it ends now.",
        button="End it now",
        back=delegation.get_absolute_url(),
    )
    if form.is_valid():
        end_delegation(delegation, by=user, reason=form.cleaned_data["reason"])
        messages.success(request, "It has ended. What was written stays, and says for whom.")
        return redirect(delegation)
    context = {
        "form": form,
        "delegation": delegation,
        "crumbs": [*_crumbs(delegation, user), {"label": "End it", "url": ""}],
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/delegating/end.html", context, status=status)


@require_POST
def draft_report(request: HttpRequest, pk: int) -> HttpResponse:
    document = visible_document(request, pk)
    report_draft(document, by=person(request))
    official = document.appraisal.rating_official.full_name
    messages.success(request, f"{official} is told that the draft is ready.")
    return redirect(document)


SHOWN = {
    "": "In force and ahead",
    "over": "Over",
    "all": "All",
}


@require_safe
def hr_delegations(request: HttpRequest) -> HttpResponseBase:
    scope_of(request)
    today, show = clock.today(), request.GET.get("show", "")
    found = Delegation.objects.visible_to(person(request))
    running = found.not_over(today)
    if show not in SHOWN:
        show = ""
    chosen = {"": running, "over": found.exclude(pk__in=running.values("pk")), "all": found}[show]
    listed = _with_texts(chosen)
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    table = delegation_table(page.object_list, listed, total=page.paginator.count, on=today)
    found_file = download(request, table)
    if found_file:
        return found_file
    context = {
        "page": page,
        "table": table,
        "tabs": [
            {"label": label, "url": f"?show={name}" if name else "?", "current": name == show}
            for name, label in SHOWN.items()
        ],
        "crumbs": hr_crumbs("Delegates"),
        "section": "hr_home",
    }
    return render(request, "appraisals/delegating/hr.html", context)


def delegation_table(
    rows: Iterable[Delegation], everything: QuerySet[Delegation], *, total: int, on: dt.date
) -> Table[Delegation]:
    return Table(
        name="delegates",
        title="Delegates of rating officials",
        columns=[
            Column(
                "Rating official",
                lambda row: row.principal.full_name,
                url=lambda row: row.get_absolute_url(),
            ),
            Column("Drafts for them", lambda row: row.delegate.full_name),
            Column("From", lambda row: row.starts_on),
            Column("To", lambda row: row.ends_on),
            Column("Stands", lambda row: stands(row, on=on)),
            Column("Reason", lambda row: row.reason),
            Column("Named by", lambda row: row.made_by.full_name),
            Column("Texts written", lambda row: getattr(row, "texts", 0), is_number=True),
        ],
        rows=rows,
        everything=lambda: everything,
        total=total,
        names_people=True,
    )
