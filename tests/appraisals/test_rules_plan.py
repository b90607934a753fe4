"""The performance plan: every problem of a plan, each found alone and all found together."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisals.rules import (
    ElementFacts,
    MandatoryFacts,
    Policy,
    Problem,
    mandatory_in_force,
    plan_problems,
)

POLICY = Policy()
WHISTLEBLOWER = MandatoryFacts(
    "whistleblower-protection", "Whistleblower protection", supervisors_only=True
)
ACCOUNTABILITY = MandatoryFacts(
    "holding-employees-accountable",
    "Holding employees accountable",
    supervisors_only=True,
    starts_on=date(2025, 7, 17),
)
SUPERVISORS_MUST = [WHISTLEBLOWER, ACCOUNTABILITY]


def element(number: int = 1, **changes) -> ElementFacts:
    facts = ElementFacts(
        number,
        title="Emergency response readiness",
        description="Keeps the department ready to respond.",
        standards="First unit arrives within 7 minutes of dispatch in at least 90% of alarms.",
        goal_id=7,
    )
    return replace(facts, **changes)


def supervisory(number: int, mandatory: MandatoryFacts | None = None) -> ElementFacts:
    return element(number, is_supervisory=True, mandatory_code=mandatory and mandatory.code)


def problems_of(*elements: ElementFacts, policy: Policy = POLICY, **changes) -> list[Problem]:
    facts = {"core_values": "Duty, honor.", "is_supervisor": False, "mandatory": [], **changes}
    return plan_problems(elements, policy=policy, **facts)


def rules_of(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(problem.rule, problem.element, problem.field) for problem in problems]


def test_a_sound_plan_has_no_problem():
    assert problems_of(element(1), element(2)) == []


def test_a_sound_supervisors_plan_has_no_problem():
    plan = [element(1), supervisory(2, WHISTLEBLOWER), supervisory(3, ACCOUNTABILITY)]

    assert problems_of(*plan, is_supervisor=True, mandatory=SUPERVISORS_MUST) == []


# R3.1, R3.3: every element has a title and a standard


def test_element_without_title():
    (problem,) = problems_of(element(1), element(2, title=" "))

    assert problem == Problem(
        "R3.1", "Element 2 has no title. Name the part of the work it stands for.", 2, "title"
    )


def test_element_without_standard():
    (problem,) = problems_of(element(1, standards="\n"))

    assert problem == Problem(
        "R3.3",
        "Element 1 (Emergency response readiness) has no standard. Describe Fully Successful work: "
        "specific, measurable, achievable, relevant and timely.",
        1,
        "standards",
    )


# R3.2: one to ten elements


@pytest.mark.parametrize("count", [1, 2, 9, 10])
def test_number_of_elements_allowed(count):
    assert problems_of(*map(element, range(1, count + 1))) == []


def test_plan_without_elements():
    assert problems_of() == [
        Problem("R3.2", "The plan has no elements; at least one must be there. Add one.")
    ]


def test_plan_with_too_many_elements():
    assert problems_of(*map(element, range(1, 13))) == [
        Problem(
            "R3.2",
            "The plan has 12 elements; at most ten are allowed. Remove or combine two.",
        )
    ]


def test_number_of_elements_is_a_setting():
    policy = Policy(elements_minimum=3, elements_maximum=5)

    (too_few,) = problems_of(element(), policy=policy)
    (too_many,) = problems_of(*map(element, range(1, 7)), policy=policy)

    assert too_few.message == "The plan has one element; at least three must be there. Add two."
    assert (
        too_many.message
        == "The plan has 6 elements; at most five are allowed. Remove or combine one."
    )


# R3.4: the core values are on every plan


def test_plan_without_core_values():
    assert rules_of(problems_of(element(), core_values="")) == [("R3.4", None, "core_values")]


def test_core_values_too_long():
    (problem,) = problems_of(element(), core_values="x" * 4001)

    assert problem == Problem(
        "R6.5",
        "The text on core values and organizational goals has 4,001 characters; 4,000 are allowed. "
        "Shorten it by 1.",
        None,
        "core_values",
    )


# R3.7: supervisory elements equal or outnumber the others


@pytest.mark.parametrize(
    ("supervisory_count", "others", "sound"),
    [(1, 1, True), (2, 1, True), (1, 2, False), (0, 1, False), (3, 3, True), (3, 4, False)],
)
def test_supervisory_balance(supervisory_count, others, sound):
    plan = [
        element(n, is_supervisory=n <= supervisory_count)
        for n in range(1, 1 + supervisory_count + others)
    ]

    problems = problems_of(*plan, is_supervisor=True)

    assert rules_of(problems) == (
        [] if sound else [("R3.7", supervisory_count + 1, "is_supervisory")]
    )


def test_supervisory_balance_says_what_to_do():
    (problem,) = problems_of(supervisory(1), element(2), element(3), is_supervisor=True)

    assert problem.message == (
        "A supervisor’s plan needs at least as many supervisory elements as others; it has one and "
        "two. Mark the elements that are about leading people, or add one."
    )


def test_supervisory_balance_does_not_bind_others_and_can_be_switched_off():
    relaxed = Policy(supervisory_balance_required=False)

    assert problems_of(element()) == []
    assert problems_of(element(), is_supervisor=True, policy=relaxed) == []


# R3.8: mandatory elements


def test_mandatory_o9_supervisor_without_whistleblower_element():
    plan = [supervisory(1, ACCOUNTABILITY)]

    assert problems_of(*plan, is_supervisor=True, mandatory=SUPERVISORS_MUST) == [
        Problem(
            "R3.8",
            "The mandatory element “Whistleblower protection” is missing. A supervisor’s plan must "
            "carry it: add it from the list of mandatory elements.",
        )
    ]


@pytest.mark.parametrize(
    ("on", "missing"),
    [(date(2025, 7, 16), []), (date(2025, 7, 17), ["R3.8"]), (date(2026, 4, 1), ["R3.8"])],
)
def test_mandatory_o10_supervisor_without_accountability_element(on, missing):
    required = mandatory_in_force(SUPERVISORS_MUST, on=on, is_supervisor=True)

    problems = problems_of(supervisory(1, WHISTLEBLOWER), is_supervisor=True, mandatory=required)

    assert [problem.rule for problem in problems] == missing


def test_mandatory_in_force_by_date_and_role():
    everyone = MandatoryFacts("classified", "Classified information", ends_on=date(2026, 3, 31))
    rows = [*SUPERVISORS_MUST, everyone]

    assert mandatory_in_force(rows, on=date(2026, 3, 31), is_supervisor=False) == [everyone]
    assert mandatory_in_force(rows, on=date(2026, 4, 1), is_supervisor=False) == []
    assert mandatory_in_force(rows, on=date(2026, 4, 1), is_supervisor=True) == SUPERVISORS_MUST


def test_mandatory_element_of_everyone_cites_its_own_rule():
    required = MandatoryFacts("classified", "Classified information", rule="R3.8e")

    (problem,) = problems_of(element(), mandatory=[required])

    assert problem.rule == "R3.8e"
    assert "This plan must carry it" in problem.message


# R3.5, R3.8d: a goal


def test_plan_that_serves_no_goal():
    problems = problems_of(element(4, goal_id=None), element(5, goal_id=None))

    assert rules_of(problems) == [("R3.8", 4, "goal")]


def test_one_element_that_serves_a_goal_is_enough():
    assert problems_of(element(1, goal_id=None), element(2)) == []
    assert problems_of(element(goal_id=None), policy=Policy(goal_required=False)) == []


# R6.5: limits, to the character


@pytest.mark.parametrize(
    ("field", "limit"), [("title", 200), ("description", 1000), ("standards", 2000)]
)
def test_text_limits(field, limit):
    assert problems_of(element(**{field: "é" * limit})) == []
    assert rules_of(problems_of(element(**{field: "é" * (limit + 1)}))) == [("R6.5", 1, field)]


def test_text_limit_counts_a_line_end_once():
    assert problems_of(element(standards="\r\n".join(["x"] * 1000) + "y")) == []


def test_text_limit_says_by_how_much():
    (problem,) = problems_of(element(title="Readiness", standards="x" * 2140))

    assert problem.message == (
        "Element 1 (Readiness): the text under standards has 2,140 characters; 2,000 are allowed. "
        "Shorten it by 140."
    )


def test_a_long_title_is_cut_in_the_message():
    (problem,) = problems_of(element(title="x" * 201))

    assert problem.message.startswith(f"Element 1 ({'x' * 60}…): the text under title")


# All at once


def spoiled_plan(spoiled: set[str]) -> list[Problem]:
    """A supervisor's plan of two elements with exactly these things wrong."""
    code = None if "mandatory" in spoiled else WHISTLEBLOWER.code
    goal_id = None if "goal" in spoiled else 7
    first = element(
        1,
        title="" if "title" in spoiled else "Leading people",
        description="x" * (1001 if "description" in spoiled else 10),
        is_supervisory="balance" not in spoiled,
        mandatory_code=code,
        goal_id=goal_id,
    )
    second = element(2, standards="" if "standards" in spoiled else "Met.", goal_id=goal_id)
    return problems_of(
        first,
        second,
        core_values="" if "core_values" in spoiled else "Duty.",
        is_supervisor=True,
        mandatory=[WHISTLEBLOWER],
        policy=Policy(elements_maximum=1 if "count" in spoiled else 10),
    )


FAULTS = {
    "count": ("R3.2", None, ""),
    "core_values": ("R3.4", None, "core_values"),
    "title": ("R3.1", 1, "title"),
    "description": ("R6.5", 1, "description"),
    "standards": ("R3.3", 2, "standards"),
    "balance": ("R3.7", 1, "is_supervisory"),
    "mandatory": ("R3.8", None, ""),
    "goal": ("R3.8", 1, "goal"),
}


@given(st.sets(st.sampled_from(sorted(FAULTS))))
def test_every_problem_is_listed_and_each_can_be_put_right_alone(spoiled):
    assert sorted(map(str, rules_of(spoiled_plan(spoiled)))) == sorted(
        str(FAULTS[fault]) for fault in spoiled
    )


any_element = st.builds(
    ElementFacts,
    number=st.integers(1, 12),
    title=st.text(max_size=300),
    description=st.text(max_size=30),
    standards=st.text(max_size=30),
    goal_id=st.none() | st.integers(1, 3),
    is_supervisory=st.booleans(),
    mandatory_code=st.none() | st.sampled_from(["whistleblower-protection", "other"]),
)


@given(st.lists(any_element, max_size=12), st.text(max_size=20), st.booleans())
def test_plan_problems_never_crash_and_always_say_something(elements, core_values, is_supervisor):
    problems = plan_problems(
        elements,
        core_values=core_values,
        is_supervisor=is_supervisor,
        mandatory=SUPERVISORS_MUST if is_supervisor else [],
        policy=POLICY,
    )

    assert all(each.rule.startswith("R") and each.message.endswith(".") for each in problems)
