"""A plan that was agreed on paper in the first days of the new year, and entered afterwards (R4.7)."""

import datetime as dt
from collections.abc import Mapping

from appraisals.models import Appraisal, AppraisalCycle, ApprovalWay, Kind, Method
from appraisals.problems import plan_elements, plan_of
from appraisals.services.on_paper import begin_paper, enter_signed
from appraisals.services.records import start_record
from appraisals.services.writing import copy_elements
from appraisals.workflow import Given
from orgchart import clock
from orgchart.models import Person

DAYS = 4
_WHY = "No access to a computer. The line of the station was down for two weeks."


def build_on_paper(
    people: Mapping[str, Person], cycle: AppraisalCycle, before: AppraisalCycle, *, until: dt.date
) -> None:
    """Paul Sørensen’s, with the elements of his plan of `before`."""
    dana, paul = people["dana.whitfield"], people["paul.sorensen"]
    source = plan_of(Appraisal.objects.get(employee=paul, cycle=before))
    if source is None or until < cycle.starts_on + dt.timedelta(days=DAYS):
        return
    with clock.frozen(until, at=dt.time(16, 20)):
        appraisal = start_record(paul, cycle=cycle, by=dana)
        plan = begin_paper(appraisal, Kind.PERFORMANCE_PLAN, why=_WHY, by=dana)
        copy_elements(plan_elements(source), into=plan, by=dana)
        enter_signed(plan, _signed(appraisal, cycle.starts_on), by=dana)


def _signed(appraisal: Appraisal, first: dt.date) -> list[tuple[str, Given]]:
    reviewer = appraisal.higher_level_reviewer
    days = [first + dt.timedelta(days=number) for number in range(DAYS)]
    return [
        ("submit", Given(happened_on=days[0], signed_by=appraisal.rating_official.full_name)),
        (
            "record_approval",
            Given(
                happened_on=days[1],
                signed_by=reviewer.full_name if reviewer else "",
                method=ApprovalWay.SIGNED,
            ),
        ),
        ("communicate", Given(discussed_on=days[2], method=Method.FACE_TO_FACE)),
        ("record_signature", Given(happened_on=days[3], signed_by=appraisal.employee.full_name)),
    ]
