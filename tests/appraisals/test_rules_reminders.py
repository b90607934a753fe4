"""Marks around a due day, what is stale, and words that HR may write; by hand, without a database."""

import datetime as dt

import pytest

from appraisals.rules import Policy, policy_problems
from appraisals.rules.reminders import (
    OCCASIONS,
    Occasion,
    Rule,
    Who,
    can_be_prompted,
    default_rules,
    late_days,
    marks_between,
    schedule_problems,
    when_words,
)

DUE = dt.date(2026, 4, 30)
DAY = dt.timedelta(days=1)
HOLDER = Who.HOLDER


def rule(offset=-7, who=HOLDER, title="{what} {are} due", text="Write it."):
    return Rule(offset, who, title, text)


def marks(rules, *, after, until, occasion=Occasion.PLAN_DUE):
    found = marks_between(occasion, lambda day: rules, after=after, until=until)
    return [mark.rule.mark for mark in found if mark.due_on == DUE]


def default_marks(day, *, after=None):
    rules = default_rules(Occasion.PLAN_DUE, Policy())
    return marks(rules, after=after or day - DAY, until=day)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-15, []),
        (-14, ["before-14"]),
        (-13, []),
        (-7, ["before-7"]),
        (-1, ["before-1"]),
        (0, ["on"]),
        (1, ["late-1"]),
        (2, []),
        (7, ["late-7-second_level"]),
        (8, ["late-8"]),
        (14, ["late-14-unit_head"]),
        (15, ["late-15"]),
        (22, []),
    ],
)
def test_the_usual_marks_of_a_due_day(days, expected):
    assert default_marks(DUE + days * DAY) == expected


@pytest.mark.parametrize(
    ("missed_from", "until", "expected"),
    [
        # Three weeks without a worker: the newest of what is still true, once.
        (-20, -3, ["before-7"]),
        (-20, -1, ["before-1"]),
        # "Due in 7 days" is not said of a day that is over; what was due on the day is.
        (-20, 0, ["on"]),
        (-8, 1, ["late-1"]),
        # Each kind of people hears its own newest mark.
        (-20, 14, ["late-14-unit_head", "late-7-second_level", "late-8"]),
    ],
)
def test_after_days_without_a_worker_the_newest_mark_is_told(missed_from, until, expected):
    assert default_marks(DUE + until * DAY, after=DUE + missed_from * DAY) == expected


def test_input_is_never_late_and_a_missed_day_of_it_is_over():
    rules = default_rules(Occasion.INPUT_DUE, Policy())
    assert [each.offset for each in rules] == [-14, -7, -1, 0]
    day = DUE + DAY
    assert marks(rules, after=DUE - 3 * DAY, until=day, occasion=Occasion.INPUT_DUE) == []


def test_each_day_is_told_by_the_schedule_of_that_day():
    changed = DUE - 5 * DAY

    def schedule(day):
        return [rule(-10)] if day < changed else [rule(-3)]

    found = marks_between(Occasion.PLAN_DUE, schedule, after=DUE - 11 * DAY, until=DUE - 4 * DAY)
    assert [each.rule.offset for each in found if each.due_on == DUE] == [-10]


def test_late_steps_and_escalation_follow_policy_r14_4_r14_6():
    policy = Policy(
        late_reminder_first_days=3,
        late_reminder_every_days=10,
        late_reminder_times=2,
        late_to_second_level_days=5,
        late_to_unit_head_days=0,
    )
    assert late_days(policy) == [3, 13]
    told = {(each.offset, each.who) for each in default_rules(Occasion.APPRAISAL_DUE, policy)}
    assert (5, Who.SECOND_LEVEL) in told
    assert not any(who == Who.UNIT_HEAD for _, who in told)


def test_a_policy_that_tells_the_head_first_is_refused():
    found = policy_problems({"late_to_second_level_days": 20, "late_to_unit_head_days": 10})
    assert [problem.field for problem in found] == ["late_to_unit_head_days"]
    assert policy_problems({"late_to_second_level_days": 20, "late_to_unit_head_days": 0}) == []
    assert policy_problems({"late_reminder_every_days": 0})


@pytest.mark.parametrize("occasion", Occasion)
def test_the_default_schedules_keep_their_own_rules(occasion):
    rules = default_rules(occasion, Policy())
    assert rules
    assert schedule_problems(occasion, rules) == []


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        (rule(title=" "), "0-title", "Write something."),
        (rule(title="x" * 201), "0-title", "200 characters"),
        (rule(text="{who} is late"), "0-text", "no placeholder {who}"),
        (rule(text="{what"), "0-text", "stands alone"),
        (rule(offset=-61), "0-offset", "60 days before"),
        (rule(offset=181), "0-offset", "180 days after"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(wrong, field, words):
    (problem,) = schedule_problems(Occasion.PLAN_DUE, [wrong])
    assert problem.field == field
    assert words in problem.message


def test_nothing_is_late_where_nothing_can_be():
    (problem,) = schedule_problems(Occasion.INPUT_DUE, [rule(offset=3)])
    assert "nothing is late" in problem.message


def test_one_rule_for_a_day_and_people():
    twice = [rule(-7), rule(-7, title="Other words")]
    (problem,) = schedule_problems(Occasion.PLAN_DUE, twice)
    assert problem.field == "1-offset"
    assert schedule_problems(Occasion.PLAN_DUE, [rule(-7), rule(-7, Who.EMPLOYEE)]) == []


def test_a_schedule_has_an_end():
    many = [rule(-offset) for offset in range(1, 23)]
    assert "at most 20" in schedule_problems(Occasion.PLAN_DUE, many)[0].message


def test_how_far_a_day_is():
    today = dt.date(2027, 3, 14)
    said = [when_words(today + days * DAY, today) for days in (-7, -1, 0, 1, 14)]
    assert said == ["7 days ago", "yesterday", "today", "tomorrow", "in 14 days"]


def test_what_nobody_has_to_act_on_is_not_prompted():
    assert not can_be_prompted(Occasion.NINETY_DAYS)
    assert can_be_prompted(Occasion.INPUT_DUE)
    assert all(facts.one and facts.many and facts.explanation for facts in OCCASIONS.values())
