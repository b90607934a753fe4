"""When work is not good enough (R10): what a notice says, when it ends, what may follow."""

import datetime as dt
from dataclasses import replace

import pytest

from appraisals import rules
from appraisals.rules import AssessmentFacts, FollowUp, Opportunity, Policy, RatingFacts, Terms

POLICY = Policy()
DAY = dt.date(2026, 9, 1)
TEXT = "Two of nine reports came after their day."


def test_the_day_of_the_notice_is_not_one_of_the_days_r10_2():
    assert rules.opportunity_ends_on(dt.date(2026, 11, 2), 30) == dt.date(2026, 12, 2)


def test_meetings_are_held_at_even_distances_within_the_period_r10_2():
    ends_on = rules.opportunity_ends_on(DAY, 30)
    days = rules.meeting_days(DAY, ends_on, 7)
    assert days == [dt.date(2026, 9, day) for day in (8, 15, 22, 29)]
    assert rules.meeting_days(DAY, ends_on, 30) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"days": 0}, "days"),
        ({"consulted": " "}, "consulted"),
        ({"consulted_on": None}, "consulted_on"),
        ({"consulted_on": DAY + dt.timedelta(days=1)}, "consulted_on"),
    ],
)
def test_terms_name_days_and_who_was_consulted_r10_1(changed, field):
    sound = {"days": 30, "meeting_every": 7, "consulted": "Ana", "consulted_on": DAY}
    assert rules.terms_problems(Terms(**sound), today=DAY, policy=POLICY) == {}
    found = rules.terms_problems(Terms(**(sound | changed)), today=DAY, policy=POLICY)
    assert list(found) == [field]


def test_where_policy_asks_for_no_consultation_none_is_asked_for_r10_1():
    policy = replace(POLICY, hr_consultation_required=False)
    assert rules.terms_problems(Terms(days=30, meeting_every=7), today=DAY, policy=policy) == {}


def test_a_component_may_set_a_minimum_r10_2():
    policy = replace(POLICY, opportunity_minimum_days=60, hr_consultation_required=False)
    found = rules.terms_problems(Terms(days=59, meeting_every=7), today=DAY, policy=policy)
    assert found == {"days": "An opportunity period lasts at least 60 days here."}


def test_no_action_without_an_opportunity_r10_2():
    assert not rules.action_answer(DAY, [], POLICY).allowed


def test_the_switch_of_september_2025_lets_an_action_be_proposed_at_once_r10_6():
    policy = replace(POLICY, opportunity_period_required=False)
    answer = rules.action_answer(DAY, [], policy)
    assert answer.allowed
    assert "R10.6" in answer.reason


def test_no_action_while_an_opportunity_runs_or_its_result_is_untold_r10_3():
    given = [Opportunity(DAY, DAY + dt.timedelta(days=30))]
    for today in (DAY, DAY + dt.timedelta(days=40)):
        assert not rules.action_answer(today, given, POLICY).allowed


def test_an_action_follows_a_failed_opportunity_however_long_ago_it_began_r10_3():
    failed = [Opportunity(DAY, DAY + dt.timedelta(days=30), succeeded=False)]
    assert rules.action_answer(DAY + dt.timedelta(days=400), failed, POLICY).allowed


def test_after_a_year_of_acceptable_work_a_new_opportunity_is_owed_d16():
    began = dt.date(2026, 3, 1)
    held = [Opportunity(began, began + dt.timedelta(days=30), succeeded=True)]
    within = rules.action_answer(dt.date(2027, 2, 28), held, POLICY)
    after = rules.action_answer(dt.date(2027, 4, 10), held, POLICY)
    assert within.allowed
    assert not after.allowed
    assert "R10.4" in after.reason


def test_a_proposal_is_due_ten_days_after_the_result_r10_6():
    assert rules.proposal_due_on(dt.date(2026, 10, 1), POLICY) == dt.date(2026, 10, 11)


# ------------------------------------------------------------------------------------- documents


def shortfalls(text: str = TEXT) -> list[AssessmentFacts]:
    return [AssessmentFacts(1, "Reports", text)]


def fields(problems: list[rules.Problem]) -> list[tuple[int | None, str]]:
    return [(each.element, each.field) for each in problems]


def test_a_notice_names_shortfall_help_and_what_may_follow_r10_2():
    sound = rules.shortfall_problems(
        shortfalls(), support="Weekly help", warning="Removal", policy=POLICY
    )
    empty = rules.shortfall_problems(shortfalls(" "), support="", warning="", policy=POLICY)
    assert sound == []
    assert fields(empty) == [(1, "text"), (None, "support"), (None, "warning")]


def test_an_early_talk_needs_no_warning_r10_1():
    found = rules.shortfall_problems(shortfalls(), support="Help", warning=None, policy=POLICY)
    assert found == []


def test_a_result_says_of_each_element_whether_it_is_acceptable_r10_3():
    found = rules.outcome_problems([RatingFacts(1, "Reports", None, "")], POLICY)
    assert fields(found) == [(1, "level"), (1, "text")]
    assert rules.outcome_problems([RatingFacts(1, "Reports", 3, TEXT)], POLICY) == []


def test_an_action_rests_on_instances_of_the_year_before_r10_3():
    sound = rules.action_problems(shortfalls(), [DAY], today=DAY, policy=POLICY)
    none = rules.action_problems(shortfalls(), [], today=DAY, policy=POLICY)
    old = rules.action_problems(
        shortfalls(), [dt.date(2025, 8, 31), dt.date(2025, 9, 1)], today=DAY, policy=POLICY
    )
    assert sound == []
    assert fields(none) == [(None, "instances")]
    assert len(old) == 1
    assert "31 August 2025" in old[0].message


def test_long_texts_are_measured_r6_5():
    long = "x" * (POLICY.narrative_limit + 1)
    for found in (
        rules.shortfall_problems(shortfalls(long), support=long, warning=long, policy=POLICY),
        rules.outcome_problems([RatingFacts(1, "Reports", 3, long)], POLICY),
        rules.action_problems(shortfalls(long), [DAY], today=DAY, policy=POLICY),
    ):
        assert {each.rule for each in found} == {"R6.5"}


# ------------------------------------------------------------------------------------- follow-up

NOTICED = dt.date(2026, 11, 2)
TODAY = dt.date(2027, 1, 15)


def wrong(**given: object) -> dict[str, str]:
    return rules.follow_up_problems(
        NOTICED,
        FollowUp(**given),
        today=TODAY,
        policy=POLICY,  # type: ignore[arg-type]
    )


DECIDED = {"decision": "removal", "decided_on": dt.date(2026, 12, 1), "decided_by": "Col. Reyes"}


def test_nothing_takes_effect_before_the_notice_has_run_d15():
    assert wrong(**DECIDED, effective_on=dt.date(2026, 12, 2)) == {}
    assert list(wrong(**DECIDED, effective_on=dt.date(2026, 12, 1))) == ["effective_on"]


def test_an_extended_notice_moves_the_day_r10_3():
    early = dt.date(2026, 12, 2)
    assert list(wrong(**DECIDED, more_notice_days=30, effective_on=early)) == ["effective_on"]
    assert wrong(**DECIDED, more_notice_days=30, effective_on=dt.date(2027, 1, 1)) == {}
    assert list(wrong(more_notice_days=31)) == ["more_notice_days"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"decision": "removal"}, {"decided_on", "decided_by"}),
        ({"decided_by": "Col. Reyes"}, {"decision"}),
        ({"replied_on": dt.date(2026, 11, 1)}, {"replied_on"}),
        ({"replied_on": dt.date(2027, 1, 16)}, {"replied_on"}),
        (
            {
                "decision": "nothing",
                "decided_on": dt.date(2026, 12, 1),
                "decided_by": "Col. Reyes",
                "effective_on": dt.date(2026, 12, 5),
            },
            {"effective_on"},
        ),
    ],
)
def test_a_decision_is_whole_and_lies_after_the_notice(given, field):
    assert set(wrong(**given)) == field


def test_nothing_is_known_of_a_notice_that_was_not_given():
    found = rules.follow_up_problems(None, FollowUp(), today=TODAY, policy=POLICY)
    assert list(found) == ["decision"]
