"""The higher level reviewer: the queue, and how each supervisor below stands."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from appraisals.models import Appraisal, AppraisalCycle, Document, State
from appraisals.selectors import with_documents
from appraisals.turns import turn_of
from appraisals.views.board import current_assignments
from appraisals.views.rows import document_url, job_of, record_row, show_cycle, tag_of
from appraisals.views.shared import person
from appraisals.views.supervisor_standing import SHOWN, Standing, standings_of
from orgchart import clock
from orgchart.models import Assignment, Person

PAGE = 25


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Oldest first: the order in which one document follows the other."""
    user = person(request)
    queue = (
        Document.objects.filter(state=State.IN_REVIEW, appraisal__higher_level_reviewer=user)
        .with_people()
        .order_by("state_since", "pk")
    )
    page = Paginator(queue, PAGE).get_page(request.GET.get("page"))
    asked = [document.appraisal_id for document in page.object_list]
    records = {each.pk: each for each in with_documents(Appraisal.objects.filter(pk__in=asked))}
    today = clock.today()
    show_cycle(request, next((each.cycle for each in records.values()), None))
    rows = []
    for document in page.object_list:
        appraisal = records[document.appraisal_id]
        turn = turn_of(document, appraisal)
        kind, words = tag_of(turn, user, today=today)
        rows.append(
            {
                "person": appraisal.employee,
                "job": job_of(appraisal),
                "document": document,
                "cycle": appraisal.cycle,
                "official": appraisal.rating_official,
                "kind": kind,
                "words": words,
                "is_late": turn.is_late,
                "url": document_url(turn, user),
                "verb": turn.verb,
            }
        )
    return render(
        request,
        "appraisals/reviews/queue.html",
        {"page": page, "rows": rows, "late": sum(bool(row["is_late"]) for row in rows)},
    )


def reviewed_cycles(user: Person) -> list[AppraisalCycle]:
    """Newest first; the cycles whose records this person reviews."""
    reviewed = Appraisal.objects.filter(cycle=OuterRef("pk"), higher_level_reviewer=user)
    return list(AppraisalCycle.objects.filter(Exists(reviewed)))


def season(cycles: list[AppraisalCycle]) -> AppraisalCycle | None:
    """The oldest cycle whose ratings are not in effect yet: what there is most to do about."""
    today = clock.today()
    open_cycles = [cycle for cycle in cycles if cycle.effective_on >= today]
    return open_cycles[-1] if open_cycles else next(iter(cycles), None)


def _address(cycle: AppraisalCycle | None, **asked: str | int) -> str:
    query = {"cycle": cycle.pk, **asked} if cycle else asked
    return f"{reverse('supervisors')}?{urlencode(query)}"


def _chosen(request: HttpRequest, cycles: list[AppraisalCycle]) -> AppraisalCycle | None:
    asked = request.GET.get("cycle", "")
    if not asked:
        return season(cycles)
    cycle = next((each for each in cycles if str(each.pk) == asked), None)
    if cycle is None:
        raise Http404
    return cycle


def second_level_people(user: Person) -> list[Assignment]:
    """Who answers today to somebody that answers to `user`."""
    reports = Assignment.objects.on(clock.today()).filter(supervisor=user)
    return current_assignments(Q(supervisor__in=reports.values("employee")))


@require_safe
def supervisors(request: HttpRequest) -> HttpResponse:
    user = person(request)
    cycles = reviewed_cycles(user)
    cycle = _chosen(request, cycles)
    show_cycle(request, cycle)
    standings: list[Standing] = []
    if cycle is not None:
        records = Appraisal.objects.filter(higher_level_reviewer=user, cycle=cycle)
        standings = standings_of(list(with_documents(records)), second_level_people(user), cycle)
    tabs = [
        {"label": each.name, "url": _address(each), "current": each == cycle} for each in cycles
    ]
    if request.GET.get("official"):
        return _one_supervisor(request, standings, cycle)
    return render(
        request,
        "appraisals/reviews/supervisors.html",
        {"tabs": tabs, "cycle": cycle, "table": standings_table(standings, cycle)},
    )


def standings_table(
    standings: list[Standing], cycle: AppraisalCycle | None
) -> list[dict[str, object]]:
    """Each number with the address of the list behind it; none where there is nobody to list."""
    table: list[dict[str, object]] = []
    for each in standings:
        pk = each.official.pk
        counts = [
            {
                "name": name,
                "label": SHOWN[name][0],
                "count": count,
                "url": _address(cycle, official=pk, show=name) if count else "",
            }
            for name, count in each.counts.items()
        ]
        table.append(
            {
                "official": each.official,
                "people": each.people,
                "url": _address(cycle, official=pk),
                "counts": counts,
            }
        )
    return table


def _one_supervisor(
    request: HttpRequest, standings: list[Standing], cycle: AppraisalCycle | None
) -> HttpResponse:
    asked, show = request.GET["official"], request.GET.get("show", "")
    standing = next((each for each in standings if str(each.official.pk) == asked), None)
    if standing is None or (show and show not in SHOWN):
        raise Http404
    records = standing.having(show) if show else standing.records
    user, today = person(request), clock.today()
    rows = sorted(
        (record_row(record, user, today=today) for record in records), key=lambda row: row.order
    )
    pk = standing.official.pk
    tabs = [{"label": "Everybody", "url": _address(cycle, official=pk), "current": not show}]
    tabs += [
        {
            "label": f"{label} {len(standing.having(name))}",
            "url": _address(cycle, official=pk, show=name),
            "current": name == show,
        }
        for name, (label, _) in SHOWN.items()
    ]
    return render(
        request,
        "appraisals/reviews/supervisor.html",
        {
            "official": standing.official,
            "cycle": cycle,
            "rows": rows,
            "without": [] if show else standing.without,
            "tabs": tabs,
            "crumbs": [
                {"label": "Reviews", "url": reverse("review_queue")},
                {"label": "Supervisors", "url": _address(cycle)},
                {"label": standing.official.full_name, "url": ""},
            ],
        },
    )
