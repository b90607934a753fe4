"""What happened to a unit and to who works in it, the newest first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from orgchart.event_words import OF_PEOPLE, OF_UNITS, Names, words
from orgchart.models import Organization, OrgEvent
from orgchart.permissions import may_read_org_events
from orgchart.selectors import ancestors_of
from orgchart.views.shared import crumbs_to, paged, person

TABS = {"": "This unit", "below": "With all units below", "people": "People of this unit"}


@require_safe
def organization_events(request: HttpRequest, code: str) -> HttpResponse:
    unit = get_object_or_404(Organization, code=code)
    if not may_read_org_events(person(request), unit):
        raise Http404
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in TABS else ""
    events = OrgEvent.objects.filter(what__in=OF_PEOPLE if chosen == "people" else OF_UNITS)
    if chosen == "below":
        events = events.filter(organization__path__startswith=unit.path)
    else:
        events = events.filter(organization=unit)
    page = paged(request, events.select_related("by", "person", "organization").order_by("-pk"))
    names = Names.of(page.object_list)
    url = request.path
    context = {
        "unit": unit,
        "page": page,
        "rows": [{"event": event, "words": words(event, names)} for event in page],
        "shows_below": chosen == "below",
        "tabs": [
            {"label": label, "url": f"{url}?show={key}" if key else url, "current": key == chosen}
            for key, label in TABS.items()
        ],
        "crumbs": crumbs_to(ancestors_of(unit), "History", unit=unit),
    }
    return render(request, "orgchart/organization_events.html", context)
