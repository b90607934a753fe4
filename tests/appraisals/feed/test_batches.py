"""A rating goes out once, a changed one once more; a batch is the same bytes for ever (R12.7, R13.7)."""

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.feed import batch_bytes, make_batch, pending
from appraisals.feed.batches import exact_average
from appraisals.models import Kind, State
from orgchart.errors import Refused
from tests.appraisals.feed.sending import amend, batch_of, dod_hr, rated, sent
from tests.cast import Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_a_line_holds_the_rating_its_elements_and_the_exact_average(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    (line,) = sent(batch_of(cast))
    assert line == {
        "batch": "1",
        "line": "1",
        "kind": "new",
        "version": "1",
        "dod_id": cast.employee.dod_id,
        "last_name": "Employee",
        "first_name": "Maria",
        "cycle": "FY 2027",
        "cycle_ends_on": "2027-03-31",
        "effective_on": "2027-06-01",
        "organization": "FIRE",
        "organization_name": "Fire Division",
        "pay_plan": "GS",
        "series": "0081",
        "grade": "08",
        "rating": "5",
        "rating_name": "Outstanding",
        "element_sum": "10",
        "element_count": "2",
        "average": "5",
        "element_ratings": "5;5",
    }


@pytest.mark.parametrize(
    ("total", "count", "average"),
    [(13, 3, "4.333333333333"), (34, 8, "4.25"), (9, 3, "3"), (11, 3, "3.666666666666")],
)
def test_the_average_is_not_rounded_r12_7(total: int, count: int, average: str) -> None:
    assert exact_average(total, count) == average


def test_names_are_no_formulas_and_numbers_stay_as_they_are(cast: Cast) -> None:
    rated(cast, dod_id="0012345678", last_name="=cmd|' /C calc'!A0", first_name="-Ann")
    (line,) = sent(batch_of(cast))
    assert line["dod_id"] == "0012345678"
    assert line["last_name"] == "'=cmd|' /C calc'!A0"
    assert line["first_name"] == "'-Ann"


def test_each_rating_goes_out_once(cast: Cast) -> None:
    rated(cast)
    first = batch_of(cast)
    assert batch_of(cast) is None
    second_rating = rated(cast)
    second = batch_of(cast)
    assert [line["line"] for line in sent(second)] == ["1"]
    assert second is not None
    assert second.lines.get().rating == second_rating
    assert len(sent(first)) == 1


def test_another_organization_and_another_cycle_are_left_out(cast: Cast) -> None:
    rated(cast)
    assert pending(cast.cycle, cast.places["NAVY"]).total == 0
    assert make_batch(cast.cycle, cast.places["NAVY"], by=None) is None
    assert pending(cast.cycle, cast.places["DOD"]).ratings == 1


def test_a_changed_rating_follows_as_a_correction_and_the_original_stays_r11_5(cast: Cast) -> None:
    rating = rated(cast)
    first = batch_of(cast)
    amend(rating, dod_hr(cast))
    second = batch_of(cast)
    (line,) = sent(second)
    assert (line["kind"], line["version"], line["rating"]) == ("correction", "2", "5")
    assert line["element_ratings"] == "5"
    assert sent(first)[0]["rating"] == "3"
    rating.refresh_from_db()
    assert rating.level == 3


def test_only_hr_in_scope_changes_a_rating_r11_5(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    rating = annual.appraisal.rating_of_record
    for actor in ("employee", "rating_official", "higher_level_reviewer", "hr_elsewhere"):
        with pytest.raises(PermissionDenied):
            amend(rating, cast.people[actor])
    with pytest.raises(Refused, match="is not 5, 3, 1 or 0"):
        amend(rating, cast.hr, level=4)
    amend(rating, cast.hr, level=3)


def test_a_batch_is_the_same_bytes_whatever_changes_since(cast: Cast) -> None:
    rating = rated(cast)
    batch = batch_of(cast)
    assert batch is not None
    before = b"".join(batch_bytes(batch))
    person = rating.appraisal.employee
    person.last_name = "Married"
    person.save()
    cast.places["DOD"].name = "Department of War"
    cast.places["DOD"].save()
    assert b"".join(batch_bytes(batch)) == before
