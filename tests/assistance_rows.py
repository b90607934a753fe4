"""Work that is not good enough: a record with an approved plan, and an opportunity period on it."""

import datetime as dt

from appraisals.models import (
    ActionInstance,
    ActionKind,
    Appraisal,
    Document,
    Element,
    Kind,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    SectionKind,
    State,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.rules import Terms
from appraisals.services.actions import add_instance, propose_action
from appraisals.services.assistance import open_opportunity, record_meeting, start_result
from appraisals.services.records import open_document
from appraisals.services.writing import save_section
from orgchart import clock
from tests.cast import PATH, SECRET, Cast, make_record, take

PLANNED = dt.date(2026, 6, 12)
GIVEN = dt.date(2026, 9, 1)
CONSULTED = dt.date(2026, 8, 28)


def planned_record(cast: Cast) -> Appraisal:
    """The employee's, its plan acknowledged."""
    record = make_record(cast)
    plan = plan_of(record)
    assert plan is not None
    take(plan, *PATH[State.ACKNOWLEDGED], cast=cast, on=PLANNED)
    return Appraisal.objects.with_people().get(pk=record.pk)


def elements_of(record: Appraisal) -> list[Element]:
    plan = plan_of(record)
    assert plan is not None
    return plan_elements(plan)


def terms(**changed: object) -> Terms:
    usual = {"days": 30, "meeting_every": 10, "consulted": "Hanna Human", "consulted_on": CONSULTED}
    return Terms(**(usual | changed))  # type: ignore[arg-type]


def write_all(
    document: Document, cast: Cast, *, on: dt.date, level: int | None = None, text: str = "Late."
) -> None:
    """Every text of its rating official; with a level where one is chosen."""
    with clock.frozen(on):
        for section in document.sections.all():
            with_level = section.kind in (SectionKind.OUTCOME, SectionKind.RATING)
            save_section(
                section,
                by=cast.rating_official,
                expected_version=section.version,
                text=f"{text} {SECRET}",
                level=level if with_level else None,
            )


def begun_opportunity(
    cast: Cast, record: Appraisal, *, on: dt.date = GIVEN, elements: int = 1
) -> OpportunityPeriod:
    """Its notice is written and not sent."""
    with clock.frozen(on):
        chosen = elements_of(record)[:elements]
        period = open_opportunity(record, chosen, terms=terms(), by=cast.rating_official)
    write_all(period.notice, cast, on=on)
    return period


def again(period: OpportunityPeriod) -> OpportunityPeriod:
    return OpportunityPeriod.objects.loaded().get(pk=period.pk)


def given_opportunity(
    cast: Cast, record: Appraisal, *, on: dt.date = GIVEN, elements: int = 1
) -> OpportunityPeriod:
    """The employee has the notice."""
    period = begun_opportunity(cast, record, on=on, elements=elements)
    take(period.notice, "submit", "approve", "communicate", cast=cast, on=on)
    return again(period)


def ended_opportunity(
    cast: Cast, record: Appraisal, *, level: int, on: dt.date = GIVEN
) -> OpportunityPeriod:
    """The employee was told the result on the last day."""
    period = given_opportunity(cast, record, on=on)
    assert period.ends_on is not None
    last = period.ends_on
    with clock.frozen(last):
        result = start_result(period, by=cast.rating_official)
    write_all(result, cast, on=last, level=level)
    steps = ("submit", "approve") if level == 1 else ("finish",)
    take(result, *steps, "communicate", cast=cast, on=last)
    return again(period)


def proposed_action(cast: Cast, record: Appraisal, *, on: dt.date) -> ProposedAction:
    """Written, with one instance, and not sent."""
    element = elements_of(record)[0]
    with clock.frozen(on):
        action = propose_action(record, ActionKind.REMOVAL, [element], by=cast.rating_official)
        add_instance(action, element=element, happened_on=on, what=SECRET, by=cast.rating_official)
    write_all(action.document, cast, on=on)
    return action


def make_assistance(cast: Cast, record: Appraisal) -> None:
    """For `test_permission_matrix`: an opportunity whose days are over, with a meeting; a proposal being written."""
    period = given_opportunity(cast, record)
    with clock.frozen(GIVEN + dt.timedelta(days=8)):
        record_meeting(
            period,
            held_on=GIVEN + dt.timedelta(days=8),
            method="F",
            account=SECRET,
            by=cast.rating_official,
        )
        about = [each.element for each in period.notice.sections.all() if each.element][:1]
        document = open_document(
            record,
            Kind.PROPOSED_ACTION,
            number=1,
            policy=cast.policy,
            by=cast.rating_official,
            about=about,
        )
        action = ProposedAction.objects.create(document=document, action=ActionKind.REMOVAL)
        ActionInstance.objects.create(
            action=action, element=about[0], happened_on=GIVEN, what=SECRET
        )


def assistance_arguments(record: int) -> dict[str, list[object]]:
    period = OpportunityPeriod.objects.get().pk
    return {
        **{
            name: [record]
            for name in (
                "assistance",
                "early_talk_start",
                "opportunity_open",
                "action_propose",
                "current_rating_start",
                "consequences",
            )
        },
        **{
            name: [period]
            for name in (
                "opportunity_meeting_new",
                "opportunity_extend",
                "opportunity_result_start",
            )
        },
        **{
            name: [ProposedAction.objects.get().pk]
            for name in ("action_instances", "action_follow")
        },
        "instance_remove": [ActionInstance.objects.get().pk],
        "meeting_answer": [OpportunityMeeting.objects.get().pk],
    }
