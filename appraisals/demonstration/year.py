"""One employee's year from the first plan to the rating, as far as its course and the day go."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from appraisals.demonstration import phrases
from appraisals.demonstration.courses import Course, Stage
from appraisals.demonstration.diary import QUICK, USUAL, Diary, workday
from appraisals.demonstration.history import Batch, NotYetError, RecordHistory
from appraisals.demonstration.program import Officials, Program, Season, Subject
from appraisals.demonstration.scenes import tell_annual, tell_narrative, tell_plan, tell_review
from appraisals.demonstration.telling import Telling
from appraisals.demonstration.texts import ElementText, voice_of
from appraisals.models import Appraisal, Kind

_COPIED = (
    "position_title",
    "position_number",
    "pay_plan",
    "occupational_series",
    "grade",
    "step",
    "duty_station",
    "is_supervisor",
    "bargaining_unit",
)
_RATED = frozenset({Stage.APPROVED, Stage.COMMUNICATED, Stage.ACKNOWLEDGED, Stage.ACKNOWLEDGED_FOR})
_SENT_AFTER = {Stage.RETURNED: -5, Stage.COMMUNICATED: 5, Stage.APPROVED: 8}


class Year:
    def __init__(
        self, subject: Subject, course: Course, program: Program, season: Season, batch: Batch
    ) -> None:
        employee = subject.assignment.employee
        self.subject = subject
        self.course = course
        self.program = program
        self.season = season
        self.batch = batch
        self.officials = self._officials_at(program.cycle.starts_on)
        self.voice = voice_of(
            subject.occupation,
            seed=f"{employee.email} {program.cycle.name}",
            first=employee.first_name,
            last=employee.last_name,
            unit=self.officials.organization.name,
            people=subject.people,
        )
        self.texts: list[ElementText] = []

    def tell(self) -> None:
        try:
            self._tell()
        except NotYetError:
            return

    def _tell(self) -> None:
        record = self._tell_plan()
        course, season = self.course, self.season
        if course.review != Stage.NONE:
            self._tell_review(record, "review", season.review, course.review)
        if course.narrative != Stage.NONE:
            telling = self._open(
                record, Kind.NARRATIVE_STATEMENT, "narrative", season.narrative, course.narrative
            )
            tell_narrative(telling, self.texts)
        self._hand_over(record)
        if course.second_review:
            self._tell_review(record, "second", season.second_review, Stage.ACKNOWLEDGED)
        if course.annual != Stage.NONE:
            telling = self._open(
                record, Kind.ANNUAL_APPRAISAL, "annual", season.annual, course.annual
            )
            telling.course = replace(course, dates=self._annual_dates())
            tell_annual(telling, self.texts)

    def _tell_plan(self) -> RecordHistory:
        subject, course = self.subject, self.course
        begins = max(self.season.plan, subject.assignment.position_start_date)
        if course.late_plan:
            begins += dt.timedelta(days=self.voice.random.randint(26, 55))
        record = RecordHistory(self._appraisal(), self.batch)
        telling = self._open(record, Kind.PERFORMANCE_PLAN, "plan", begins, course.plan)
        opened_at = telling.history.document.opened_at
        record.appraisal.opened_at = opened_at
        organization = self.officials.organization
        edition, _ = self.program.policy(organization, opened_at.date())
        self.texts = tell_plan(
            telling,
            subject.occupation.elements,
            core_values=edition.core_values,
            mandatory=self.program.mandatory(organization, opened_at.date()),
            goal_for=lambda theme: self.program.goal(organization, theme),
        )
        return record

    def _tell_review(self, record: RecordHistory, key: str, begins: dt.date, stage: Stage) -> None:
        telling = self._open(record, Kind.PROGRESS_REVIEW, key, begins, stage)
        tell_review(telling, self.texts, self.subject.occupation)

    def _hand_over(self, record: RecordHistory) -> None:
        after, moved_on, moved_by = self.subject.after, self.subject.moved_on, self.subject.moved_by
        if after is None or moved_on is None or moved_by is None or after is self.officials:
            return
        if moved_on > self.program.cycle.ends_on or moved_on > self.batch.until:
            return
        record.name_officials(
            at=Diary(moved_on, self.voice.random).now,
            by=moved_by,
            rating_official=after.rating_official,
            reviewer=after.reviewer,
            reason=phrases.MOVE_REASON,
        )

    def _open(
        self, record: RecordHistory, kind: Kind, key: str, begins: dt.date, stage: Stage
    ) -> Telling:
        jitter = 0 if self.season.is_hurried else self.voice.random.randint(0, 4)
        day = self.course.dates.get(f"{key}.opened") or workday(begins + dt.timedelta(days=jitter))
        diary = Diary(day, self.voice.random)
        edition, numbers = self.program.policy(self.officials.organization, day)
        return Telling(
            history=record.open(kind, at=diary.now, policy=edition, numbers=numbers),
            diary=diary,
            voice=self.voice,
            course=self.course,
            stage=stage,
            pace=QUICK if self.season.is_hurried else USUAL,
            key=key,
        )

    def _annual_dates(self) -> Mapping[str, dt.date]:
        """The further a rating has come, the earlier it was sent up."""
        sent = self.season.annual_sent_lately
        if self.course.annual in _RATED:
            sent = self.season.annual_sent
        sent += dt.timedelta(days=_SENT_AFTER.get(self.course.annual, 0))
        sent += dt.timedelta(days=self.voice.random.randint(0, self.season.annual_spread))
        return {"annual.written": workday(sent), **self.course.dates}

    def _officials_at(self, day: dt.date) -> Officials:
        subject = self.subject
        if subject.after and subject.moved_on and subject.moved_on <= day:
            return subject.after
        return subject.officials

    def _appraisal(self) -> Appraisal:
        assignment, cycle = self.subject.assignment, self.program.cycle
        return Appraisal(
            employee=assignment.employee,
            cycle=cycle,
            rating_official=self.officials.rating_official,
            higher_level_reviewer=self.officials.reviewer,
            organization=self.officials.organization,
            starts_on=max(cycle.starts_on, assignment.position_start_date),
            **{name: getattr(assignment, name) for name in _COPIED},
        )
