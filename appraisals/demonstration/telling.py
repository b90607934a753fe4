"""One document on its way: the steps that every kind has in common."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from appraisals import rules
from appraisals.demonstration import phrases
from appraisals.demonstration.courses import Course, Stage
from appraisals.demonstration.diary import Diary, Pace
from appraisals.demonstration.history import DocumentHistory
from appraisals.demonstration.texts import Voice
from appraisals.models import Method, SectionKind
from appraisals.workflow import Given


@dataclass
class Telling:
    """One document on its way to a stage. `planned` are days fixed by the course, by step name."""

    history: DocumentHistory
    diary: Diary
    voice: Voice
    course: Course
    stage: Stage
    pace: Pace
    key: str

    @property
    def random(self) -> Random:
        return self.voice.random

    def at(self, step: str, gap: tuple[int, int]) -> dt.datetime:
        planned = self.course.dates.get(f"{self.key}.{step}")
        return self.diary.on(planned) if planned else self.diary.days(*gap)

    def share_input(self) -> None:
        self.history.step("share_input", at=self.at("shared", self.pace.small))

    def send_up(self, reasons: Sequence[phrases.Reason], *, revise: "Revision") -> bool:
        """Submit or finish, with a detour over a return where the course has one. False: it ends there."""
        numbers, document = self.history.numbers, self.history.document
        level = rules.summary_level(self.history.levels, numbers)
        reviewed = rules.needs_review(numbers, document.kind, level=level)
        if not reviewed:
            self.history.step("finish", at=self.diary.minutes(5, 20))
            return self.stage > Stage.IN_REVIEW
        self.history.step("submit", at=self.at("submitted", self.pace.small))
        if self.stage == Stage.RETURNED or (self.course.returned_once and revise.texts):
            about, reason = self.course.reason or self.random.choice(reasons)
            at = self.at("returned", self.pace.back)
            given = Given(reason=reason, about=about.value)
            self.history.step("return_for_change", at=at, given=given)
            if self.stage == Stage.RETURNED:
                return False
            revise.make(self)
            self.history.step("submit", at=self.diary.minutes(3, 9))
        if self.stage == Stage.IN_REVIEW:
            return False
        self.history.step("approve", at=self.at("approved", self.pace.review))
        return True

    def discuss(self) -> None:
        """From approved to as far as the course goes."""
        if self.stage <= Stage.APPROVED:
            return
        at = self.at("communicated", self.pace.discuss)
        method = self.random.choices(
            (Method.FACE_TO_FACE, Method.TELEPHONE, Method.OTHER), (80, 16, 4)
        )
        if f"{self.key}.communicated" in self.course.dates:
            method = [Method.FACE_TO_FACE]
        other = self.random.choice(phrases.OTHER_METHODS) if method[0] == Method.OTHER else ""
        self.history.step(
            "communicate",
            at=at,
            given=Given(discussed_on=at.date(), method=method[0].value, other=other),
        )
        if self.stage == Stage.ACKNOWLEDGED:
            comment = self.random.choice(phrases.ACKNOWLEDGMENT_COMMENTS)
            at = self.at("acknowledged", self.pace.acknowledge)
            self.history.step("acknowledge", at=at, given=Given(reason=comment))
        if self.stage == Stage.ACKNOWLEDGED_FOR:
            reason = self.random.choice(phrases.AWAY_REASONS)
            at = self.at("acknowledged", self.pace.acknowledge)
            self.history.step("record_acknowledgment", at=at, given=Given(reason=reason))


@dataclass
class Revision:
    """What the rating official writes after a return: the full text where the first try was short."""

    kind: SectionKind | None
    texts: dict[int, tuple[str, int | None]]

    def make(self, telling: Telling) -> None:
        for number, (text, level) in self.texts.items():
            at = telling.diary.minutes(30, 90)
            if self.kind is None:
                element = telling.history.elements[number - 1]
                telling.history.change_element(element, at=at, standards=text)
            else:
                telling.history.write(self.kind, text, at=at, number=number, level=level)


def first_part(text: str) -> str:
    """The first line or sentence: what somebody writes who thinks that will do."""
    line = text.split("\n")[0]
    return line if line != text else text.split(". ")[0].rstrip(".") + "."
