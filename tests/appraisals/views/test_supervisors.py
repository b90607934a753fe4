"""How the supervisors below a reviewer stand, how each does it, and the list behind every number."""

import datetime as dt
import re
from itertools import count

import pytest
from django.test import Client

from appraisals.models import (
    Appraisal,
    AppraisalEvent,
    Document,
    Kind,
    PolicyEdition,
    Section,
    SectionKind,
    State,
)
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.models import Organization, Person
from tests.appraisals.rows import make_cycle
from tests.appraisals.views.opening import opened, queries, text_of
from tests.cast import SECRET, Cast, assign, make_cast, make_document, take

SPRING = dt.date(2026, 6, 12)
APRIL_20 = dt.date(2027, 4, 20)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def page_of(cast: Cast, query: str = "") -> str:
    return f"/reviews/supervisors/{cast.rating_official.dod_id}/{query}"


def numbers_of(cast: Cast, *, on: dt.date, who: str = "higher_level_reviewer") -> dict[str, str]:
    """The cells of the one supervisor's rows, by their column."""
    page = opened(cast.people[who], "/reviews/supervisors/", on=on).content.decode()
    cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', page, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", cell).split()[0] for label, cell in cells}


def test_supervisors_and_their_numbers(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert numbers_of(cast, on=dt.date(2027, 4, 6)) == {
        "Plans approved": "1",
        "Progress reviews held": "1",
        "Ratings approved": "0",
        "Waiting for your review": "1",
        "Late": "0",
        "Returned by you": "0",
        "Plans on time": "0%",
        "Reviews on time": "100%",
        "Ratings on time": "100%",
        "Reviews held": "100%",
        "Came back": "0%",
        "Narratives": "100%",
        "Input answered": "100%",
    }
    take(document, "return_for_change", cast=cast, on=APRIL_20)
    numbers = numbers_of(cast, on=APRIL_20)
    assert (numbers["Waiting for your review"], numbers["Late"], numbers["Returned by you"]) == (
        "0",
        "1",
        "1",
    )
    assert numbers["Came back"] == "50%"


def test_people_without_a_record_count_while_the_cycle_runs(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    page = text_of(opened(cast.higher_level_reviewer, "/reviews/supervisors/", on=SPRING))
    assert "Dana Official 2 people" in page


def test_the_list_behind_a_number(cast: Cast) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    reviewer = cast.higher_level_reviewer
    assert "1 record " in text_of(opened(reviewer, page_of(cast, "?show=waiting")))
    assert "0 records" in text_of(opened(reviewer, page_of(cast, "?show=late")))
    assert "1 record " in text_of(opened(reviewer, page_of(cast, "?show=late_plans")))
    assert "0 records" in text_of(opened(reviewer, page_of(cast, "?show=late_ratings")))
    whole = text_of(opened(reviewer, page_of(cast), on=SPRING))
    assert "No record yet" in whole
    assert "Carl Colleague" in whole


def test_every_link_of_a_number_leads_to_as_many_records_as_it_says(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", "submit", cast=cast, on=APRIL_20)
    Section.objects.filter(kind=SectionKind.RATING).update(text="")
    page = opened(cast.higher_level_reviewer, page_of(cast), on=APRIL_20).content.decode()
    links = re.findall(r'<a href="([^"]+show=(\w+)#records)">(\d+) ', page)
    shown = {name: int(number) for _, name, number in links}
    assert shown == {"late_plans": 1, "came_back": 1, "no_narrative": 1, "unanswered": 1}
    for url, name, number in links:
        path = url.replace("&amp;", "&").partition("#")[0]
        rows = opened(cast.higher_level_reviewer, path, on=APRIL_20).context["rows"]
        assert len(rows) == int(number), name


def test_a_supervisors_figures_beside_the_cycle_before_and_all(cast: Cast) -> None:
    document = make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    take(document, "return_for_change", cast=cast, on=APRIL_20)
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast), on=APRIL_20))
    for words in (
        "0% 0 of 1 · 43 days late 1 late",
        "50% 1 of 2 sent up 1 person",
        "Narrative does not support the rating 1",
        "From plan begun to approved The median of plans that are approved. 2 days",
    ):
        assert words in page
    assert "Ratings of record in finished cycles" not in page


def test_the_cycle_before_stands_beside(cast: Cast) -> None:
    """A finished FY 2027 beside an FY 2028 that has just begun."""
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.ACKNOWLEDGED)
    later = make_cycle(
        cast.places["DOD"],
        starts_on=dt.date(2027, 4, 1),
        ends_on=dt.date(2028, 3, 31),
        effective_on=dt.date(2028, 6, 1),
    )
    later.name = "FY 2028"
    later.save()
    june = dt.date(2027, 6, 2)
    with clock.frozen(june):
        start_record(cast.employee, cycle=later, by=cast.rating_official)
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast), on=june))
    assert "FY 2028 FY 2027 All your supervisors" in page
    assert "FY2027Outstanding:1100" in page.replace(" ", ""), "one Outstanding"
    assert "It is never a target" in page
    everybody = text_of(opened(cast.higher_level_reviewer, "/reviews/supervisors/", on=june))
    assert "DanaOfficialFY2027Outstanding:1100" in everybody.replace(" ", "")
    assert "– FY 2027: 100%" in everybody


@pytest.mark.parametrize(
    "query", ["?cycle=x", "?cycle=99999999", "?show=nothing", "?cycle=&show=late_nothing"]
)
def test_what_is_not_there_is_not_found(cast: Cast, query: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert opened(cast.higher_level_reviewer, page_of(cast, query)).status_code == 404
    if "show" not in query:
        address = f"/reviews/supervisors/{query}"
        assert opened(cast.higher_level_reviewer, address).status_code == 404


@pytest.mark.parametrize(
    "who",
    ["leader", "reviewer_elsewhere", "rating_official", "employee", "colleague", "hr", "auditor"],
)
def test_nobody_else_sees_how_a_supervisor_does_it(cast: Cast, who: str) -> None:
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    assert "Dana" not in text_of(opened(cast.people[who], "/reviews/supervisors/"))
    assert opened(cast.people[who], page_of(cast)).status_code == 404


def test_who_reviews_sees_the_records_they_review_and_no_others(cast: Cast) -> None:
    """Both of Dana's people, but Carl's record has another reviewer."""
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.IN_REVIEW)
    with clock.frozen(SPRING):
        other = start_record(cast.colleague, cycle=cast.cycle, by=cast.rating_official)
    Appraisal.objects.filter(pk=other.pk).update(higher_level_reviewer=cast.reviewer_elsewhere)
    page = text_of(opened(cast.higher_level_reviewer, page_of(cast)))
    assert "Maria Employee" in page
    assert "Carl" not in page
    assert SECRET not in page
    page = text_of(opened(cast.reviewer_elsewhere, page_of(cast)))
    assert "Carl Colleague" in page
    assert "Maria" not in page


@pytest.mark.parametrize("url", ["/reviews/supervisors/", "{supervisor}"])
def test_methods_and_strangers(cast: Cast, client: Client, url: str) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    address = url.format(supervisor=page_of(cast))
    assert client.get(address).status_code == 302
    client.force_login(cast.higher_level_reviewer)
    assert client.post(address).status_code == 405


# ------------------------------------------------------------------------------------------- size


def add_supervisors(cast: Cast, supervisors: int, people: int) -> Person:
    """Each with a plan in review, a progress review and a rating for each of their people. The last one."""
    place: Organization = cast.places["FIRE"]
    policy = PolicyEdition.objects.get()
    numbers = count(3_000_000_000 + Person.objects.count())

    def make_person(supervisor: Person, **position: bool) -> Person:
        number = next(numbers)
        found = Person.objects.create(
            dod_id=str(number), email=f"{number}@example.mil", first_name="P", last_name=str(number)
        )
        assign(found, supervisor, place, **position)
        return found

    official = cast.rating_official
    for _ in range(supervisors):
        official = make_person(cast.higher_level_reviewer, is_supervisor=True)
        for _ in range(people):
            _add_record(cast, make_person(official), official, policy)
    return official


def _add_record(cast: Cast, employee: Person, official: Person, policy: PolicyEdition) -> None:
    with clock.frozen(SPRING):
        record = start_record(employee, cycle=cast.cycle, by=official)
    at = record.opened_at
    for kind in (Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL):
        document = Document.objects.create(
            appraisal=record,
            kind=kind,
            policy=policy,
            state=State.IN_REVIEW,
            state_since=at,
            opened_at=at,
        )
        text = SectionKind.RATING if kind == Kind.ANNUAL_APPRAISAL else SectionKind.ASSESSMENT
        Section.objects.create(document=document, kind=text, text="Met")
        AppraisalEvent.objects.create(
            appraisal=record, document=document, name="submit", by=official, at=at
        )


@pytest.mark.parametrize(
    "url", ["/reviews/", "/reviews/supervisors/", "/reviews/supervisors/{dod_id}/"]
)
def test_twelve_supervisors_and_120_people_cost_as_much_as_one(cast: Cast, url: str) -> None:
    official = add_supervisors(cast, 1, 1)
    address = url.format(dod_id=official.dod_id)
    alone = queries(cast.higher_level_reviewer, address, on=SPRING)
    official = add_supervisors(cast, 12, 10)
    assert Appraisal.objects.filter(higher_level_reviewer=cast.higher_level_reviewer).count() == 121
    address = url.format(dod_id=official.dod_id)
    assert queries(cast.higher_level_reviewer, address, on=SPRING) == alone
    assert alone <= 15
