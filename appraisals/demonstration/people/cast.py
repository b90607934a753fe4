"""One invented person, and short ways to write one down."""

from dataclasses import dataclass
from datetime import date

from orgchart.rules import fold

DOMAIN = "example.mil"


@dataclass(frozen=True)
class PersonText:
    """`occupation` "" for those who are not covered. `story` names a course of the cycle written for them."""

    unit: str
    first: str
    last: str
    title: str
    pay_plan: str
    series: str
    grade: str
    occupation: str = ""
    is_head: bool = False
    covered: bool = True
    exclusion_reason: str = ""
    middle: str = ""
    address: str = ""
    arrived_on: date | None = None
    moved_from: str = ""
    moved_on: date | None = None
    story: str = ""

    @property
    def email(self) -> str:
        return (
            f"{self.address or '.'.join(_run(name) for name in (self.first, self.last))}@{DOMAIN}"
        )


def _run(name: str) -> str:
    return fold(name).replace(" ", "")


def head(
    unit: str,
    first: str,
    last: str,
    title: str,
    series: str,
    grade: str,
    *,
    field: str,
    pay_plan: str = "GS",
    story: str = "",
) -> PersonText:
    return PersonText(
        unit,
        first,
        last,
        title,
        pay_plan,
        series,
        grade,
        f"supervisor_{field}",
        is_head=True,
        story=story,
    )


def not_covered(
    unit: str,
    first: str,
    last: str,
    title: str,
    why: str,
    *,
    pay: tuple[str, str, str],
    is_head: bool = True,
) -> PersonText:
    pay_plan, series, grade = pay
    return PersonText(
        unit,
        first,
        last,
        title,
        pay_plan,
        series,
        grade,
        is_head=is_head,
        covered=False,
        exclusion_reason=why,
    )


@dataclass(frozen=True)
class Job:
    """A position that several people of a unit hold."""

    title: str
    series: str
    grade: str
    occupation: str
    pay_plan: str = "GS"


def staff(
    unit: str,
    job: Job,
    first: str,
    last: str,
    *,
    grade: str = "",
    story: str = "",
    middle: str = "",
    address: str = "",
    arrived_on: date | None = None,
) -> PersonText:
    return PersonText(
        unit,
        first,
        last,
        job.title,
        job.pay_plan,
        job.series,
        grade or job.grade,
        job.occupation,
        middle=middle,
        address=address,
        arrived_on=arrived_on,
        story=story,
    )


FIREFIGHTER = Job("Firefighter", "0081", "08", "firefighter")
POLICE_OFFICER = Job("Police Officer", "0083", "07", "police_officer")
ENGINEER = Job("General Engineer", "0801", "12", "engineer")
ELECTRICIAN = Job("Electrician", "2805", "10", "electrician", "WG")
ENVIRONMENTAL = Job("Environmental Protection Specialist", "0028", "11", "environmental")
HOUSING = Job("Housing Management Specialist", "1173", "09", "housing")
CHILD_CARE = Job("Child and Youth Program Assistant", "1702", "05", "child_care")
RECREATION = Job("Recreation Specialist", "0188", "09", "recreation")
HR_SPECIALIST = Job("Human Resources Specialist", "0201", "11", "hr_specialist")
MANAGEMENT_ANALYST = Job("Management and Program Analyst", "0343", "12", "management_analyst")
BUDGET_ANALYST = Job("Budget Analyst", "0560", "11", "budget_analyst")
CONTRACT_SPECIALIST = Job("Contract Specialist", "1102", "11", "contract_specialist")
IT_SPECIALIST = Job("Information Technology Specialist", "2210", "11", "it_specialist")
LOGISTICS = Job("Logistics Management Specialist", "0346", "11", "logistics")
ADMINISTRATIVE = Job("Administrative Assistant", "0303", "06", "administrative")
