"""The policy: its defaults, who reviews what, and editions that make no sense."""

import dataclasses

import pytest

from appraisals.rules import (
    ANNUAL_APPRAISAL,
    NARRATIVE_STATEMENT,
    PERFORMANCE_PLAN,
    PROGRESS_REVIEW,
    Policy,
    needs_review,
    policy_problems,
    policy_settings,
)


@pytest.mark.parametrize(
    ("kind", "level", "reviewed"),
    [
        (PERFORMANCE_PLAN, None, True),
        (PROGRESS_REVIEW, None, False),
        (NARRATIVE_STATEMENT, None, False),
        (ANNUAL_APPRAISAL, None, True),
        (ANNUAL_APPRAISAL, 5, True),
        (ANNUAL_APPRAISAL, 3, True),
        (ANNUAL_APPRAISAL, 1, True),
    ],
)
def test_needs_review_r8_5_recommended_defaults(kind, level, reviewed):
    assert needs_review(Policy(), kind, level=level) is reviewed


def test_needs_review_can_be_switched_off_for_level_1_if_the_law_changes():
    proposed = Policy(annual_appraisal_needs_review=False, unacceptable_needs_review=False)

    assert not needs_review(proposed, ANNUAL_APPRAISAL, level=1)


def test_needs_review_does_not_know_other_kinds():
    with pytest.raises(KeyError):
        needs_review(Policy(), "letter")


def test_no_forced_distribution_and_rating_grievable_by_default_r7_16():
    """The law as it stands; the proposed rule of 2026 would turn each of these."""
    policy = Policy()

    assert not policy.forced_distribution_allowed
    assert policy.rating_grievable
    assert policy.unacceptable_needs_review
    assert policy.opportunity_period_required


def test_a_policy_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Policy().minimum_period_days = 1  # type: ignore[misc]


def test_policy_settings_list_every_field_with_its_rule_and_label():
    settings = policy_settings()

    assert [each.name for each in settings] == [field.name for field in dataclasses.fields(Policy)]
    assert all(each.rule.startswith("R") and each.label for each in settings)
    assert len({each.label for each in settings}) == len(settings)


def test_the_defaults_are_a_sound_edition():
    assert policy_problems(dataclasses.asdict(Policy())) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimum_period_days", -1),
        ("minimum_period_days", "90"),
        ("minimum_period_days", True),
        ("minimum_period_days", 90.0),
        ("minimum_period_days", None),
        ("count_both_ends", 1),
        ("cycle_start_month", 13),
        ("effective_day", 31),
        ("elements_maximum", 21),
        ("elements_minimum", 0),
        ("outstanding_threshold_tenths", 51),
        ("narrative_required_levels", [5, 4]),
        ("narrative_required_levels", 5),
        ("within_grade_minimum", 2),
        ("narrative_limit", 0),
        ("cycle_name", " "),
        ("minimum_days", 90),
    ],
)
def test_policy_problems_name_the_field(name, value):
    problems = policy_problems({name: value, "plan_due_days": 20})

    assert [problem.field for problem in problems] == [name]


def test_policy_problems_lists_all():
    values = {"cycle_start_month": 0, "small_cell_minimum": "ten", "rating_grievable": "no"}

    assert {problem.field for problem in policy_problems(values)} == set(values)


def test_policy_problems_fewest_elements_above_the_most():
    assert [each.rule for each in policy_problems({"elements_minimum": 11})] == ["R3.2"]


def test_policy_problems_says_what_to_do():
    (problem,) = policy_problems({"minimum_period_days": -1})

    assert problem.message == (
        "Days under an approved plan before a rating: enter a whole number from 0 to 3,660."
    )
