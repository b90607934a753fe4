"""What happened to people and places, as it is kept."""

from typing import Any

from orgchart import clock
from orgchart.models import Organization, OrgEvent, Person


def record(
    what: str,
    *,
    by: Person | None,
    person: Person | None = None,
    organization: Organization | None = None,
    **detail: Any,
) -> OrgEvent:
    return OrgEvent.objects.create(
        at=clock.now(), by=by, what=what, person=person, organization=organization, detail=detail
    )
