"""A small organization with one person for every way of standing to a record.

Two divisions under one command in one component of the department, and a second component beside it.
"""

import datetime as dt
from dataclasses import dataclass

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Element,
    Goal,
    Kind,
    MandatoryElement,
    Milestone,
    MissionStatement,
    PolicyEdition,
    ReturnReason,
    SectionKind,
    State,
)
from appraisals.problems import plan_of
from appraisals.services.mandatory import create_mandatory
from appraisals.services.plan_change import (
    add_to_change,
    remove_in_change,
    reword_in_change,
    save_element_change,
    start_plan_change,
)
from appraisals.services.program import suggested_milestones
from appraisals.services.records import (
    start_annual_appraisal,
    start_progress_review,
    start_record,
)
from appraisals.services.writing import add_element, save_section
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Assignment, Organization, Person, RoleGrant

CYCLE_STARTS = dt.date(2026, 4, 1)
CYCLE_ENDS = dt.date(2027, 3, 31)
PRACTICE_DAY = dt.date(2027, 4, 6)
VALUES = "Leadership, professionalism and technical knowledge through dedication to duty, integrity, ethics, honor, courage and loyalty."
SECRET = "xyzzy-secret"
"""Stands in every text of the record under test; nobody who may not read it ever receives it."""

PEOPLE = {
    "secretary": "Secretary Top",
    "army_chief": "Ada Army",
    "navy_chief": "Nora Navy",
    "leader": "Lena Leader",
    "leader_elsewhere": "Leo Elsewhere",
    "higher_level_reviewer": "Henry Reviewer",
    "reviewer_elsewhere": "Rita Otherreviewer",
    "rating_official": "Dana Official",
    "former_rating_official": "Fern Former",
    "official_elsewhere": "Otto Otherofficial",
    "employee": "Maria Employee",
    "colleague": "Carl Colleague",
    "hr": "Hanna Human",
    "hr_elsewhere": "Hugo Faraway",
    "auditor": "Audra Auditor",
}


@dataclass
class Cast:
    people: dict[str, Person]
    places: dict[str, Organization]
    cycle: AppraisalCycle
    policy: PolicyEdition
    goals: list[Goal]

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def _people() -> dict[str, Person]:
    made = {}
    for number, (key, name) in enumerate(PEOPLE.items(), start=1):
        first, last = name.split()
        made[key] = Person.objects.create_user(
            email=f"{first}.{last}@example.mil",
            password="correct horse battery",
            dod_id=f"{2_000_000_000 + number}",
            first_name=first,
            last_name=last,
        )
    return made


def _places(people: dict[str, Person]) -> dict[str, Organization]:
    rows = [
        ("DOD", "Department of Defense", "department", None, "secretary"),
        ("ARMY", "Department of the Army", "component", "DOD", "army_chief"),
        ("CMD", "Installation Command", "command", "ARMY", "leader"),
        ("FIRE", "Fire Division", "division", "CMD", "higher_level_reviewer"),
        ("WORKS", "Works Division", "division", "CMD", "reviewer_elsewhere"),
        ("NAVY", "Department of the Navy", "component", "DOD", "navy_chief"),
        ("YARD", "Navy Yard", "command", "NAVY", "leader_elsewhere"),
    ]
    places: dict[str, Organization] = {}
    for code, name, kind, parent, head in rows:
        places[code] = Organization.objects.create(
            code=code,
            name=name,
            kind_id=kind,
            parent=places.get(parent or ""),
            head=people[head],
        )
        places[code].refresh_from_db()
    return places


def assign(
    person: Person,
    supervisor: Person | None,
    place: Organization,
    *,
    starts_on: dt.date = dt.date(2024, 1, 15),
    ends_on: dt.date | None = None,
    is_supervisor: bool = False,
    covered: bool = True,
) -> Assignment:
    return Assignment.objects.create(
        employee=person,
        supervisor=supervisor,
        organization=place,
        position_title="Firefighter" if not is_supervisor else "Supervisor",
        position_number="P-100",
        pay_plan="GS" if covered else "ES",
        occupational_series="0081",
        grade="08",
        step="3",
        duty_station="Fort Calloway, Virginia",
        is_supervisor=is_supervisor,
        bargaining_unit="7777",
        position_start_date=starts_on,
        covered=covered,
        exclusion_reason="" if covered else "Senior Executive Service",
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _assignments(people: dict[str, Person], places: dict[str, Organization]) -> None:
    boss = {"is_supervisor": True}
    assign(people["secretary"], None, places["DOD"], covered=False, **boss)
    assign(people["army_chief"], people["secretary"], places["ARMY"], covered=False, **boss)
    assign(people["navy_chief"], people["secretary"], places["NAVY"], covered=False, **boss)
    assign(people["leader"], people["army_chief"], places["CMD"], **boss)
    assign(people["leader_elsewhere"], people["navy_chief"], places["YARD"], **boss)
    assign(people["higher_level_reviewer"], people["leader"], places["FIRE"], **boss)
    assign(people["reviewer_elsewhere"], people["leader"], places["WORKS"], **boss)
    for key in ("rating_official", "former_rating_official"):
        assign(people[key], people["higher_level_reviewer"], places["FIRE"], **boss)
    assign(people["official_elsewhere"], people["reviewer_elsewhere"], places["WORKS"], **boss)
    changed = dt.date(2026, 6, 1)
    assign(
        people["employee"],
        people["former_rating_official"],
        places["FIRE"],
        ends_on=changed - dt.timedelta(days=1),
    )
    assign(people["employee"], people["rating_official"], places["FIRE"], starts_on=changed)
    assign(people["colleague"], people["rating_official"], places["FIRE"])
    assign(people["hr"], people["reviewer_elsewhere"], places["CMD"])
    assign(people["hr_elsewhere"], people["leader_elsewhere"], places["YARD"])
    assign(people["auditor"], people["army_chief"], places["ARMY"])
    Assignment.objects.filter(employee=people["employee"]).update(
        position_start_date=dt.date(2024, 1, 15)
    )


def _grants(people: dict[str, Person], places: dict[str, Organization]) -> None:
    for key, role, place in (
        ("hr", RoleGrant.Role.HR_ADMINISTRATOR, "CMD"),
        ("hr_elsewhere", RoleGrant.Role.HR_ADMINISTRATOR, "YARD"),
        ("auditor", RoleGrant.Role.AUDITOR, "ARMY"),
    ):
        RoleGrant.objects.create(
            person=people[key],
            role=role,
            organization=places[place],
            starts_on=dt.date(2024, 1, 1),
        )


def _program(
    people: dict[str, Person], places: dict[str, Organization]
) -> tuple[AppraisalCycle, PolicyEdition, list[Goal]]:
    top = places["DOD"]
    policy = PolicyEdition.objects.create(
        name="Volume 431, Change 4",
        organization=top,
        effective_on=dt.date(2020, 1, 1),
        core_values=VALUES,
        written_at=clock.now(),
    )
    cycle = AppraisalCycle.objects.create(
        name="FY 2027",
        organization=top,
        starts_on=CYCLE_STARTS,
        ends_on=CYCLE_ENDS,
        effective_on=dt.date(2027, 6, 1),
        opened_by=people["hr"],
        opened_at=clock.now(),
    )
    Milestone.objects.bulk_create(
        Milestone(cycle=cycle, kind=kind, due_on=due_on)
        for kind, due_on in suggested_milestones(
            cycle.starts_on, cycle.ends_on, cycle.effective_on
        ).items()
    )
    MissionStatement.objects.create(
        cycle=cycle, organization=top, text="Deter war.", published_at=clock.now()
    )
    goals: list[Goal] = []
    for code, title in (
        ("DOD", "Provide the forces needed to deter war"),
        ("ARMY", "Project power"),
        ("CMD", "Protect the installation"),
    ):
        goals.append(
            Goal.objects.create(
                cycle=cycle,
                organization=places[code],
                title=title,
                serves=goals[-1] if goals else None,
                published_at=clock.now(),
            )
        )
    MandatoryElement.objects.create(
        code="whistleblower",
        rule="R3.8",
        organization=top,
        applies_to="supervisors",
        starts_on=dt.date(2018, 1, 1),
        title="Whistleblower protection",
        standards="Responds constructively to protected disclosures.",
    )
    return cycle, policy, goals


def make_cast() -> Cast:
    people = _people()
    places = _places(people)
    _assignments(people, places)
    _grants(people, places)
    cycle, policy, goals = _program(people, places)
    return Cast(people, places, cycle, policy, goals)


def make_record(cast: Cast, *, on: dt.date = dt.date(2026, 6, 10)) -> Appraisal:
    """The employee's record with a plan of two complete elements, still a draft."""
    with clock.frozen(on):
        appraisal = start_record(cast.employee, cycle=cast.cycle, by=cast.rating_official)
        plan = plan_of(appraisal)
        assert plan is not None
        for number in (1, 2):
            add_element(
                plan,
                by=cast.rating_official,
                values={
                    "title": f"Element {number} {SECRET}",
                    "description": f"What it is {SECRET}",
                    "standards": f"90 of 100 alarms answered in 7 minutes {SECRET}",
                    "goal_id": cast.goals[-1].pk,
                    "is_supervisory": False,
                },
            )
    return appraisal


def take(document: Document, *names: str, cast: Cast, on: dt.date) -> Document:
    """Take these steps, each by the person whose step it is."""
    actors = {
        "approve": cast.higher_level_reviewer,
        "return_for_change": cast.higher_level_reviewer,
        "acknowledge": cast.employee,
        "share_input": cast.employee,
    }
    with clock.frozen(on):
        for name in names:
            document = advance(
                document,
                name,
                by=actors.get(name, cast.rating_official),
                given=Given(
                    reason=f"Because {SECRET}",
                    about=ReturnReason.NARRATIVE,
                    discussed_on=on,
                    method="F",
                ),
            )
    return document


PATH = {
    State.DRAFT: (),
    State.IN_REVIEW: ("submit",),
    State.APPROVED: ("submit", "approve"),
    State.COMMUNICATED: ("submit", "approve", "communicate"),
    State.ACKNOWLEDGED: ("submit", "approve", "communicate", "acknowledge"),
}


def fill_sections(document: Document, *, cast: Cast, on: dt.date) -> None:
    writers = {
        SectionKind.EMPLOYEE_INPUT: cast.employee,
        SectionKind.EMPLOYEE_COMMENT: cast.employee,
        SectionKind.DEVELOPMENT_NEEDS: cast.employee,
        SectionKind.RESOURCES_REQUESTED: cast.employee,
    }
    with clock.frozen(on):
        for section in document.sections.all():
            kind = SectionKind(section.kind)
            save_section(
                section,
                by=writers.get(kind, cast.rating_official),
                expected_version=section.version,
                text=f"{kind.label} {SECRET}",
                level=5 if kind == SectionKind.RATING else None,
            )


def make_plan_change(cast: Cast, appraisal: Appraisal, *, on: dt.date) -> Document:
    """Element 1 gets another standard, element 2 leaves, one is added; still a draft."""
    by = cast.rating_official
    with clock.frozen(on):
        change = start_plan_change(appraisal, by=by)
        first, second = Element.objects.filter(plan__appraisal=appraisal).order_by("number")[:2]
        reworded = reword_in_change(change, first, by=by)
        values = {name: getattr(first, name) for name in Element.CONTENT}
        save_element_change(
            reworded,
            by=by,
            expected_version=reworded.version,
            values=values | {"standards": f"95 of 100 alarms answered in 6 minutes {SECRET}"},
        )
        remove_in_change(change, second, by=by)
        add_to_change(change, by=by, values=values | {"title": f"Wildland fire {SECRET}"})
        reason = change.sections.get(kind=SectionKind.CHANGE_REASON)
        save_section(reason, by=by, expected_version=0, text=f"A new fire house opened {SECRET}")
    return change


def make_mandatory(
    cast: Cast, code: str = "CMD", *, applies_to: str = "everyone"
) -> MandatoryElement:
    """Written by HR of the command, in force since April."""
    return create_mandatory(
        cast.places[code],
        applies_to=applies_to,
        lasts=(CYCLE_STARTS, None),
        rule="R3.8",
        texts={
            "title": "Records management",
            "description": "",
            "standards": "Files each record within 5 days.",
        },
        by=cast.hr,
    )


def make_document(cast: Cast, kind: Kind, state: State) -> Document:
    """A document of any kind in any state, reached by the real steps."""
    appraisal = make_record(cast)
    plan = plan_of(appraisal)
    assert plan is not None
    if kind == Kind.PERFORMANCE_PLAN:
        return take(plan, *PATH[state], cast=cast, on=dt.date(2026, 6, 12))
    take(plan, *PATH[State.ACKNOWLEDGED], cast=cast, on=dt.date(2026, 6, 12))
    held = dt.date(2026, 10, 14)
    if kind == Kind.PLAN_CHANGE:
        return take(make_plan_change(cast, appraisal, on=held), *PATH[state], cast=cast, on=held)
    with clock.frozen(held):
        review = start_progress_review(appraisal, by=cast.rating_official)
    fill_sections(review, cast=cast, on=held)
    steps = tuple("finish" if name == "submit" else name for name in PATH[state])
    steps = tuple(name for name in steps if name != "approve")
    if kind == Kind.PROGRESS_REVIEW:
        return take(review, *steps, cast=cast, on=held)
    take(review, "finish", "communicate", "acknowledge", cast=cast, on=held)
    with clock.frozen(PRACTICE_DAY):
        annual = start_annual_appraisal(appraisal, by=cast.rating_official)
    fill_sections(annual, cast=cast, on=PRACTICE_DAY)
    return take(annual, *PATH[state], cast=cast, on=PRACTICE_DAY)
