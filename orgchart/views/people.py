from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from orgchart import clock, selectors
from orgchart.models import Assignment, Person
from orgchart.permissions import may_read_history
from orgchart.search import MOST, find_people
from orgchart.views.shared import crumbs_to, is_for, paged, person


@require_safe
def people_search(request: HttpRequest) -> HttpResponse:
    """Whom the words fit; htmx asks for the results alone while they are typed."""
    asked = request.GET.get("q", "").strip()
    user, today = person(request), clock.today()
    found = find_people(asked, user, on=today)
    page = paged(request, found.people)
    held = selectors.newest_assignments(page, on=today)
    context = {
        "asked": asked,
        "found": found,
        "most": MOST,
        "page": page,
        "rows": [_result(one, held.get(one.pk), today) for one in page],
    }
    if is_for(request, "found"):
        return render(request, "orgchart/_found.html", context)
    return render(request, "orgchart/people_search.html", context)


def _result(one: Person, held: Assignment | None, today: date) -> dict[str, Any]:
    left_on = held.ends_on if held and held.ends_on and held.ends_on < today else None
    return {"person": one, "assignment": held, "left_on": left_on}


@require_safe
def person_detail(request: HttpRequest, dod_id: str) -> HttpResponse:
    """Position and chain of command; the history only for those who may read it."""
    user, today = person(request), clock.today()
    found = get_object_or_404(Person.objects.findable_by(user, on=today), dod_id=dod_id)
    above = selectors.chain_above(found, on=today)
    reports = selectors.direct_reports(found, on=today).visible_to(user, on=today).by_name()
    page = paged(request, reports)
    places = selectors.assignments_by_person([found, *above, *page], user, on=today)
    assignment = places.get(found.pk)
    unit = assignment.organization if assignment else None
    context = {
        "found": found,
        "is_self": found.pk == user.pk,
        "assignment": assignment,
        "last": None
        if assignment
        else selectors.newest_assignments([found], on=today).get(found.pk),
        "crumbs": crumbs_to([], found.full_name, unit=unit),
        "above": [{"person": one, "assignment": places.get(one.pk)} for one in above],
        "reports": [{"person": one, "assignment": places.get(one.pk)} for one in page],
        "page": page,
        "history": selectors.history_of(found) if may_read_history(user, found) else None,
    }
    return render(request, "orgchart/person_detail.html", context)
