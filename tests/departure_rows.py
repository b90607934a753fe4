"""What the rows of departures are asked about: one that lies ahead."""

import datetime as dt

from appraisals.models import Departure, Document, Kind
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast

OF_A_DEPARTURE = (
    "departure_detail",
    "departure_undo",
    "departure_pack",
    "departure_goes_along",
    "departure_goes_along_file",
)


def departure_arguments(cast: Cast) -> dict[str, list[object]]:
    departure = Departure.objects.get()
    rated = Document.objects.get(kind=Kind.ANNUAL_APPRAISAL, appraisal__cycle__name="FY 2026")
    return {each: [departure.pk] for each in OF_A_DEPARTURE} | {
        "departure_new": [cast.employee.dod_id],
        "departure_goes_along_form": [departure.pk, f"document-{rated.pk}"],
    }


def make_departure(cast: Cast, annual: Document) -> None:
    """The employee transfers at the end of April; nothing has changed hands yet."""
    departure = Departure.objects.create(
        person=cast.employee,
        kind="transfers",
        organization=cast.places["FIRE"],
        last_day=PRACTICE_DAY + dt.timedelta(days=24),
        goes_to="Department of the Air Force",
        reason=SECRET,
        by=cast.hr,
        planned_on=PRACTICE_DAY,
        planned_at=clock.now(),
    )
    departure.records.create(
        appraisal=annual.appraisal,
        part="own",
        owed="annual_appraisal",
        why="346 days under an approved plan.",
        document=annual,
        official_before=cast.rating_official,
        reviewer_before=cast.higher_level_reviewer,
    )
