"""The organizations and people of the demonstration as rows."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password

from appraisals.demonstration.occupations import OCCUPATIONS
from appraisals.demonstration.organizations import UNITS
from appraisals.demonstration.people import PEOPLE
from appraisals.demonstration.people.cast import PersonText
from appraisals.demonstration.program import Officials, Subject
from orgchart.models import Assignment, Organization, Person, RoleGrant

PASSWORD = "Calloway-Practice-2027"  # noqa: S105 - for practice only; printed for everybody to see
# A fixed salt: starting over gives the same hash, so nobody who is signed in is thrown out. It is
# long enough for Django not to replace it at the first sign-in.
_SALT = "dpmap-demonstration-salt"

GRANTS: tuple[tuple[str, str, str], ...] = (
    ("helena.strand", "hr_administrator", "DOD"),
    ("miriam.castellano", "hr_administrator", "CALLOWAY"),
    ("neville.ashworth", "hr_administrator", "PORTWELL"),
    ("robert.ashby", "auditor", "DOD"),
    ("wendell.fujimoto", "system_administrator", "DOD"),
)
# The first whom practice mode offers, in this order.
CAST: tuple[str, ...] = (
    "maria.ortega",
    "dana.whitfield",
    "henry.okafor",
    "ana.reyes",
    "miriam.castellano",
    "robert.ashby",
    "neville.ashworth",
    "gordon.tremaine",
    "terrence.blake",
    "linh.nguyen",
    "paul.sorensen",
    "aisha.khan",
    "robert.jensen",
)
GRANTED_ON = dt.date(2024, 10, 1)


@dataclass
class Place:
    """Rows by their code or their e-mail address without the domain."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    texts: dict[str, PersonText] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)

    def leader_of(self, unit: str, *, but: str) -> str | None:
        """Who leads the nearest unit, from this one upwards, that somebody else leads."""
        by_code = {each.code: each for each in UNITS}
        code = unit
        while code:
            leader = self.heads.get(code)
            if leader is not None and leader != but:
                return leader
            code = by_code[code].parent
        return None


def build_place() -> Place:
    place = Place()
    known = {text.email.split("@")[0]: text for text in PEOPLE}
    place.texts = {key: known[key] for key in (*CAST, *known)}
    place.heads = {text.unit: key for key, text in known.items() if text.is_head}
    _organizations(place)
    _people(place)
    _heads(place)
    _assignments(place)
    RoleGrant.objects.bulk_create(
        RoleGrant(
            person=place.people[key],
            role=role,
            organization=place.organizations[code],
            starts_on=GRANTED_ON,
        )
        for key, role, code in GRANTS
    )
    return place


def _organizations(place: Place) -> None:
    """One at a time from the top: the database makes each path from its parent's."""
    for unit in UNITS:
        parent = place.organizations.get(unit.parent)
        row = Organization(code=unit.code, name=unit.name, kind_id=unit.kind, parent=parent)
        row.save()
        place.organizations[unit.code] = row
    for row in Organization.objects.all():
        place.organizations[row.code].path = row.path


def _people(place: Place) -> None:
    password = make_password(PASSWORD, salt=_SALT)
    for number, (key, text) in enumerate(place.texts.items(), start=1):
        person = Person(
            dod_id=f"{1_200_000_000 + number * 7919}",
            email=text.email,
            first_name=text.first,
            middle_name=text.middle,
            last_name=text.last,
            password=password,
        )
        person.refresh_search_text()
        place.people[key] = person
    Person.objects.bulk_create(place.people.values())


def _heads(place: Place) -> None:
    for unit, key in place.heads.items():
        place.organizations[unit].head = place.people[key]
    Organization.objects.bulk_update(place.organizations.values(), ["head"])


def _assignments(place: Place) -> None:
    stations = {unit.code: unit.duty_station for unit in UNITS}
    earlier: list[Assignment] = []
    for number, (key, text) in enumerate(place.texts.items(), start=1):
        row = _assignment(place, key, text, text.unit, stations)
        row.position_number = f"{text.unit.split('-')[0]}-{4000 + number * 3}"
        if text.moved_on:
            former = _assignment(place, key, text, text.moved_from, stations)
            former.position_number = f"{text.moved_from.split('-')[0]}-{4001 + number * 3}"
            former.ends_on = text.moved_on - dt.timedelta(days=1)
            row.starts_on = text.moved_on
            earlier.append(former)
        place.assignments[key] = row
    Assignment.objects.bulk_create([*place.assignments.values(), *earlier])


def _assignment(
    place: Place, key: str, text: PersonText, unit: str, stations: dict[str, str]
) -> Assignment:
    random = Random(text.email)  # noqa: S311 - the same dates every time, not a secret
    leader = place.leader_of(unit, but=key)
    drawn = dt.date(2012 + random.randrange(12), 1 + random.randrange(12), 1 + random.randrange(28))
    began = text.arrived_on or drawn
    return Assignment(
        employee=place.people[key],
        supervisor=place.people[leader] if leader else None,
        organization=place.organizations[unit],
        position_title=text.title,
        pay_plan=text.pay_plan,
        occupational_series=text.series,
        grade=text.grade,
        step=f"{1 + random.randrange(10):02d}" if text.covered else "",
        duty_station=stations[unit],
        is_supervisor=text.is_head,
        bargaining_unit="8888" if text.is_head or not text.covered else "0027",
        position_start_date=began,
        covered=text.covered,
        exclusion_reason=text.exclusion_reason,
        starts_on=began,
    )


def subjects_of(place: Place) -> list[Subject]:
    """Everybody under the program who has a rating official and a reviewer."""
    found = []
    for key, text in place.texts.items():
        now = _officials(place, key, text.unit)
        if not text.covered or now is None:
            continue
        before = _officials(place, key, text.moved_from) if text.moved_on else None
        found.append(
            Subject(
                assignment=place.assignments[key],
                officials=before or now,
                occupation=OCCUPATIONS[text.occupation],
                people=sum(
                    each.supervisor_id == place.people[key].pk
                    for each in place.assignments.values()
                ),
                story=text.story,
                after=now if before else None,
                moved_on=text.moved_on,
                moved_by=place.people["miriam.castellano"] if before else None,
            )
        )
    return found


def _officials(place: Place, key: str, unit: str) -> Officials | None:
    rating_official = place.leader_of(unit, but=key)
    if rating_official is None:
        return None
    reviewer = place.leader_of(place.texts[rating_official].unit, but=rating_official)
    if reviewer is None:
        return None
    return Officials(
        place.people[rating_official], place.people[reviewer], place.organizations[unit]
    )
