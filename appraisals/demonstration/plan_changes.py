"""Plans that changed in the middle of a year (R3.9), and a mandatory element that HR put in (R3.8)."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db.models import OuterRef, Subquery

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    Document,
    Element,
    MandatoryElement,
    MandatoryPush,
    Method,
    Section,
    SectionKind,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.services.approvals import note_reading
from appraisals.services.mandatory import begin_push, claim, create_mandatory, work_on
from appraisals.services.plan_change import (
    add_to_change,
    reword_in_change,
    save_element_change,
    start_plan_change,
)
from appraisals.services.writing import save_section
from appraisals.workflow import Given, advance
from orgchart import clock
from orgchart.models import Organization, Person

JANUARY = 286
"""Days into the cycle: 12 January."""
CHANGED_LAST_YEAR = "shauna.begay"
WALKS: dict[str, tuple[str, ...]] = {
    "tevita.fonoti": (),
    "jiwoo.park": ("submit",),
    "desmond.achebe": ("submit", "approve"),
    "lupita.arce": ("submit", "approve", "communicate"),
    "teresa.quintana": ("submit", "approve", "communicate", "acknowledge"),
}
"""Plans of the new year, and how far the change of each has come."""

_WHY = (
    "The second shift moves here on 1 May. Readiness has to be reported by both shifts, and somebody "
    "has to hand over between them."
)
_ADDED = {
    "title": "Handover between shifts",
    "description": "The hour in which one shift leaves and the next takes over.",
    "standards": "Leaves a written handover at the end of each shift that names open work and equipment out of service.\n"
    "No more than one handover a quarter is found incomplete.",
}
_MORE = "\nBoth shifts report in the same form, by 0700 and by 1900."
_CONTROLS = {
    "title": "Internal controls",
    "description": "Keeping the unit’s money and records in order.",
    "standards": "Tests each key control of the unit once a quarter and reports what failed within 5 working days.\n"
    "Closes findings of the last review by the date agreed, or has the date moved in writing before it passes.",
}


def build_plan_changes(
    people: Mapping[str, Person],
    organizations: Mapping[str, Organization],
    this_year: AppraisalCycle,
    next_year: AppraisalCycle,
    *,
    until: dt.date,
) -> None:
    _say_what_texts_were_written_for()
    last = Appraisal.objects.get(employee=people[CHANGED_LAST_YEAR], cycle=this_year)
    january = this_year.starts_on + dt.timedelta(days=JANUARY)
    if january <= until and last.documents.filter(kind="annual_appraisal", state="draft").exists():
        _change(last, WALKS["teresa.quintana"], on=january)
    for name, walk in WALKS.items():
        record = Appraisal.objects.filter(employee=people[name], cycle=next_year).first()
        plan = plan_of(record) if record else None
        if record and plan and plan.approved_on:
            _change(record, walk, on=until)
    _put_in(people["miriam.castellano"], organizations["RM"], next_year, on=until)


def _say_what_texts_were_written_for() -> None:
    """The years before were written in bulk."""
    version = Element.objects.filter(pk=OuterRef("element")).values("version")[:1]
    written = Section.objects.filter(element__isnull=False, version__gt=0)
    written.update(element_version=Subquery(version))


def _change(record: Appraisal, walk: tuple[str, ...], *, on: dt.date) -> None:
    by = record.rating_official
    plan = plan_of(record)
    elements = [each for each in plan_elements(plan) if each.mandatory_id is None] if plan else []
    with clock.frozen(on, at=dt.time(10, 15)):
        change = start_plan_change(record, by=by)
        reworded = reword_in_change(change, elements[0], by=by)
        values = {name: getattr(reworded, name) for name in Element.CONTENT}
        save_element_change(
            reworded,
            by=by,
            expected_version=reworded.version,
            values={**values, "standards": values["standards"] + _MORE},
        )
        add_to_change(change, by=by, values={**_ADDED, "goal_id": elements[0].goal_id})
        reason = change.sections.get(kind=SectionKind.CHANGE_REASON)
        save_section(reason, by=by, expected_version=0, text=_WHY)
        for step in walk:
            actor = _actor(change, step)
            note_reading(change, by=actor)
            change = advance(change, step, by=actor, given=_given(on))


def _actor(change: Document, step: str) -> Person:
    record = change.appraisal
    if step == "approve" and record.higher_level_reviewer:
        return record.higher_level_reviewer
    return record.employee if step == "acknowledge" else record.rating_official


def _given(on: dt.date) -> Given:
    return Given(discussed_on=on, method=Method.FACE_TO_FACE)


def _put_in(hr: Person, place: Organization, cycle: AppraisalCycle, *, on: dt.date) -> None:
    """Approved plans are changed by it and wait for the discussion; those being written hold it at once."""
    if on < cycle.starts_on:
        return
    with clock.frozen(on, at=dt.time(11, 30)):
        element = create_mandatory(
            place,
            applies_to=MandatoryElement.AppliesTo.SUPERVISORS,
            lasts=(cycle.starts_on, None),
            rule="R3.8",
            texts=_CONTROLS,
            by=hr,
        )
        begun = begin_push(
            element,
            reason="The audit of 2026 asks for it in the plan of every supervisor in resource management.",
            by=hr,
            request_key=uuid.UUID(int=38),
        )
        push = claim(begun.pk)
        if push is not None:
            work_on(push)
            # Heartbeats go by the database's clock; filling twice gives the same.
            MandatoryPush.objects.filter(pk=push.pk).update(heartbeat=clock.now())
