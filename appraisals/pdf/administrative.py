"""The cover line and Part A: who, when, which position (R15.2, R15.3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from appraisals.models import Appraisal
from orgchart.models import Organization, Person
from orgchart.templatetags.ui import day


@dataclass(frozen=True)
class Block:
    label: str
    value: str = ""


@dataclass(frozen=True)
class Cover:
    """`who` stands in the running head; `name` is as on the form, last name first."""

    who: str
    name: str
    dod_id: str
    year: str
    component: str
    part_a: list[list[list[Block]]]
    """Tables of lines of blocks; blocks of one table are equally wide."""


LABELS = (
    (
        (
            "1a. Appraisal period: start date",
            "1b. Appraisal period: end date",
            "1c. Rating of record: effective date",
        ),
    ),
    (
        ("2. Employee name", "3. DoD ID number"),
        (
            "4. Position title and position description code",
            "5. Pay plan, occupational code, grade and step",
        ),
        ("6. Organization", "7. Duty station"),
    ),
)


def cover_of(appraisal: Appraisal) -> Cover:
    employee, cycle = appraisal.employee, appraisal.cycle
    rated = getattr(appraisal, "rating_of_record", None)
    name = last_name_first(employee)
    step = f", step {appraisal.step}" if appraisal.step else ""
    values = (
        day(cycle.starts_on),
        day(appraisal.period_ends_on),
        day(rated.effective_on if rated else cycle.effective_on),
        name,
        employee.dod_id,
        " · ".join(filter(None, (appraisal.position_title, appraisal.position_number))),
        f"{appraisal.pay_plan}-{appraisal.occupational_series}-{appraisal.grade}{step}",
        appraisal.organization.name,
        appraisal.duty_station or "—",
    )
    return Cover(
        who=employee.full_name,
        name=name,
        dod_id=employee.dod_id,
        year=cycle.name,
        component=component_of(appraisal.organization),
        part_a=part_a(values),
    )


def part_a(values: Iterable[str] = ()) -> list[list[list[Block]]]:
    """Without values: blank."""
    given = iter(values)
    return [
        [[Block(label, next(given, "")) for label in line] for line in lines] for lines in LABELS
    ]


def last_name_first(person: Person) -> str:
    return f"{person.last_name}, {person.first_name} {person.middle_name}".strip()


def component_of(organization: Organization) -> str:
    above = Organization.objects.filter(
        pk__in=[*organization.ancestor_ids, organization.pk], kind="component"
    )
    return above.values_list("name", flat=True).first() or organization.name
