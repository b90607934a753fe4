"""Delegates on the screen: who drafts for whom, until when, what they wrote (R8.4)."""

import datetime as dt

import pytest

from appraisals.models import Delegation, Document, Kind, SectionKind, State
from appraisals.services.delegating import delegate
from appraisals.services.records import start_record
from orgchart import clock
from orgchart.models import OrgEvent, Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PRACTICE_DAY, Cast, assign, make_cast, make_document

pytestmark = pytest.mark.django_db

NEW = "/delegates/new/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def give(cast: Cast, to: str = "official_elsewhere", *, days: int = 30) -> Delegation:
    with clock.frozen(PRACTICE_DAY):
        return delegate(
            cast.rating_official,
            to=cast.people[to],
            starts_on=PRACTICE_DAY,
            ends_on=PRACTICE_DAY + dt.timedelta(days=days),
            reason="On leave until May.",
            by=cast.rating_official,
        )


def form(**fields: str) -> dict[str, object]:
    given = {
        "to": "otto.otherofficial@example.mil",
        "starts_on": "2027-04-06",
        "ends_on": "2027-05-06",
        "reason": "On leave until May.",
    }
    return {**given, **fields}


def write(cast: Cast, document: Document) -> None:
    section = document.sections.filter(kind=SectionKind.RATING).order_by("pk")[0]
    values = {"version": section.version, "text": "Drafted while you were away.", "level": 5}
    posted(cast.official_elsewhere, f"/sections/{section.pk}/", values)


def test_a_rating_official_names_a_delegate(cast: Cast) -> None:
    page = posted(cast.rating_official, NEW, form())
    made = Delegation.objects.get()
    assert (made.principal, made.delegate) == (cast.rating_official, cast.official_elsewhere)
    words = text_of(page)
    assert "Otto Otherofficial drafts for you" in words
    assert "6 April 2027 to 6 May 2027 · In force" in words
    assert "On leave until May." in words


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"to": ""}, "Name the person who is to draft."),
        ({"to": "Nobody Known"}, "Nobody was found for “Nobody Known”."),
        ({"to": "dana.official@example.mil"}, "Dana Official is the rating official."),
        ({"starts_on": "2027-04-05"}, "5 April 2027 is over. Begin today or later"),
        ({"starts_on": "soon"}, "Enter a day, for example 2027-04-15."),
        ({"ends_on": "2027-04-01"}, "The last day comes before the first."),
        ({"ends_on": "2028-04-01"}, "and 180 days is the most."),
        ({"reason": ""}, "Say why somebody else drafts."),
    ],
)
def test_what_cannot_be_is_said_where_it_stands(
    cast: Cast, given: dict[str, str], sentence: str
) -> None:
    page = posted(cast.rating_official, NEW, form(**given))
    assert page.status_code == 422
    assert sentence in text_of(page)
    typed = given.get("reason", "On leave until May.")
    assert typed in page.content.decode()
    assert not Delegation.objects.exists()


def test_hr_names_one_for_a_rating_official_who_is_away(cast: Cast) -> None:
    given = form(principal=cast.rating_official.dod_id)
    page = posted(cast.hr, "/hr/delegates/new/", given)
    assert "Otto Otherofficial drafts for Dana Official" in text_of(page)
    assert Delegation.objects.get().made_by == cast.hr
    elsewhere = posted(cast.hr_elsewhere, "/hr/delegates/new/", given)
    assert elsewhere.status_code == 422
    assert "does not work in your scope" in text_of(elsewhere)


def test_the_delegate_finds_what_there_is_to_draft(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    delegation = give(cast)
    home = text_of(opened(cast.official_elsewhere, "/"))
    assert "You draft for Dana Official until 6 May 2027" in home
    page = opened(cast.official_elsewhere, delegation.get_absolute_url())
    words = text_of(page)
    assert "You draft for Dana Official" in words
    assert "Maria Employee" in words
    assert annual.get_absolute_url() in page.content.decode()
    document = text_of(opened(cast.official_elsewhere, annual.get_absolute_url()))
    assert "You draft this for Dana Official." in document
    assert "Rate the elements" in document
    assert "Say that the draft is ready" in document
    assert "Send to the higher level reviewer" not in document


def test_a_delegate_starts_the_plans_of_the_team(cast: Cast) -> None:
    delegation = give(cast)
    page = opened(cast.official_elsewhere, delegation.get_absolute_url(), on=dt.date(2027, 4, 6))
    assert "Nothing is to be drafted" in text_of(page)
    before = dt.date(2026, 6, 10)
    with clock.frozen(before):
        earlier = delegate(
            cast.rating_official,
            to=cast.reviewer_elsewhere,
            starts_on=before,
            ends_on=before,
            reason="Leave.",
            by=cast.rating_official,
        )
    page = opened(cast.reviewer_elsewhere, earlier.get_absolute_url(), on=before)
    start = f"/people/{cast.colleague.dod_id}/record/"
    assert start in page.content.decode()
    started = posted(cast.reviewer_elsewhere, start, on=before)
    assert "You draft this for Dana Official." in text_of(started)
    stranger = posted(cast.leader_elsewhere, start, on=before)
    assert stranger.status_code == 404


def test_everything_they_touched_says_so(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    delegation = give(cast)
    write(cast, annual)
    credit = "Otto Otherofficial for Dana Official"
    assert credit in text_of(opened(cast.rating_official, annual.get_absolute_url()))
    section = annual.sections.filter(kind=SectionKind.RATING).order_by("pk")[0]
    versions = text_of(opened(cast.rating_official, f"/versions/section/{section.pk}/"))
    assert credit in versions
    listed = text_of(opened(cast.rating_official, delegation.get_absolute_url()))
    assert "Maria Employee, Annual appraisal" in listed
    posted(cast.official_elsewhere, f"/documents/{annual.pk}/ready/")
    timeline = text_of(opened(cast.employee, f"/appraisals/{annual.appraisal_id}/timeline/"))
    assert "Draft ready for the rating official: Annual appraisal" in timeline
    assert "Otto Otherofficial, on behalf of Dana Official" in timeline


def test_everybody_who_may_open_the_record_reads_who_drafts(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    give(cast)
    for who in ("employee", "higher_level_reviewer", "hr", "official_elsewhere"):
        words = text_of(opened(cast.people[who], appraisal.get_absolute_url()))
        assert "Otto Otherofficial drafts for them until 6 May 2027, and does not sign" in words
    opened(cast.official_elsewhere, appraisal.get_absolute_url())
    looks = text_of(opened(cast.employee, f"/appraisals/{appraisal.pk}/viewers/"))
    assert "Delegate of Dana Official" in looks


def test_a_delegate_of_then_is_still_called_one(cast: Cast) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT).appraisal
    delegation = give(cast)
    opened(cast.official_elsewhere, appraisal.get_absolute_url())
    posted(cast.rating_official, f"/delegates/{delegation.pk}/end/", {"reason": "Back."})
    assert opened(cast.official_elsewhere, appraisal.get_absolute_url()).status_code == 404
    later = PRACTICE_DAY + dt.timedelta(days=10)
    looks = text_of(opened(cast.employee, f"/appraisals/{appraisal.pk}/viewers/", on=later))
    assert "Delegate of Dana Official" in looks


def test_either_side_ends_it_with_a_reason(cast: Cast) -> None:
    delegation = give(cast)
    url = f"/delegates/{delegation.pk}/end/"
    refused = posted(cast.official_elsewhere, url, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why it ends now." in text_of(refused)
    page = text_of(posted(cast.official_elsewhere, url, {"reason": "I move to Works."}))
    assert "Ended early on 6 April 2027" in page
    assert "I move to Works." in page
    assert "These records are closed to you" in page
    listed = text_of(opened(cast.rating_official, "/delegates/"))
    assert "Otto Otherofficial for Dana Official" in listed
    assert "Ended early on 6 April 2027" in listed


def test_hr_sees_all_in_scope_and_takes_the_list_along(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    give(cast)
    write(cast, annual)
    page = text_of(opened(cast.hr, "/hr/delegates/"))
    assert "Dana Official Otto Otherofficial 6 April 2027 6 May 2027 In force" in page
    response = opened(cast.hr, "/hr/delegates/?format=csv")
    lines = b"".join(response).decode().splitlines()  # type: ignore[call-overload]
    assert lines[1].startswith("Dana Official,Otto Otherofficial,2027-04-06,2027-05-06,In force")
    assert lines[1].endswith(",1")
    assert OrgEvent.objects.filter(what="exported", by=cast.hr).exists()
    assert "Nobody drafts for somebody else" in text_of(opened(cast.hr, "/hr/delegates/?show=over"))
    assert "Nobody drafts" in text_of(opened(cast.hr_elsewhere, "/hr/delegates/"))


def more(cast: Cast, number: int) -> Person:
    person = Person.objects.create_user(
        email=f"more{number}@example.mil",
        password="correct horse battery",
        dod_id=f"{3_000_000_000 + number}",
        first_name="More",
        last_name=f"People{number}",
    )
    assign(person, cast.rating_official, cast.places["FIRE"])
    return person


def test_the_pages_take_the_same_queries_for_any_number(cast: Cast) -> None:
    annual = make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    delegation = give(cast)
    write(cast, annual)
    asked = [
        (cast.rating_official, "/delegates/"),
        (cast.official_elsewhere, "/delegates/"),
        (cast.official_elsewhere, delegation.get_absolute_url()),
        (cast.hr, "/hr/delegates/"),
        (cast.official_elsewhere, "/"),
        (cast.official_elsewhere, annual.appraisal.get_absolute_url()),
        (cast.employee, f"/appraisals/{annual.appraisal_id}/viewers/"),
    ]
    before = [queries(user, url) for user, url in asked]
    give(cast, "leader")
    for number in range(4):
        person = more(cast, number)
        with clock.frozen(dt.date(2027, 3, 1)):
            start_record(person, cycle=cast.cycle, by=cast.rating_official)
    section = annual.sections.filter(kind=SectionKind.RATING).order_by("pk")[1]
    values = {"version": section.version, "text": "More.", "level": 3}
    posted(cast.official_elsewhere, f"/sections/{section.pk}/", values)
    after = [queries(user, url) for user, url in asked]
    assert after == before
    assert max(after) <= 15
