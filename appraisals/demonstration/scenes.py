"""What is written in each kind of document, as far as its course goes."""

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

from appraisals.demonstration import phrases
from appraisals.demonstration.courses import Stage
from appraisals.demonstration.telling import Revision, Telling, first_part
from appraisals.demonstration.texts import ElementText, Occupation, Theme
from appraisals.models import Element, Goal, MandatoryElement, SectionKind
from appraisals.models.scope import Party

PASSING_ON = ElementText(
    title="Passing on know-how",
    theme=Theme.PEOPLE,
    description="Trains colleagues in what only one person in {unit} can do today.",
    standards="By 30 September two colleagues can do each critical task without help, shown in a walk-through.\n"
    "Written steps for each task are reviewed twice a year.",
    employee_input="I trained two colleagues in my critical tasks by 22 September and wrote the steps down for both.",
    progress="The first walk-through went well; the second is set for the end of the month.",
    outstanding="Four colleagues instead of two can now do {last}’s critical tasks, and the written steps are used by "
    "the whole of {unit}.",
    fully_successful="Two colleagues can do the critical tasks and the steps are written down, as the standard asks.",
)

GoalFor = Callable[[Theme], Goal | None]


def tell_plan(
    telling: Telling,
    texts: Sequence[ElementText],
    *,
    core_values: str,
    mandatory: dict[str, MandatoryElement],
    goal_for: GoalFor,
) -> list[ElementText]:
    """Returns what stands in the plan, in the order of its elements.

    `mandatory` holds those in force; an element text that names another is left out.
    """
    at = telling.diary.now
    telling.history.write(SectionKind.CORE_VALUES, core_values, at=at)
    required = [text for text in texts if text.mandatory in mandatory]
    required.sort(key=lambda text: text.mandatory)
    for text in required:
        _add(telling, text, at=at, mandatory=mandatory[text.mandatory], goal_for=goal_for)
    if telling.stage == Stage.OPENED:
        return required
    if telling.stage == Stage.INPUT_BEGUN:
        _propose(telling, goal_for)
        return [*required, PASSING_ON]
    own = [text for text in texts if not text.mandatory]
    if telling.stage == Stage.PARTLY_WRITTEN:
        own = own[:2]
    revise = _own_elements(telling, own, goal_for)
    if telling.stage in {Stage.PARTLY_WRITTEN, Stage.WRITTEN}:
        return [*required, *own]
    heard = _talk_over(telling, goal_for, may_propose=not required)
    if telling.stage > Stage.WRITTEN:
        telling.at("written", telling.pace.send)
        if telling.send_up(phrases.PLAN_REASONS, revise=revise):
            telling.discuss()
    return [*required, *own, *heard]


def _talk_over(telling: Telling, goal_for: GoalFor, *, may_propose: bool) -> list[ElementText]:
    """The employee's comment on the draft, and now and then an element of their own (R3.6)."""
    history, stage = telling.history, telling.stage
    if stage == Stage.INPUT_SHARED or telling.random.random() < 0.3:
        comment = telling.random.choice(phrases.PLAN_COMMENTS)
        at = telling.at("comment", telling.pace.small)
        history.write(SectionKind.EMPLOYEE_COMMENT, comment, at=at)
    if stage == Stage.INPUT_SHARED or not may_propose or telling.random.random() > 0.15:
        return []
    element = _propose(telling, goal_for)
    history.accept_element(element, at=telling.diary.minutes(40, 90))
    return [PASSING_ON]


def _own_elements(telling: Telling, own: Sequence[ElementText], goal_for: GoalFor) -> Revision:
    revise: dict[int, tuple[str, int | None]] = {}
    for place, text in enumerate(own):
        at = telling.diary.minutes(6, 24)
        if place == 0 and telling.course.returned_once:
            full = telling.voice.say(text.standards)
            revise[len(telling.history.elements) + 1] = (full, None)
            _add(telling, text, at=at, goal_for=goal_for, standards=first_part(full))
        else:
            _add(telling, text, at=at, goal_for=goal_for)
    return Revision(None, revise)


def _add(
    telling: Telling,
    text: ElementText,
    *,
    at: dt.datetime,
    goal_for: GoalFor,
    mandatory: MandatoryElement | None = None,
    standards: str = "",
) -> None:
    telling.history.add_element(
        at=at,
        event=mandatory is None,
        title=text.title,
        description=telling.voice.say(text.description),
        standards=standards or telling.voice.say(text.standards),
        goal=goal_for(text.theme),
        is_supervisory=text.is_supervisory,
        mandatory=mandatory,
    )


def _propose(telling: Telling, goal_for: GoalFor) -> Element:
    return telling.history.add_element(
        at=telling.at("proposed", telling.pace.small),
        by=Party.EMPLOYEE,
        title=PASSING_ON.title,
        description=telling.voice.say(PASSING_ON.description),
        standards=PASSING_ON.standards,
        goal=goal_for(PASSING_ON.theme),
    )


# --- progress review


def tell_review(telling: Telling, texts: Sequence[ElementText], occupation: Occupation) -> None:
    """Input, assessment and the discussion as a whole (R5.3); no rating."""
    history, stage = telling.history, telling.stage
    if stage == Stage.OPENED:
        return
    if stage <= Stage.INPUT_SHARED or telling.random.random() < 0.8:
        _review_input(telling, texts, occupation)
    if stage <= Stage.INPUT_SHARED:
        return
    telling.at("written", telling.pace.send)
    revise = _assessments(telling, texts)
    if stage == Stage.PARTLY_WRITTEN:
        return
    later = telling.key == "second"
    said = telling.voice.one_of(phrases.LATER_DISCUSSION if later else occupation.discussion)
    history.write(SectionKind.OVERALL_ASSESSMENT, said, at=telling.diary.minutes(5, 16))
    if stage == Stage.WRITTEN:
        return
    if telling.send_up(phrases.REVIEW_REASONS, revise=revise):
        telling.discuss()


def _review_input(telling: Telling, texts: Sequence[ElementText], occupation: Occupation) -> None:
    history, diary, voice = telling.history, telling.diary, telling.voice
    telling.at("input", telling.pace.share)
    sentences = telling.random.sample(phrases.MIDYEAR_INPUT, len(texts))
    for number, said in enumerate(sentences, start=1):
        at = diary.minutes(4, 15)
        history.write(SectionKind.EMPLOYEE_INPUT, said, at=at, number=number)
        if telling.stage == Stage.INPUT_BEGUN:
            return
    for kind, wishes in (
        (SectionKind.DEVELOPMENT_NEEDS, occupation.development),
        (SectionKind.RESOURCES_REQUESTED, occupation.resources),
    ):
        history.write(kind, voice.one_of(wishes), at=diary.minutes(2, 9))
    telling.share_input()


def _assessments(telling: Telling, texts: Sequence[ElementText]) -> Revision:
    revise: dict[int, tuple[str, int | None]] = {}
    last = 2 if telling.stage == Stage.PARTLY_WRITTEN else len(texts)
    for number, text in enumerate(_assessed(telling, texts)[:last], start=1):
        said = telling.voice.say(text)
        if number == 1 and telling.course.returned_once:
            revise[1] = (said, None)
            said = first_part(said)
        at = telling.diary.minutes(5, 16)
        telling.history.write(SectionKind.ASSESSMENT, said, at=at, number=number)
    return Revision(SectionKind.ASSESSMENT, revise)


def _assessed(telling: Telling, texts: Sequence[ElementText]) -> list[str]:
    if telling.key == "second":
        return telling.random.sample(phrases.LATER_ASSESSMENTS, len(texts))
    if telling.key == "narrative":
        return [text.fully_successful for text in texts]
    return [text.progress for text in texts]


# --- annual appraisal and narrative statement


def tell_annual(telling: Telling, texts: Sequence[ElementText]) -> None:
    stage = telling.stage
    if stage == Stage.OPENED:
        return
    if stage <= Stage.INPUT_SHARED or telling.random.random() < 0.85:
        _input(telling, texts)
    if stage <= Stage.INPUT_SHARED:
        return
    telling.at("written", telling.pace.send)
    revise = _ratings(telling, texts)
    if stage in {Stage.PARTLY_WRITTEN, Stage.WRITTEN}:
        return
    if telling.send_up(phrases.RATING_REASONS, revise=revise):
        telling.discuss()


def _input(telling: Telling, texts: Sequence[ElementText]) -> None:
    telling.at("input", telling.pace.share)
    last = 2 if telling.stage == Stage.INPUT_BEGUN else len(texts)
    for number, text in enumerate(texts[:last], start=1):
        said = telling.voice.say(text.employee_input)
        at = telling.diary.minutes(4, 15)
        telling.history.write(SectionKind.EMPLOYEE_INPUT, said, at=at, number=number)
    if telling.stage != Stage.INPUT_BEGUN:
        telling.share_input()


def _ratings(telling: Telling, texts: Sequence[ElementText]) -> Revision:
    """The last text of a rating in progress breaks off: it is being typed."""
    history, diary = telling.history, telling.diary
    levels = element_levels(texts, telling.course.level, telling.random)
    partly = telling.stage == Stage.PARTLY_WRITTEN
    last = 2 if partly else len(texts)
    revise: dict[int, tuple[str, int | None]] = {}
    for number, (text, level) in enumerate(zip(texts[:last], levels, strict=False), start=1):
        said = telling.voice.say(narrative(text, level))
        if partly and number == last:
            for share in (3, 2):
                begun = said[: said.rfind(" ", 0, len(said) // share)]
                history.write(
                    SectionKind.RATING, begun, at=diary.minutes(1, 3), number=number, level=level
                )
            said = said[: said.rfind(" ", 0, len(said) * 2 // 3)]
        if number == 1 and telling.course.returned_once:
            revise[1] = (said, level)
            said = first_part(said)
        history.write(SectionKind.RATING, said, at=diary.minutes(6, 20), number=number, level=level)
    return Revision(SectionKind.RATING, revise)


def element_levels(texts: Sequence[ElementText], summary: int, random: Random) -> list[int]:
    """Element ratings that come to this summary rating (R7.4)."""
    levels = [3] * len(texts)
    if summary == 5:
        levels = [5] * len(texts)
        if len(levels) > 2 and random.random() < 0.6:
            levels[random.randrange(2, len(levels))] = 3
    elif summary == 1:
        worst = [place for place, text in enumerate(texts) if text.unacceptable]
        levels[worst[0]] = 1
    elif len(levels) > 2 and random.random() < 0.7:
        levels[random.randrange(len(levels))] = 5
    return levels


def narrative(text: ElementText, level: int) -> str:
    return {5: text.outstanding, 3: text.fully_successful, 1: text.unacceptable}[level]


def tell_narrative(telling: Telling, texts: Sequence[ElementText]) -> None:
    """An account of part of the cycle; no rating (R9.2)."""
    _input(telling, texts)
    telling.at("written", telling.pace.send)
    revise = _assessments(telling, texts)
    if telling.stage == Stage.PARTLY_WRITTEN:
        return
    if telling.send_up(phrases.REVIEW_REASONS, revise=revise):
        telling.discuss()
