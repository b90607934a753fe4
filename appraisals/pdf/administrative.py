"""The cover line and Part A: who, when, which position (R15.2, R15.3)."""

from dataclasses import dataclass

from appraisals.models import Appraisal
from orgchart.models import Organization, Person
from orgchart.templatetags.ui import day


@dataclass(frozen=True)
class Block:
    """One block of the form; `share` is its part of the line's width."""

    label: str
    value: str = ""
    share: str = "half"


@dataclass(frozen=True)
class Cover:
    """`who` stands in the running head; `name` is as on the form, last name first."""

    who: str
    name: str
    dod_id: str
    year: str
    component: str
    part_a: list[Block]


LABELS = (
    ("1a. Appraisal period: start date", "third"),
    ("1b. Appraisal period: end date", "third"),
    ("1c. Rating of record: effective date", "third"),
    ("2. Employee name", "half"),
    ("3. DoD ID number", "half"),
    ("4. Position title and position description code", "half"),
    ("5. Pay plan, occupational code, grade and step", "half"),
    ("6. Organization", "half"),
    ("7. Duty station", "half"),
)


def cover_of(appraisal: Appraisal) -> Cover:
    employee, cycle = appraisal.employee, appraisal.cycle
    name = last_name_first(employee)
    step = f", step {appraisal.step}" if appraisal.step else ""
    values = (
        day(cycle.starts_on),
        day(cycle.ends_on),
        day(cycle.effective_on),
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


def part_a(values: tuple[str, ...] = ("",) * len(LABELS)) -> list[Block]:
    return [
        Block(label, value, share) for (label, share), value in zip(LABELS, values, strict=True)
    ]


def last_name_first(person: Person) -> str:
    return f"{person.last_name}, {person.first_name} {person.middle_name}".strip()


def component_of(organization: Organization) -> str:
    above = Organization.objects.filter(
        pk__in=[*organization.ancestor_ids, organization.pk], kind="component"
    )
    return above.values_list("name", flat=True).first() or organization.name
