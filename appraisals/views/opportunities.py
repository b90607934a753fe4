"""Opportunity periods, for human resources of their scope (R10, R16.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.exports import Column, Table, download
from appraisals.models import OpportunityPeriod, ProposedAction
from appraisals.models.scope import hr_paths, under_paths
from appraisals.opportunities import Step, next_step
from appraisals.views.feed import hr_scope
from appraisals.views.shared import person

PAGE = 25
TITLE = "Opportunity periods"


@dataclass(frozen=True)
class Row:
    period: OpportunityPeriod
    step: Step

    @property
    def name(self) -> str:
        return self.period.notice.appraisal.employee.full_name

    @property
    def url(self) -> str:
        return reverse("assistance", args=[self.period.notice.appraisal_id])

    @property
    def ended(self) -> str:
        return {True: "Acceptable", False: "Still unacceptable"}.get(self.period.succeeded, "")  # type: ignore[arg-type]  # None is neither

    @property
    def stands(self) -> str:
        due = f", by {self.step.due_on:%-d %B %Y}" if self.step.due_on and self.step.party else ""
        return f"{self.step.what}{due}"


@require_safe
def opportunity_list(request: HttpRequest) -> HttpResponseBase:
    """The newest first; those of one's own record are not among them."""
    scope, user = hr_scope(request), person(request)
    periods = (
        OpportunityPeriod.objects.visible_to(user)
        .filter(under_paths(hr_paths(user), "notice__appraisal__organization__path"))
        .exclude(notice__appraisal__employee=user)
        .loaded()
        .select_related("notice__appraisal__organization", "notice__appraisal__cycle")
        .order_by("-pk")
    )
    page = Paginator(periods, PAGE).get_page(request.GET.get("page"))
    asks_for_all = "format" in request.GET
    if asks_for_all and (file := download(request, _table(_rows(periods)), about=scope[0])):
        return file
    context = {
        "page": page,
        "table": _table(_rows(page.object_list)),
        "crumbs": [{"label": "HR", "url": reverse("hr_home")}, {"label": TITLE, "url": ""}],
    }
    return render(request, "appraisals/assistance/list.html", context)


def _rows(periods: Iterable[OpportunityPeriod]) -> list[Row]:
    """With what was proposed after each; one more query."""
    found = list(periods)
    records = {period.notice.appraisal_id for period in found}
    actions: dict[int, list[ProposedAction]] = {}
    for action in ProposedAction.objects.filter(document__appraisal__in=records).select_related(
        "document"
    ):
        actions.setdefault(action.document.appraisal_id, []).append(action)
    return [
        Row(period, next_step(period, actions.get(period.notice.appraisal_id, [])))
        for period in found
    ]


def _table(rows: list[Row]) -> Table[Row]:
    return Table(
        name="opportunity-periods",
        title=TITLE,
        columns=[
            Column("Employee", lambda row: row.name, url=lambda row: row.url),
            Column("Unit", lambda row: row.period.notice.appraisal.organization.name),
            Column("Began", lambda row: row.period.began_on),
            Column("Ends", lambda row: row.period.ends_on),
            Column("Days", lambda row: row.period.days_in_all, is_number=True),
            Column("Meetings", lambda row: len(row.period.meetings.all()), is_number=True),
            Column("Ended", lambda row: row.ended),
            Column("Next", lambda row: row.stands),
        ],
        rows=rows,
    )
