"""Supervisors: what each field answers for, how people are led, and the mandatory elements."""

from appraisals.demonstration.occupations.fields import DISCUSSION, FIELD_ELEMENTS, STEWARDSHIP
from appraisals.demonstration.texts import Choices, ElementText, Occupation, Theme

ACCOUNTABILITY = ElementText(
    title="Holding employees accountable",
    theme=Theme.PEOPLE,
    description="Sets clear expectations, follows the work and acts early when conduct or performance falls short.",
    standards="Every employee has an approved plan within 30 days of the cycle’s start or of taking up the position.\n"
    "Holds at least one progress review with each employee and records it within 5 workdays.\n"
    "Ratings separate outstanding from fully successful and from unacceptable work, each by its standards.\n"
    "Takes up poor performance or misconduct within 10 workdays of learning of it, with advice from human resources.",
    employee_input="All {people} plans were approved by {plan_date}. I held a review with everybody and wrote each one down the same week. One case of "
    "lateness was taken up within {case_days} workdays and is settled.",
    progress="Plans were in place by {plan_date}. Reviews are on schedule; write down the agreed next steps each time.",
    outstanding="Every one of {people} plans was approved by {plan_date}, weeks before most of the garrison. {last} took up a case of poor performance "
    "within {case_days} workdays, helped the employee back to the standard and wrote down each step.",
    fully_successful="Plans, reviews and ratings were on time, and what fell short was taken up early and fairly.",
    unacceptable="Four of {people} plans were approved after June, three employees had no progress review, and a known case of misconduct was left for "
    "five months.",
    is_supervisory=True,
    mandatory="accountability",
)

WHISTLEBLOWER = ElementText(
    title="Whistleblower protection",
    theme=Theme.PROTECT,
    description="Makes it safe to disclose wrongdoing and acts on what is disclosed.",
    standards="Responds constructively to every protected disclosure: hears it, thanks the employee and says within 5 workdays what happens next.\n"
    "Takes responsible action to resolve what was disclosed, or refers it to those who can.\n"
    "Keeps a climate in which employees feel safe to disclose; no reprisal, and all employees are told of their rights once a year.",
    employee_input="I told all {people} employees of their rights in {talk_month} and posted how to reach the Inspector General and the Office of Special "
    "Counsel. One concern about {concern} came to me and was settled in {settle_days} days.",
    progress="The yearly talk on rights was held in {talk_month}. The concern about {concern} was handled well.",
    outstanding="{last} took up a concern about {concern} the day it was raised, settled it in {settle_days} days and had the employee explain the "
    "remedy to the team. In the climate survey 9 of 10 say they would speak up.",
    fully_successful="Employees were told of their rights and the concern that came up was heard and settled without reprisal.",
    is_supervisory=True,
    mandatory="whistleblower",
)

LEADING = ElementText(
    title="Leading and developing people",
    theme=Theme.PEOPLE,
    description="Builds a team in {unit} that does the work well and wants to stay.",
    standards="Talks with each employee about work and development at least once a quarter.\n"
    "Each employee has a development goal by 30 June, and at least 80% of the training agreed is completed.\n"
    "Vacancies are announced within 20 workdays of falling open; selections follow merit.",
    employee_input="I met each of my {people} employees every quarter. {trained}% of agreed training is done. {vacancies} vacancies were announced after {announce} "
    "workdays on average.",
    progress="Quarterly talks are held. {trained}% of training is booked or done. Think now about who follows on the retirements.",
    outstanding="{trained}% of agreed training was completed and {promoted} employees of {unit} were promoted on merit. Engagement in the survey rose by "
    "{rise} points, the most in the garrison.",
    fully_successful="Talks, development goals and hiring met the standard.",
    is_supervisory=True,
)

_CHOICES: Choices = {
    "plan_date": ("17 April", "20 April", "24 April", "28 April"),
    "case_days": range(3, 9),
    "talk_month": ("May", "June", "September"),
    "concern": (
        "time cards",
        "a contractor’s invoices",
        "a safety guard that was taken off",
        "overtime",
        "fuel receipts",
    ),
    "settle_days": range(9, 28),
    "trained": range(82, 99),
    "vacancies": (2, 3, 4),
    "announce": range(9, 18),
    "promoted": (2, 3),
    "rise": range(4, 12),
    "delivered": range(93, 100),
    "under": ("0.8", "1.2", "1.6"),
    "savings": range(18, 140),
    "rating": range(2, 9),
    "was": range(13, 22),
    "now": range(5, 11),
    "exercise": (
        "the March storm",
        "the full-scale exercise in May",
        "the power failure of 9 January",
    ),
}


def supervisory_plan(technical: tuple[ElementText, ...]) -> tuple[ElementText, ...]:
    """R3.7, R3.8: two of the field at most, then the three that make a supervisor."""
    return (*technical, LEADING, ACCOUNTABILITY, WHISTLEBLOWER)


def supervisor_in(field: str) -> Occupation:
    return Occupation(
        key=f"supervisor_{field}",
        series="",
        elements=supervisory_plan((*FIELD_ELEMENTS[field], STEWARDSHIP)[:2]),
        discussion=DISCUSSION,
        development=(
            "The advanced supervisor course.",
            "A developmental assignment with the command.",
            "Coaching for leaders, six sessions.",
        ),
        resources=(
            "A deputy position while two projects run side by side.",
            "An hour a month with human resources on hard cases.",
        ),
        choices=_CHOICES,
    )


OCCUPATIONS = tuple(supervisor_in(field) for field in FIELD_ELEMENTS)
