"""HR: records in the hands of somebody who is gone, or left behind in a move, with a way out for each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from appraisals.forms.departures import RepairForm
from appraisals.models import Appraisal
from appraisals.services.stranded import (
    BY_KEY,
    ELSEWHERE,
    OFFICIAL_GONE,
    Finding,
    Proposal,
    counts_of,
    scope_paths_of,
    stranded,
)
from appraisals.views.administration import hr_crumbs, scope_of
from appraisals.views.departures import settle_url
from appraisals.views.shared import person
from orgchart.templatetags.ui import plural

PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def stranded_list(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    user = person(request)
    paths = scope_paths_of(user)
    finding = BY_KEY.get(request.GET.get("what", ""), OFFICIAL_GONE)
    found = stranded(finding, paths).exclude(employee=user)
    page = Paginator(_with_people(found), PAGE).get_page(request.GET.get("page"))
    proposals = finding.propose(page.object_list)
    offered = [each.record.pk for each in proposals if _is_offered(each, finding)]
    form = RepairForm(request.POST or None, offered=offered)
    if request.method == "POST" and finding.act is not None and form.is_valid():
        given = form.cleaned_data
        done = finding.act(given["records"], by=user, reason=given["reason"])
        messages.success(request, plural(len(done), finding.done))
        return redirect(f"{reverse('stranded_list')}?{urlencode({'what': finding.key})}")
    context = {
        "finding": finding,
        "tabs": _tabs(finding, paths),
        "form": form,
        "page": page,
        "rows": [_row(each, finding, form) for each in proposals],
        "may_put_right": bool(offered),
        "crumbs": hr_crumbs("Stranded records"),
        "section": "hr_home",
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/departures/stranded.html", context, status=status)


def _with_people(found: Any) -> Any:
    return found.select_related(
        "employee", "rating_official", "higher_level_reviewer", "organization", "cycle"
    )


def _tabs(chosen: Finding, paths: list[str]) -> list[dict[str, object]]:
    return [
        {
            "label": f"{each.title} ({count:,})",
            "url": f"?{urlencode({'what': each.key})}",
            "current": each == chosen,
        }
        for each, count in counts_of(paths).items()
    ]


def _is_offered(proposal: Proposal, finding: Finding) -> bool:
    return not proposal.problem and finding.act is not None


def _row(proposal: Proposal, finding: Finding, form: RepairForm) -> dict[str, Any]:
    record: Appraisal = proposal.record
    ticked = form["records"].value() if form.is_bound else [str(record.pk)]
    return {
        "record": record,
        "proposal": proposal,
        "is_offered": _is_offered(proposal, finding),
        "settle_url": settle_url(record.employee) if finding == ELSEWHERE else "",
        "is_ticked": str(record.pk) in (ticked or []),
    }
