"""Policy §18: every worked example, as the page `worked_examples` shows it."""

import re
from pathlib import Path

import pytest

from appraisals.rules import Policy
from appraisals.rules.examples import GROUPS, WORKED_EXAMPLES, answered

ROOT = Path(__file__).parents[2]
BY_NUMBER = {each.number: each for each in WORKED_EXAMPLES}


@pytest.mark.parametrize("example", WORKED_EXAMPLES, ids=lambda each: each.number)
def test_example_is_answered_as_in_the_rule_book(example):
    assert example.answer(Policy()) == example.expected


def test_every_example_is_there_once_and_in_order():
    numbers = [f"T{n}" for n in range(1, 21)]
    numbers += [f"D{n}" for n in range(1, 17)] + [f"O{n}" for n in range(1, 12)]

    assert [each.number for each in WORKED_EXAMPLES] == numbers
    assert sum(len(examples) for _, examples in GROUPS) == len(numbers)


def test_each_example_cites_a_rule_of_the_book():
    page = (ROOT / "docs" / "rules.md").read_text()
    known = set(re.findall(r"^\| (R\d+\.\d+) ", page, flags=re.MULTILINE))

    assert {each.rule for each in WORKED_EXAMPLES} <= known


def differing(policy):
    return {each.number for each in WORKED_EXAMPLES if not answered(each, policy).agrees}


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [
        ({"outstanding_threshold_tenths": 42}, {"T6", "T9", "T10"}),
        ({"minimum_period_days": 91}, {"D6", "D8"}),
        ({"count_both_ends": False}, {"D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13"}),
        ({"cycle_start_month": 5}, {"D1"}),
        ({"effective_month": 7}, {"D1", "D2"}),
        ({"plan_due_days": 31}, {"D4", "D5"}),
        ({"narrative_required_levels": (5,)}, {"T20"}),
        ({"narrative_statement_days_left": 89}, {"D11"}),
        ({"retention_years": 5}, {"D14"}),
        ({"reply_days": 10}, {"D15"}),
        ({"opportunity_period_required": False}, {"D16"}),
        ({"quality_step_level": 3}, {"O1", "O2"}),
        ({"unacceptable_needs_review": False, "annual_appraisal_needs_review": False}, {"O7"}),
        ({"plan_change_needs_review": False}, {"O11"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_an_edition_that_differs_is_told(changed, numbers):
    assert differing(Policy(**changed)) == numbers


def test_what_makes_the_difference_is_named():
    policy = Policy(outstanding_threshold_tenths=42, notice_days=40)

    assert answered(BY_NUMBER["T6"], policy).because == (
        "Average from which the rating is Outstanding, in tenths",
    )
    assert answered(BY_NUMBER["T1"], policy).because == ()


def test_either_of_two_settings_put_back_restores_the_answer():
    """R8.1: one of the two reviews is enough to catch an Unacceptable rating."""
    policy = Policy(unacceptable_needs_review=False, annual_appraisal_needs_review=False)

    assert len(answered(BY_NUMBER["O7"], policy).because) == 2
