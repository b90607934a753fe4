"""What stands in the way of a performance plan. Every problem at once, one small function a rule."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from appraisals.rules.facts import ElementFacts, MandatoryFacts, Problem
from appraisals.rules.limits import element_name, text_limit_problems
from appraisals.rules.policy import Policy
from appraisals.rules.text import is_blank
from appraisals.rules.words import counted, number_word

ElementRule = Callable[[ElementFacts, Policy], Iterator[Problem]]


def plan_problems(
    elements: Sequence[ElementFacts],
    *,
    core_values: str,
    is_supervisor: bool,
    mandatory: Sequence[MandatoryFacts],
    policy: Policy,
) -> list[Problem]:
    """R3.1 to R3.8. `mandatory` are those in force for this plan (`mandatory_in_force`)."""
    problems = [*_element_count(elements, policy), *_core_values(core_values, policy)]
    for element in elements:
        for rule in _ELEMENT_RULES:
            problems += rule(element, policy)
    if is_supervisor:
        problems += _supervisory_balance(elements, policy)
    problems += _mandatory_elements(elements, mandatory)
    problems += _goal(elements, policy)
    return problems


def mandatory_in_force(
    mandatory: Sequence[MandatoryFacts], *, on: date, is_supervisor: bool
) -> list[MandatoryFacts]:
    """R3.8: what a plan must carry on a day; a row without dates is always in force."""
    return [
        each
        for each in mandatory
        if (each.starts_on is None or each.starts_on <= on)
        and (each.ends_on is None or on <= each.ends_on)
        and (is_supervisor or not each.supervisors_only)
    ]


def _element_count(elements: Sequence[ElementFacts], policy: Policy) -> Iterator[Problem]:
    """R3.2"""
    count, least, most = len(elements), policy.elements_minimum, policy.elements_maximum
    if count < least:
        has = f"{number_word(count)} {'element' if count == 1 else 'elements'}"
        yield Problem(
            "R3.2",
            f"The plan has {has}; at least {number_word(least)} must be there. "
            f"Add {number_word(least - count)}.",
        )
    if count > most:
        yield Problem(
            "R3.2",
            f"The plan has {counted(count, 'element')}; at most {number_word(most)} are allowed. "
            f"Remove or combine {number_word(count - most)}.",
        )


def _core_values(core_values: str, policy: Policy) -> Iterator[Problem]:
    """R3.4"""
    if is_blank(core_values):
        yield Problem(
            "R3.4",
            "The DoD core values are missing from the plan. Write down how they bear on this work.",
            field="core_values",
        )
    yield from text_limit_problems(
        core_values,
        policy.values_limit,
        where="The text on core values and organizational goals",
        field="core_values",
    )


def _element_title(element: ElementFacts, policy: Policy) -> Iterator[Problem]:
    """R3.1"""
    if is_blank(element.title):
        yield Problem(
            "R3.1",
            f"Element {element.number} has no title. Name the part of the work it stands for.",
            element.number,
            "title",
        )


def _element_standards(element: ElementFacts, policy: Policy) -> Iterator[Problem]:
    """R3.3"""
    if is_blank(element.standards):
        yield Problem(
            "R3.3",
            f"{element_name(element.number, element.title)} has no standard. Describe Fully "
            "Successful work: specific, measurable, achievable, relevant and timely.",
            element.number,
            "standards",
        )


def _element_limits(element: ElementFacts, policy: Policy) -> Iterator[Problem]:
    """R6.5"""
    name = element_name(element.number, element.title)
    for field, text, limit in (
        ("title", element.title, policy.title_limit),
        ("description", element.description, policy.description_limit),
        ("standards", element.standards, policy.standards_limit),
    ):
        yield from text_limit_problems(
            text,
            limit,
            where=f"{name}: the text under {field}",
            element=element.number,
            field=field,
        )


_ELEMENT_RULES: tuple[ElementRule, ...] = (_element_title, _element_standards, _element_limits)


def _supervisory_balance(elements: Sequence[ElementFacts], policy: Policy) -> Iterator[Problem]:
    """R3.7"""
    supervisory = sum(each.is_supervisory for each in elements)
    others = len(elements) - supervisory
    if policy.supervisory_balance_required and supervisory < others:
        first = next(each for each in elements if not each.is_supervisory)
        yield Problem(
            "R3.7",
            "A supervisor’s plan needs at least as many supervisory elements as others; it has "
            f"{number_word(supervisory)} and {number_word(others)}. Mark the elements that are about "
            "leading people, or add one.",
            first.number,
            "is_supervisory",
        )


def _mandatory_elements(
    elements: Sequence[ElementFacts], mandatory: Sequence[MandatoryFacts]
) -> Iterator[Problem]:
    """R3.8"""
    present = {each.mandatory_code for each in elements}
    for required in mandatory:
        if required.code not in present:
            whose = "A supervisor’s plan" if required.supervisors_only else "This plan"
            yield Problem(
                required.rule,
                f"The mandatory element “{required.title}” is missing. {whose} must carry it: add it "
                "from the list of mandatory elements.",
            )


def _goal(elements: Sequence[ElementFacts], policy: Policy) -> Iterator[Problem]:
    """R3.5, R3.8d"""
    if policy.goal_required and elements and all(each.goal_id is None for each in elements):
        yield Problem(
            "R3.8",
            "No element serves an organizational goal. Choose the goal that at least one of them "
            "serves.",
            elements[0].number,
            "goal",
        )
