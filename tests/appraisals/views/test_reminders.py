"""HR writes when people are reminded and how, looks ahead, and reminds people now."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import Notice, Prompt, ReminderRule, ReminderSchedule
from appraisals.rules.reminders import Occasion, Rule, Who
from appraisals.services.reminders import send_prompt, write_schedule
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.reminders.rows import run_on, told_to
from tests.cast import make_cast

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 20)
LIST = "reminder_list"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(TODAY, at=dt.time(10)):
        yield


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.hr)
    return client


def address(occasion="plan_due"):
    return reverse("reminder_schedule", args=[occasion])


def posted(*rules, **more):
    data = {
        "form-TOTAL_FORMS": str(len(rules)),
        "form-INITIAL_FORMS": "0",
        "effective_on": TODAY.isoformat(),
    }
    for at, (days, side, who, title, text) in enumerate(rules):
        fields = {"days": days, "side": side, "who": who, "title": title, "text": text}
        data |= {f"form-{at}-{name}": value for name, value in fields.items()}
    return data | more


WEEK = ("7", "before", "holder", "Seven days for {what}", "Please write {what} until {due}.")


def test_the_list_says_who_is_told_when_and_by_whose_schedule(hr):
    shown = hr.get(reverse(LIST)).content.decode()
    assert "14, 7 and 1 days before, on the day, 1, 8 and 15 days late" in shown
    assert "The second-level supervisor: 7 days late" in shown
    assert "By the policy in force" in shown


def test_human_resources_writes_words_of_their_own(hr, cast):
    answer = hr.post(address(), posted(WEEK))
    assert answer.status_code == 302
    assert "own" in hr.get(reverse(LIST)).content.decode()
    run_on(dt.date(2026, 4, 23))
    (notice,) = Notice.objects.filter(recipient=cast.leader)
    assert notice.title == "Seven days for 2 plans"
    assert notice.text == "Please write 2 plans until 30 April 2026."
    # Elsewhere the usual words hold.
    (other,) = Notice.objects.filter(recipient=cast.leader_elsewhere)
    assert other.title == "The plan of Hugo Faraway is due on 30 April 2026"


@pytest.mark.parametrize(
    ("rule", "field", "words"),
    [
        (("7", "before", "holder", "{whom}", "x"), "title", "no placeholder {whom}"),
        (("7", "before", "holder", "", "x"), "title", "Write something."),
        (("", "before", "holder", "x", "x"), "days", "how many days"),
        (("90", "before", "holder", "x", "x"), "days", "60 days before"),
        (("x", "before", "holder", "x", "x"), "days", "whole number"),
        (("7", "sideways", "holder", "x", "x"), "side", "valid choice"),
    ],
)
def test_a_wrong_rule_is_refused_with_a_sentence_and_kept(hr, rule, field, words):
    answer = hr.post(address(), posted(rule))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert f'href="#id_form-0-{field}"' in shown
    assert "<details" in shown
    assert " open>" in shown
    assert not ReminderSchedule.objects.exists()


def test_a_day_that_is_over_cannot_be_rewritten(hr, cast):
    answer = hr.post(address(), posted(WEEK, effective_on="2026-04-19"))
    assert answer.status_code == 422
    assert "Choose today or later" in answer.content.decode()
    with pytest.raises(Refused):
        write_schedule(
            cast.places["CMD"],
            Occasion.PLAN_DUE,
            effective_on=dt.date(2026, 4, 19),
            rules=[],
            by=cast.hr,
        )


def test_a_reminder_is_added_without_a_script_and_nothing_typed_is_lost(hr):
    answer = hr.post(address(), posted(WEEK, add="1"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Seven days for {what}" in shown
    assert 'name="form-1-title"' in shown
    assert not ReminderSchedule.objects.exists()


def test_a_removed_reminder_is_gone_and_a_blank_one_is_none(hr):
    second = ("1", "before", "holder", "Tomorrow: {what}", "x")
    blank = ("", "before", "holder", "", "")
    data = posted(WEEK, second, blank, **{"form-0-remove": "on"})
    assert hr.post(address(), data).status_code == 302
    assert list(ReminderRule.objects.values_list("title", flat=True)) == ["Tomorrow: {what}"]


def test_a_unit_follows_the_one_above_again(hr, cast):
    hr.post(address(), posted(WEEK))
    hr.post(address(), posted(as_above="1"))
    newest = ReminderSchedule.objects.first()
    assert newest.as_above
    run_on(dt.date(2026, 4, 23))
    assert told_to(cast.leader)["plan_due 2026-04-30 before-7"] == (
        "2 plans are due on 30 April 2026"
    )
    # What was written stays to be read.
    assert ReminderSchedule.objects.count() == 2


def test_without_rules_nobody_is_reminded(hr, cast):
    run_on(TODAY)
    hr.post(address(), posted())
    for days in range(1, 20):
        run_on(TODAY + dt.timedelta(days=days))
    assert [key.split()[2] for key in told_to(cast.leader)] == ["before-14"]
    assert "Nobody" in hr.get(reverse(LIST)).content.decode()


def test_the_nearest_organization_s_newest_holds(cast):
    def write(place, title, day):
        return ReminderRule.objects.create(
            schedule=ReminderSchedule.objects.create(
                organization=cast.places[place],
                occasion="plan_due",
                effective_on=day,
                written_at=clock.now(),
            ),
            offset=-7,
            who=Who.HOLDER.value,
            title=title,
            text="x",
        )

    write("DOD", "Department: {what}", TODAY)
    write("CMD", "Old: {what}", TODAY)
    write("CMD", "New: {what}", dt.date(2026, 4, 22))
    write("CMD", "Ahead: {what}", dt.date(2026, 5, 22))
    run_on(dt.date(2026, 4, 23))
    assert set(told_to(cast.leader).values()) == {"New: 2 plans"}
    assert set(told_to(cast.leader_elsewhere).values()) == {"Department: the plan of Hugo Faraway"}


def test_one_reminder_for_people_under_two_schedules(cast):
    """The chief has two plans in two units with words of their own: told once, of both."""
    for place, title in (("CMD", "Command: {what}"), ("ARMY", "Army: {what}")):
        write_schedule_for(cast, place, title)
    run_on(dt.date(2026, 4, 23))
    (told,) = told_to(cast.army_chief).values()
    assert told.endswith("2 plans")


def write_schedule_for(cast, place, title):
    schedule = ReminderSchedule.objects.create(
        organization=cast.places[place],
        occasion="plan_due",
        effective_on=TODAY,
        written_at=clock.now(),
    )
    ReminderRule.objects.create(schedule=schedule, offset=-7, who="holder", title=title, text="x")


def test_looking_ahead_shows_what_the_run_will_send(hr, cast):
    answer = hr.get(reverse("reminder_ahead"), {"day": "2026-04-23"})
    rows = {row.recipient_id: row.title for row in answer.context["rows"]}
    run_on(dt.date(2026, 4, 23))
    below = (cast.leader, cast.higher_level_reviewer, cast.rating_official)
    for person in below:
        assert rows[person.pk] == Notice.objects.get(recipient=person).title
    assert cast.leader_elsewhere.pk not in rows
    assert answer.context["total"] == len(rows)
    assert sum(each["people"] for each in answer.context["counts"]) == len(rows)


@pytest.mark.parametrize("day", ["", "2026-04-19", "2030-01-01", "soon"])
def test_looking_at_a_day_that_makes_no_sense(hr, day):
    answer = hr.get(reverse("reminder_ahead"), {"day": day})
    assert answer.status_code == 422


def test_looking_outside_the_scope(hr):
    answer = hr.get(reverse("reminder_ahead"), {"organization": "YARD"})
    assert answer.status_code == 422
    assert "No organization with the code “YARD” in your scope" in answer.content.decode()
    assert "total" not in answer.context


def test_people_are_counted_before_they_are_reminded(hr, cast):
    asked = {"organization": "CMD", "occasion": "plan_due"}
    shown = hr.get(reverse("reminder_send"), asked)
    assert shown.context["people"] == 6
    assert not Notice.objects.exists()
    answer = hr.post(reverse("reminder_send"), asked)
    assert answer.status_code == 302
    assert Notice.objects.filter(kind="prompt").count() == 6
    prompt = Prompt.objects.get()
    assert (prompt.told, prompt.sent_by, prompt.organization.code) == (6, cast.hr, "CMD")
    again = hr.post(reverse("reminder_send"), asked)
    assert again.status_code == 422
    assert "reminded today" in again.content.decode()
    assert Prompt.objects.count() == 1


def test_only_what_is_late_is_asked_for(hr, cast):
    asked = {"organization": "CMD", "occasion": "plan_due", "late_only": "on"}
    assert hr.get(reverse("reminder_send"), asked).context["people"] == 0
    with clock.frozen(dt.date(2026, 5, 4), at=dt.time(10)):
        hr.post(reverse("reminder_send"), asked)
    notice = Notice.objects.filter(kind="prompt", recipient=cast.leader).get()
    assert notice.title == "Late: 2 plans"


def test_what_nobody_has_to_act_on_cannot_be_sent(hr, cast):
    asked = {"organization": "CMD", "occasion": "ninety_days"}
    assert hr.post(reverse("reminder_send"), asked).status_code == 422
    with pytest.raises(Refused):
        send_prompt(cast.places["CMD"], Occasion.NINETY_DAYS, late_only=False, by=cast.hr)


def test_only_human_resources_in_scope(client, cast):
    for person in (cast.leader, cast.rating_official, cast.auditor):
        client.force_login(person)
        assert client.get(reverse(LIST)).status_code == 404
    client.force_login(cast.hr_elsewhere)
    assert client.post(address() + "?organization=CMD", posted(WEEK)).status_code == 404


def test_an_occasion_that_is_none(hr):
    assert hr.get(address("lunch")).status_code == 404


def test_rule_value():
    assert Rule(0, Who.HOLDER, "x", "x").mark == "on"


@pytest.mark.parametrize(
    ("address_of", "asked"),
    [
        (reverse(LIST), {}),
        (address(), {}),
        (reverse("reminder_ahead"), {"organization": "CMD", "day": "2026-04-23"}),
        (reverse("reminder_send"), {"organization": "CMD", "occasion": "plan_due"}),
        (reverse("calendar"), {}),
    ],
)
def test_a_page_asks_fifteen_questions_at_most_whatever_was_written(
    hr, cast, address_of, asked, django_assert_max_num_queries
):
    for place in ("DOD", "ARMY", "CMD"):
        write_schedule_for(cast, place, "Due: {what}")
    with django_assert_max_num_queries(15):
        assert hr.get(address_of, asked).status_code == 200
