"""What a record is built from: whose it is, the cycle with its rules and goals, the season's days."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from appraisals import rules
from appraisals.demonstration.goals import GOAL_THEMES
from appraisals.demonstration.texts import Occupation, Theme
from appraisals.models import AppraisalCycle, Goal, MandatoryElement, PolicyEdition
from orgchart.models import Assignment, Organization, Person


@dataclass(frozen=True)
class Officials:
    rating_official: Person
    reviewer: Person
    organization: Organization


@dataclass(frozen=True)
class Subject:
    """Whose record is built, and who rates and reviews it. `after` takes over on `moved_on`."""

    assignment: Assignment
    officials: Officials
    occupation: Occupation
    people: int = 0
    story: str = ""
    after: Officials | None = None
    moved_on: dt.date | None = None
    moved_by: Person | None = None


class Program:
    """The cycle and what holds in it: policy, goals and mandatory elements by organization."""

    def __init__(self, cycle: AppraisalCycle) -> None:
        self.cycle = cycle
        self._goals: dict[tuple[int, Theme], Goal | None] = {}

    @cached_property
    def _editions(self) -> list[tuple[str, dt.date, PolicyEdition, rules.Policy]]:
        rows = PolicyEdition.objects.select_related("organization")
        found = [(row.organization.path, row.effective_on, row, row.rules()) for row in rows]
        return sorted(found, key=lambda each: (len(each[0]), each[1]), reverse=True)

    def policy(self, organization: Organization, on: dt.date) -> tuple[PolicyEdition, rules.Policy]:
        return next(
            (edition, numbers)
            for path, effective_on, edition, numbers in self._editions
            if organization.path.startswith(path) and effective_on <= on
        )

    @cached_property
    def _mandatory(self) -> list[MandatoryElement]:
        return list(MandatoryElement.objects.select_related("organization"))

    def mandatory(self, organization: Organization, on: dt.date) -> dict[str, MandatoryElement]:
        return {
            row.code: row
            for row in self._mandatory
            if organization.path.startswith(row.organization.path)
            and row.starts_on <= on
            and (row.ends_on is None or on <= row.ends_on)
        }

    @cached_property
    def _goals_by_path(self) -> dict[str, list[Goal]]:
        found: dict[str, list[Goal]] = {}
        for goal in self.cycle.goals.published().select_related("organization"):
            found.setdefault(goal.organization.path, []).append(goal)
        return found

    def goal(self, organization: Organization, theme: Theme) -> Goal | None:
        """The nearest goal with the theme; where no goal is about it, the nearest goal of all."""
        key = (organization.pk, theme)
        if key not in self._goals:
            self._goals[key] = self._nearest_goal(organization.path, theme)
        return self._goals[key]

    def _nearest_goal(self, path: str, theme: Theme) -> Goal | None:
        nearest: Goal | None = None
        while path.strip("/"):
            for goal in self._goals_by_path.get(path, []):
                nearest = nearest or goal
                if GOAL_THEMES.get((goal.organization.code, goal.title)) == theme:
                    return goal
            path = path[: path.rstrip("/").rfind("/") + 1]
        return nearest


@dataclass(frozen=True)
class Season:
    """The days on which the documents of one cycle usually begin, and how fast they go."""

    plan: dt.date
    review: dt.date
    second_review: dt.date
    narrative: dt.date
    annual: dt.date
    annual_sent: dt.date
    annual_sent_lately: dt.date
    annual_spread: int = 3
    is_hurried: bool = False


def imported_subjects(
    on: dt.date, occupation_for: Callable[[str, bool], Occupation]
) -> list[Subject]:
    """Everybody under the program on a day who has a rating official and a reviewer, from the rows."""
    rows = Assignment.objects.on(on).select_related("employee", "supervisor", "organization")
    by_employee = {row.employee_id: row for row in rows}
    reports = Counter(row.supervisor_id for row in by_employee.values())
    found = []
    for row in by_employee.values():
        above = by_employee.get(row.supervisor_id) if row.supervisor_id else None
        if not row.covered or above is None or row.supervisor is None or above.supervisor is None:
            continue
        found.append(
            Subject(
                assignment=row,
                officials=Officials(row.supervisor, above.supervisor, row.organization),
                occupation=occupation_for(row.occupational_series, row.is_supervisor),
                people=reports[row.employee_id],
            )
        )
    return found
