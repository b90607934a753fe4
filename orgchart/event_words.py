"""What an OrgEvent says, in words; the names it needs are read once for a whole page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orgchart.models import Organization, OrgEvent, Person, RoleGrant
from orgchart.models.reorganization import Kind

OF_UNITS = (
    "organization_created",
    "organization_moved",
    "organization_renamed",
    "organization_merged",
    "organization_closed",
    "organization_reopened",
    "head_appointed",
    "reorganization_planned",
    "reorganization_undone",
    "reorganization_failed",
    "roster_imported",
    "role_granted",
    "role_revoked",
    "exported",
    "policy_begun",
    "policy_scheduled",
    "policy_withdrawn",
    "policy_discarded",
    "mandatory_element_written",
    "mandatory_element_reworded",
    "mandatory_element_pushed",
    "cycle_opened",
    "cycle_withdrawn",
)
OF_PEOPLE = (
    "assigned",
    "separated",
    "account_closed",
    "departure_planned",
    "departure_undone",
    "departure_failed",
)
_UNITS = ("was", "parent", "into", "unit")
_PEOPLE = ("was", "head", "supervisor")


@dataclass(frozen=True, slots=True)
class Names:
    """Of the units and people that the details of events name by key."""

    units: dict[int, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[OrgEvent]) -> "Names":
        details = [event.detail for event in events]
        details += [was for each in details if isinstance(was := each.get("was"), dict)]
        units = {each[key] for each in details for key in _UNITS if _is_key(each.get(key))}
        people = {each[key] for each in details for key in _PEOPLE if _is_key(each.get(key))}
        return cls(
            dict(Organization.objects.filter(pk__in=units).values_list("pk", "name")),
            {person.pk: person.full_name for person in Person.objects.filter(pk__in=people)},
        )

    def unit(self, key: int | None) -> str:
        return self.units.get(key or 0, "nothing above")

    def person(self, key: int | None) -> str:
        return self.people.get(key or 0, "nobody")


def words(event: OrgEvent, names: Names) -> str:
    detail: dict[str, Any] = event.detail
    what = event.what
    if what.startswith("reorganization_"):
        return _of_reorganization(what, detail)
    if what.startswith(("policy_", "cycle_", "mandatory_")):
        return _of_program(what, detail)
    person = event.person.full_name if event.person else "nobody"
    texts: dict[str, Callable[[], str]] = {
        "organization_created": lambda: "Set up",
        "organization_moved": lambda: (
            f"Moved from {names.unit(detail['was'])} to {names.unit(detail['parent'])}"
        ),
        "organization_renamed": lambda: f"Renamed from “{detail['was']}” to “{detail['name']}”",
        "organization_merged": lambda: (
            f"Merged into {names.unit(detail['into'])} and closed from {_day(detail['on'])} on"
        ),
        "organization_closed": lambda: f"Closed from {_day(detail['on'])} on",
        "organization_reopened": lambda: (
            f"Reopened, after it was closed on {_day(detail['closed_on'])}"
        ),
        "head_appointed": lambda: _head(event, names),
        "roster_imported": lambda: _roster(detail),
        "role_granted": lambda: f"{person} was made {_role(detail)}",
        "role_revoked": lambda: f"{person} is no longer {_role(detail)} after {_day(detail['on'])}",
        "exported": lambda: f"Downloaded, {detail['rows']:,} rows: {detail['table']}",
        "assigned": lambda: _assigned(person, detail, names),
        "separated": lambda: f"{person} left",
        "account_closed": lambda: (
            f"{person}: the account was closed, last day {_day(detail['on'])}"
        ),
        "departure_planned": lambda: f"{person}: last day {_day(detail['on'])}, planned",
        "departure_undone": lambda: f"{person}: last day {_day(detail['on'])}, taken back",
        "departure_failed": lambda: (
            f"{person}: last day {_day(detail['on'])}, could not be carried out. {detail['outcome']}"
        ),
    }
    return texts[what]() if what in texts else what.replace("_", " ").capitalize()


def _of_reorganization(what: str, detail: dict[str, Any]) -> str:
    kind = Kind(detail["kind"]).label
    day = _day(detail["effective_on"])
    if what == "reorganization_planned":
        return f"Planned for {day}: {kind}"
    if what == "reorganization_undone":
        return f"Taken back, planned for {day}: {kind}"
    return f"Could not be done on {day}: {kind}. {detail['outcome']}"


_MANDATORY = {
    "mandatory_element_written": "Mandatory element {0} written",
    "mandatory_element_reworded": "Mandatory element {0} worded anew",
    "mandatory_element_pushed": "Mandatory element {0} put into {1:,} plans: {2}",
}


def _of_program(what: str, detail: dict[str, Any]) -> str:
    """What HR decides about the year and its rules; a withdrawal says why."""
    name = f"“{detail['name']}”"
    if what == "cycle_opened":
        return f"Cycle {name} opened, {_day(detail['starts_on'])} to {_day(detail['ends_on'])}"
    if what == "cycle_withdrawn":
        return f"Cycle {name} withdrawn: {detail['reason']}"
    if what == "policy_begun":
        return f"A policy edition was begun: {name}"
    if what == "policy_discarded":
        return f"The draft of a policy edition was discarded: {name}"
    if what in _MANDATORY:
        return _MANDATORY[what].format(name, detail.get("plans", 0), detail.get("reason", ""))
    day = _day(detail["effective_on"])
    if what == "policy_scheduled":
        return f"Policy edition {name} scheduled, in force from {day}: {detail['reason']}"
    return f"Policy edition {name} withdrawn before {day}: {detail['reason']}"


def _head(event: OrgEvent, names: Names) -> str:
    before = names.person(event.detail.get("was"))
    if event.person is None:
        return f"The place of the head fell vacant; before: {before}"
    return f"{event.person.full_name} became head; before: {before}"


def _roster(detail: dict[str, Any]) -> str:
    counts = (
        (detail.get("organizations_created", 0), "units new"),
        (detail.get("organizations_changed", 0), "units changed"),
        (detail.get("employees_created", 0), "people new"),
        (detail.get("employees_changed", 0), "people changed"),
    )
    parts = ", ".join(f"{count:,} {noun}" for count, noun in counts if count)
    return f"Roster imported for {_day(detail['effective_on'])}: {parts or 'nothing changed'}"


def _assigned(person: str, detail: dict[str, Any], names: Names) -> str:
    text = (
        f"{person}: {detail['position']} in {names.unit(detail['unit'])} "
        f"under {names.person(detail['supervisor'])} from {_day(detail['starts_on'])} on"
    )
    was = detail.get("was")
    if not was:
        return text
    return f"{text}; before: {names.unit(was['unit'])} under {names.person(was['supervisor'])}"


def _role(detail: dict[str, Any]) -> str:
    return str(RoleGrant.Role(detail["role"]).label)


def _day(value: str) -> str:
    return f"{date.fromisoformat(value):%-d %B %Y}"


def _is_key(value: object) -> bool:
    return isinstance(value, int)
