from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from orgchart import clock, selectors
from orgchart.models import Person
from orgchart.permissions import may_read_history
from orgchart.views.shared import crumbs_to, paged, person


@require_safe
def people_search(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    user, today = person(request), clock.today()
    page = paged(request, selectors.found_people(asked, user, on=today))
    places = selectors.assignments_by_person(page, user, on=today)
    rows = [{"person": found, "assignment": places.get(found.pk)} for found in page]
    context = {"asked": asked, "page": page, "rows": rows}
    return render(request, "orgchart/people_search.html", context)


@require_safe
def person_detail(request: HttpRequest, dod_id: str) -> HttpResponse:
    """Position and chain of command; the history only for those who may read it."""
    user, today = person(request), clock.today()
    found = get_object_or_404(Person.objects.visible_to(user, on=today), dod_id=dod_id)
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
        "crumbs": crumbs_to([], found.full_name, unit=unit),
        "above": [{"person": one, "assignment": places.get(one.pk)} for one in above],
        "reports": [{"person": one, "assignment": places.get(one.pk)} for one in page],
        "page": page,
        "history": selectors.history_of(found) if may_read_history(user, found) else None,
    }
    return render(request, "orgchart/person_detail.html", context)
