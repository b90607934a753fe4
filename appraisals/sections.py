"""Which texts each kind of document holds, who writes each, and from when others may read it.

One table: forms, writing walks, reading permissions and the printed form all go by it.
"""

from dataclasses import dataclass

from appraisals.models import WALK, Kind, SectionKind, State
from appraisals.models.scope import Party
from appraisals.rules import ACCEPTABLE, LEVEL_NAMES, STILL_UNACCEPTABLE


@dataclass(frozen=True)
class SectionSpec:
    """`limit` names the field of `rules.Policy` that bounds the text.

    `employee_reads_from`: the first state in which the employee reads a rating official's text.
    `held_back`: an employee's text that others read only once it was shared or the draft is over.
    `levels`: what is chosen beside the text, each with its words.
    """

    kind: SectionKind
    writer: Party
    label: str
    hint: str
    limit: str
    per_element: bool = False
    employee_reads_from: State = State.DRAFT
    held_back: bool = False
    levels: tuple[tuple[int, str], ...] = ()


RATINGS = tuple((level, f"{level or '–'} {LEVEL_NAMES[level]}") for level in (5, 3, 1, 0))
OUTCOMES = ((ACCEPTABLE, "Acceptable"), (STILL_UNACCEPTABLE, "Still unacceptable"))

_EMPLOYEE_INPUT = SectionSpec(
    SectionKind.EMPLOYEE_INPUT,
    Party.EMPLOYEE,
    "Your input",
    "Say what you did for this element, against its standards, and what came of it. Input is voluntary.",
    "input_limit",
    per_element=True,
    held_back=True,
)

_RATING = SectionSpec(
    SectionKind.RATING,
    Party.RATING_OFFICIAL,
    "Your rating of this element",
    "Say what was done, against the standard, and what came of it.",
    "narrative_limit",
    per_element=True,
    employee_reads_from=State.COMMUNICATED,
    levels=RATINGS,
)


def _official(
    kind: SectionKind, label: str, hint: str, *, per_element: bool = False
) -> SectionSpec:
    """A rating official's text that its employee reads from the discussion on."""
    return SectionSpec(
        kind,
        Party.RATING_OFFICIAL,
        label,
        hint,
        "narrative_limit",
        per_element=per_element,
        employee_reads_from=State.COMMUNICATED,
        levels=OUTCOMES if kind == SectionKind.OUTCOME else (),
    )


SECTIONS: dict[str, tuple[SectionSpec, ...]] = {
    Kind.PERFORMANCE_PLAN: (
        SectionSpec(
            SectionKind.CORE_VALUES,
            Party.RATING_OFFICIAL,
            "Core values and organizational goals",
            "They stand on every plan. Add your organization’s own values or mission if it has them.",
            "values_limit",
        ),
        SectionSpec(
            SectionKind.EMPLOYEE_COMMENT,
            Party.EMPLOYEE,
            "Your comments on the draft",
            "Say what is missing, unclear or out of reach. Your rating official reads this at once.",
            "comment_limit",
        ),
    ),
    Kind.PLAN_CHANGE: (
        SectionSpec(
            SectionKind.CHANGE_REASON,
            Party.RATING_OFFICIAL,
            "Why the plan changes",
            "What is different in the work: new duties, another priority, something that ended. "
            "The employee and the higher level reviewer read it first.",
            "comment_limit",
        ),
        SectionSpec(
            SectionKind.EMPLOYEE_COMMENT,
            Party.EMPLOYEE,
            "Your comments on the change",
            "Say what is missing, unclear or out of reach. Your rating official reads this at once.",
            "comment_limit",
        ),
    ),
    Kind.PROGRESS_REVIEW: (
        _EMPLOYEE_INPUT,
        SectionSpec(
            SectionKind.DEVELOPMENT_NEEDS,
            Party.EMPLOYEE,
            "What you want to learn",
            "Skills, courses, a detail, a mentor: what would make you better at this work.",
            "input_limit",
            held_back=True,
        ),
        SectionSpec(
            SectionKind.RESOURCES_REQUESTED,
            Party.EMPLOYEE,
            "Tools, training and resources you ask for",
            "What stands in your way, and what would remove it.",
            "input_limit",
            held_back=True,
        ),
        SectionSpec(
            SectionKind.ASSESSMENT,
            Party.RATING_OFFICIAL,
            "Your assessment",
            "Where the work stands against the standard, what went well, what must get better. No rating.",
            "assessment_limit",
            per_element=True,
            employee_reads_from=State.COMMUNICATED,
        ),
        SectionSpec(
            SectionKind.OVERALL_ASSESSMENT,
            Party.RATING_OFFICIAL,
            "The discussion as a whole",
            "Goals and priorities, whether the plan still fits the work, expectations, barriers, "
            "development, and your answer to what was asked for.",
            "assessment_limit",
            employee_reads_from=State.COMMUNICATED,
        ),
    ),
    Kind.ANNUAL_APPRAISAL: (
        _EMPLOYEE_INPUT,
        _RATING,
    ),
    Kind.NARRATIVE_STATEMENT: (
        _EMPLOYEE_INPUT,
        SectionSpec(
            SectionKind.ASSESSMENT,
            Party.RATING_OFFICIAL,
            "Your account of this element",
            "What was done against the standard, and what came of it, for whoever rates at the end of the "
            "cycle. No rating.",
            "assessment_limit",
            per_element=True,
            employee_reads_from=State.COMMUNICATED,
        ),
        SectionSpec(
            SectionKind.OVERALL_ASSESSMENT,
            Party.RATING_OFFICIAL,
            "Your account of this part of the cycle",
            "A short account of performance and contributions as a whole. It is not a rating.",
            "narrative_limit",
            employee_reads_from=State.COMMUNICATED,
        ),
    ),
    Kind.EARLY_TALK: (
        _official(
            SectionKind.SHORTFALL,
            "What is not good enough yet, and what would be",
            "What you have seen, with days, and the standard that it falls short of. Facts, no guesses.",
            per_element=True,
        ),
        _official(
            SectionKind.SUPPORT,
            "The help you agree on",
            "Training, closer guidance, a colleague, clearer priorities: what, from whom, until when. "
            "Say also when you look at it together again.",
        ),
    ),
    Kind.OPPORTUNITY_NOTICE: (
        _official(
            SectionKind.SHORTFALL,
            "What is unacceptable, and the standard to reach",
            "Name what was done or not done, with days, against the standard. Then say what must be "
            "done to be acceptable, so that both of you can see whether it is.",
            per_element=True,
        ),
        _official(
            SectionKind.SUPPORT,
            "The assistance you give",
            "Who helps with what, how often you meet, which training, tools or time there will be.",
        ),
        _official(
            SectionKind.WARNING,
            "What may follow",
            "Work that is still unacceptable at the end may lead to removal or a lower grade. The notice says so.",
        ),
    ),
    Kind.OPPORTUNITY_RESULT: (
        _official(
            SectionKind.OUTCOME,
            "Is it acceptable now?",
            "What was done in the opportunity period, against the standard in the notice, and what came of it.",
            per_element=True,
        ),
    ),
    Kind.PROPOSED_ACTION: (
        _official(
            SectionKind.GROUNDS,
            "Why it is unacceptable",
            "The standard, what fell short of it, and what the opportunity period showed. Instances with "
            "their days are entered beside it.",
            per_element=True,
        ),
    ),
    Kind.MORE_CURRENT_RATING: (_RATING,),
}


def spec_of(document_kind: str, section_kind: str) -> SectionSpec:
    return next(spec for spec in SECTIONS[document_kind] if spec.kind == section_kind)


def has_reached(state: str, threshold: State) -> bool:
    """What was closed has reached nothing."""
    return state in WALK and WALK.index(State(state)) >= WALK.index(threshold)
