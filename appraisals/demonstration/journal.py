"""What an employee and her supervisor noted for themselves through the year that is being rated."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from appraisals.models import Appraisal, AppraisalCycle, Element, JournalEntry
from appraisals.problems import plan_elements, plan_of
from orgchart.models import Person

Note = tuple[int, int, tuple[int, ...], str]
"""Month, day, numbers of the elements, words."""

_OWN: tuple[Note, ...] = (
    (4, 24, (3,), "Published the training plan, six days early. 150 sessions in it."),
    (
        5,
        14,
        (1,),
        "First quarter of inspections set: 104 buildings, two inspectors on leave in June.",
    ),
    (6, 11, (2,), "Re-based Engine 2 to Station 1 for a trial. Turnout fell from 2:10 to 1:29."),
    (6, 30, (2,), "Second quarter: 96% of structural alarms within 7 minutes. Standard says 90."),
    (
        7,
        22,
        (4,),
        "First inventory closed, no loss. Found two air packs that Supply had written off.",
    ),
    (8, 19, (), "Acting for Dana two weeks. Ran the budget call with DPW by myself."),
    (9, 19, (2, 4), "Led the mutual-aid exercise with two counties. 61 people, no injury."),
    (10, 7, (3,), "Aisha passed Officer I at the first try. That makes 31 of 34 certified."),
    (
        11,
        12,
        (1,),
        "412 of 421 inspections done or set. The nine are in buildings that are closed.",
    ),
    (
        12,
        16,
        (2,),
        "Third quarter: 97% within 7 minutes. The county asked for our Engine 2 figures.",
    ),
    (
        1,
        27,
        (4,),
        "Ladder 1 out of service for 19 days, borrowed one from the county under the agreement.",
    ),
    (2, 18, (3,), "Two Saturday sessions for those who missed January because of the ice storm."),
    (
        3,
        17,
        (2,),
        "Two counties have taken over the way we base our engines. Letter from both chiefs.",
    ),
)
_ABOUT_HER: tuple[Note, ...] = (
    (
        6,
        12,
        (2,),
        "Maria came with her own analysis of dispatch data before I asked. Engine 2 trial is hers.",
    ),
    (
        9,
        21,
        (2, 4),
        "Exercise with the counties: calm, clear orders, left the debriefing to her captains.",
    ),
    (
        11,
        4,
        (1,),
        "Asked her to close the nine open inspections. She had a list with a reason for each.",
    ),
    (1, 28, (4,), "Ladder 1: told me on day 3, not day 1. Say so in April."),
    (3, 19, (3,), "142 of 150 sessions held in spite of the storm."),
)
_ABOUT_OTHERS: tuple[tuple[str, Note], ...] = (
    ("linh.nguyen", (7, 9, (), "Took four calls at once on Saturday and lost none. Thank her.")),
    (
        "paul.sorensen",
        (10, 20, (), "Late twice this month. Asked why: night classes. Shift changed."),
    ),
    (
        "renee.damico",
        (2, 3, (), "Her walk-through for the new inspectors is the best we have had."),
    ),
)


def build_journals(people: Mapping[str, Person], cycle: AppraisalCycle, *, until: dt.date) -> None:
    """At fixed hours: filling twice gives the same."""
    maria, dana = people["maria.ortega"], people["dana.whitfield"]
    elements = _elements_of(maria, cycle)
    for about, writer, notes in ((maria, maria, _OWN), (maria, dana, _ABOUT_HER)):
        for note in notes:
            _keep(writer, about, note, elements, cycle, until)
    for name, note in _ABOUT_OTHERS:
        _keep(dana, people[name], note, {}, cycle, until)


def _elements_of(person: Person, cycle: AppraisalCycle) -> dict[int, Element]:
    plan = plan_of(Appraisal.objects.get(employee=person, cycle=cycle))
    return {element.number: element for element in plan_elements(plan)} if plan else {}


def _keep(
    writer: Person,
    about: Person,
    note: Note,
    elements: Mapping[int, Element],
    cycle: AppraisalCycle,
    until: dt.date,
) -> None:
    month, day_of_month, numbers, text = note
    year = cycle.starts_on.year + (month < cycle.starts_on.month)
    day = dt.date(year, month, day_of_month)
    if day > until:
        return
    at = dt.datetime.combine(day, dt.time(16, 50), tzinfo=timezone.get_current_timezone())
    entry = JournalEntry.objects.create(
        writer=writer, about=about, noted_on=day, text=text, written_at=at
    )
    entry.elements.set(elements[number] for number in numbers if number in elements)
