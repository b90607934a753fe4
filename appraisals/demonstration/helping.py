"""Who drafted for whom, and the courses that supervisors completed."""

import datetime as dt
from collections.abc import Mapping

from appraisals.models import SupervisorTraining
from appraisals.services.delegating import delegate
from orgchart import clock
from orgchart.models import Assignment, Organization, OrgEvent, Person

COURSE = "DPMAP for supervisors, two days"
_WEEKS = 3
# Rating official, delegate, days before today on which it began, how many days it lasts, why.
_DELEGATIONS = (
    (
        "dana.whitfield",
        "calvin.brooks",
        57,
        12,
        "Annual leave. Calvin knows the crews from the joint exercise.",
    ),
    ("calvin.brooks", "charlene.dubois", 4, 24, "Command course at Fort Leavenworth this month."),
)


def build_helping(people: Mapping[str, Person], garrison: Organization, *, until: dt.date) -> None:
    _build_delegations(people, until=until)
    _build_training(people["miriam.castellano"], garrison, until=until)


def _build_delegations(people: Mapping[str, Person], *, until: dt.date) -> None:
    for principal, to, ago, days, reason in _DELEGATIONS:
        first = until - dt.timedelta(days=ago)
        with clock.frozen(first, at=dt.time(8, 40)):
            delegate(
                people[principal],
                to=people[to],
                starts_on=first,
                ends_on=first + dt.timedelta(days=days),
                reason=reason,
                by=people[principal],
            )


def _build_training(human_resources: Person, garrison: Organization, *, until: dt.date) -> None:
    """Most had their course in the last three years; of the rest some are due and two are late."""
    held = Assignment.objects.on(until).filter(
        organization__path__startswith=garrison.path, is_supervisor=True
    )
    led = [each.employee for each in held.select_related("employee").order_by("employee__dod_id")]
    with clock.frozen(until, at=dt.time(15, 20)):
        at = clock.now()
    courses = [
        SupervisorTraining(
            person=person,
            course=COURSE,
            completed_on=until - dt.timedelta(days=_days_ago(number)),
            recorded_by=human_resources,
            recorded_at=at,
        )
        for number, person in enumerate(led)
        if person != human_resources
    ]
    SupervisorTraining.objects.bulk_create(courses)
    OrgEvent.objects.bulk_create(
        OrgEvent(
            at=at,
            by=human_resources,
            what="training_recorded",
            person=course.person,
            organization=garrison,
            detail={"course": COURSE, "completed_on": course.completed_on.isoformat()},
        )
        for course in courses
    )


def _days_ago(number: int) -> int:
    """Courses are held every three weeks."""
    if number % 13 == 7:
        return 3 * 365 + 40
    if number % 9 == 5:
        return 3 * 365 - 50
    return 30 + 7 * _WEEKS * (number * 5 % 43)
