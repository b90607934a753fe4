"""Work that is not good enough, at one person of the fire station: a talk, then an opportunity period that runs (R10)."""

import datetime as dt
from collections.abc import Mapping

from appraisals.models import Appraisal, AppraisalCycle, Document, Method, SectionKind
from appraisals.problems import plan_elements, plan_of
from appraisals.rules import Terms
from appraisals.services.approvals import note_reading
from appraisals.services.assistance import (
    open_opportunity,
    record_meeting,
    say_a_word,
    start_early_talk,
)
from appraisals.services.writing import save_section
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Person

_SHORTFALL = (
    "Of 24 inspections due since 1 December nine were held late, and four reports left out the exits that were "
    "blocked. The standard is every inspection by its day, with a report in five workdays that names each defect. "
    "Acceptable is: in these 30 days no inspection later than its day, and each report whole and in time."
)
_SUPPORT = (
    "Aisha Khan goes with you to the first three buildings. You have the new check list, and Mondays are free of "
    "calls for your reports. We meet every week and go through the list together."
)
_MEETINGS = (
    (
        8,
        "Three of three inspections held by their day. One report came a day late; the check list was used.",
    ),
    (15, "Four of four in time. The report on building 212 named all five defects."),
    (
        22,
        "Two of two in time, both reports whole. If it stays so, this is what the standard asks for.",
    ),
)
_WORD = "The report of the 11th waited for the drawings, which Public Works sent on the 15th."


def build_assistance(
    people: Mapping[str, Person], cycle: AppraisalCycle, *, until: dt.date
) -> None:
    """Renée D’Amico’s; what would lie after `until` is left out."""
    dana, henry, renee = (
        people[name] for name in ("dana.whitfield", "henry.okafor", "renee.damico")
    )
    record = Appraisal.objects.with_people().get(employee=renee, cycle=cycle)
    plan = plan_of(record)
    if plan is None or plan.communicated_on is None or until < dt.date(2027, 4, 1):
        return
    about = plan_elements(plan)[:1]
    talked_on, given_on = dt.date(2027, 2, 2), dt.date(2027, 3, 8)
    with clock.frozen(talked_on, at=dt.time(10, 5)):
        talk = start_early_talk(record, about, by=dana)
        _write(talk, dana)
        _take(talk, ("finish", dana), ("communicate", dana), ("acknowledge", renee), on=talked_on)
    with clock.frozen(given_on, at=dt.time(9, 10)):
        consulted = {"consulted": "Miriam Castellano", "consulted_on": dt.date(2027, 3, 4)}
        terms = Terms(days=30, meeting_every=7, **consulted)  # type: ignore[arg-type]  # as named
        period = open_opportunity(record, about, terms=terms, by=dana)
        _write(period.notice, dana)
        steps = (
            ("submit", dana),
            ("approve", henry),
            ("communicate", dana),
            ("acknowledge", renee),
        )
        _take(period.notice, *steps, on=given_on)
    for days, account in _MEETINGS:
        held_on = given_on + dt.timedelta(days=days)
        with clock.frozen(held_on, at=dt.time(15, 30)):
            meeting = record_meeting(
                period, held_on=held_on, method=Method.FACE_TO_FACE, account=account, by=dana
            )
            if days == _MEETINGS[0][0]:
                say_a_word(meeting, text=_WORD, by=renee)


def _write(document: Document, by: Person) -> None:
    texts = {SectionKind.SHORTFALL: _SHORTFALL, SectionKind.SUPPORT: _SUPPORT}
    for section in document.sections.all():
        text = texts.get(SectionKind(section.kind))
        if text:
            save_section(section, by=by, expected_version=section.version, text=text)


def _take(document: Document, *steps: tuple[str, Person], on: dt.date) -> None:
    given = Given(discussed_on=on, method=Method.FACE_TO_FACE)
    for name, by in steps:
        note_reading(document, by=by)
        document = advance(document, name, by=by, given=given)
