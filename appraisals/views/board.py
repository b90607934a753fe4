"""A supervisor's team: who is on it, and the record of each that waits now."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from appraisals.models import Appraisal, AppraisalCycle
from appraisals.selectors import open_appraisals, with_documents
from appraisals.turns import first_turn
from appraisals.views.rows import Row, record_row, running_cycles, unplanned_row
from orgchart import clock
from orgchart.models import Assignment, Person


@dataclass(frozen=True, slots=True)
class Team:
    """The direct reports of `user` today, the cycle that runs for each, and the records in hand.

    `records` holds more than `user` may open (a report's record with an earlier rating official):
    rows are made of `rated` only.
    """

    user: Person
    reports: list[Assignment]
    cycles: dict[int, AppraisalCycle]
    records: list[Appraisal]

    def rated(self, employee_id: int) -> list[Appraisal]:
        """The records `user` rates, oldest cycle first."""
        return sorted(
            (
                record
                for record in self.records
                if record.employee_id == employee_id and record.rating_official_id == self.user.pk
            ),
            key=lambda record: record.cycle.starts_on,
        )

    def cycle_of(self, report: Assignment) -> AppraisalCycle | None:
        return self.cycles.get(report.organization_id)

    def held(self, report: Assignment) -> Appraisal | None:
        """The record of the running cycle, whoever rates it."""
        cycle = self.cycle_of(report)
        return next(
            (
                record
                for record in self.records
                if cycle
                and record.employee_id == report.employee_id
                and record.cycle_id == cycle.pk
            ),
            None,
        )

    def without_plan(self) -> list[Assignment]:
        return [
            report
            for report in self.reports
            if report.covered and self.cycle_of(report) and self.held(report) is None
        ]


def current_assignments(condition: Q) -> list[Assignment]:
    return list(
        Assignment.objects.on(clock.today())
        .filter(condition)
        .select_related("employee", "organization", "supervisor")
        .order_by("employee__last_name", "employee__first_name", "pk")
    )


def still_of_interest(records: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """Not finished, or of a cycle whose ratings have not yet come into effect."""
    return open_appraisals(records) | records.filter(cycle__effective_on__gte=clock.today())


def load_team(user: Person) -> Team:
    reports = current_assignments(Q(supervisor=user))
    people = [report.employee_id for report in reports]
    records = Appraisal.objects.filter(Q(rating_official=user) | Q(employee__in=people))
    return Team(
        user,
        reports,
        running_cycles((report.organization for report in reports), on=clock.today()),
        list(with_documents(still_of_interest(records))),
    )


def _is_waiting(record: Appraisal) -> bool:
    return first_turn(record).party is not None


def _report_row(team: Team, report: Assignment) -> Row:
    """The oldest record that waits for somebody; else the plan to be started; else what there is."""
    today = clock.today()
    rated = team.rated(report.employee_id)
    waiting = next((record for record in rated if _is_waiting(record)), None)
    if waiting:
        return record_row(waiting, team.user, today=today)
    cycle, held = team.cycle_of(report), team.held(report)
    if held is None and (cycle is not None or not rated):
        return unplanned_row(report, cycle, today=today)
    if held is not None and held.rating_official_id != team.user.pk:
        name = held.rating_official.full_name
        return unplanned_row(report, cycle, elsewhere=name, today=today)
    return record_row(rated[-1], team.user, today=today)


def open_rows(team: Team) -> list[Row]:
    """One row a person, whatever the cycle: what is open now."""
    here = {report.employee_id for report in team.reports}
    rows = [_report_row(team, report) for report in team.reports]
    for employee_id in {record.employee_id for record in team.records} - here:
        waiting = [record for record in team.rated(employee_id) if _is_waiting(record)]
        rows += [record_row(record, team.user, today=clock.today()) for record in waiting[:1]]
    return sorted(rows, key=lambda row: row.order)


def cycle_rows(team: Team, cycle: AppraisalCycle, records: list[Appraisal]) -> list[Row]:
    """Everybody `user` rates in this cycle; while it runs, also reports without a record."""
    today = clock.today()
    rows = [record_row(record, team.user, today=today) for record in records]
    rated = {record.employee_id for record in records}
    for report in team.reports:
        if report.employee_id in rated or team.cycle_of(report) != cycle:
            continue
        held = team.held(report)
        name = held.rating_official.full_name if held else ""
        rows.append(unplanned_row(report, cycle, elsewhere=name, today=today))
    return sorted(rows, key=lambda row: row.order)
