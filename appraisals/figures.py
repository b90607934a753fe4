"""More numbers of a unit and all below it: ratings by kind of position, what waits, what came back."""

from collections import Counter

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Concat, TruncDate
from django.db.models.query_utils import Q

from appraisals.models import (
    AppraisalCycle,
    AppraisalEvent,
    Document,
    RatingOfRecord,
    ReturnReason,
    State,
)
from orgchart import clock
from orgchart.models import Organization

DIMENSIONS = {
    "all": Value("all"),
    "grade": Concat("appraisal__pay_plan", Value("-"), "appraisal__grade"),
    "series": F("appraisal__occupational_series"),
    "supervisory": F("appraisal__is_supervisor"),
    "bargaining": ~Q(appraisal__bargaining_unit__in=["", "7777", "8888"]),
}
"""What ratings can be told apart by, as expressions over `RatingOfRecord`."""


def ratings_by(
    organization: Organization, cycle: AppraisalCycle, by: str
) -> dict[str, Counter[int]]:
    """How many ratings of each level there are for each value of a dimension ("yes"/"no" for a flag).

    Raw counts: whoever shows them hides small groups first (R16.3).
    """
    issued = RatingOfRecord.objects.filter(
        appraisal__cycle=cycle, appraisal__organization__path__startswith=organization.path
    )
    counted: QuerySet[RatingOfRecord, tuple[object, int, int]] = (
        issued.annotate(value=DIMENSIONS[by])
        .values("value", "level")
        .annotate(people=Count("pk"))
        .values_list("value", "level", "people")
    )
    found: dict[str, Counter[int]] = {}
    for value, level, people in counted:
        name = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        found.setdefault(str(name), Counter())[level] += people
    return found


def waiting_weeks(organization: Organization, cycle: AppraisalCycle) -> Counter[int]:
    """Documents in higher level review, by whole weeks since they were sent up."""
    counted = (
        Document.objects.filter(
            state=State.IN_REVIEW,
            appraisal__cycle=cycle,
            appraisal__organization__path__startswith=organization.path,
        )
        .values(day=TruncDate("state_since"))
        .annotate(documents=Count("pk"))
        .values_list("day", "documents")
    )
    today, found = clock.today(), Counter[int]()
    for day, documents in counted:
        found[max(0, (today - day).days // 7)] += documents
    return found


def returns_by_reason(organization: Organization, cycle: AppraisalCycle) -> Counter[str]:
    """Documents the reviewer returned in this cycle, by `ReturnReason`; OTHER where none was chosen."""
    counted = (
        AppraisalEvent.objects.filter(
            name="return_for_change",
            appraisal__cycle=cycle,
            appraisal__organization__path__startswith=organization.path,
        )
        .values("details__about")
        .annotate(documents=Count("pk"))
        .values_list("details__about", "documents")
    )
    found = Counter[str]()
    for about, documents in counted:
        found[about or ReturnReason.OTHER.value] += documents
    return found
