"""The pages of a plan change: what is different word by word, for whoever writes, approves and acknowledges."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Document, ElementChange, Kind, State
from appraisals.services.records import start_annual_appraisal
from orgchart import clock
from tests.cast import (
    SECRET,
    Cast,
    fill_sections,
    make_cast,
    make_document,
    make_plan_change,
    take,
)

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 14)
FEBRUARY = dt.date(2027, 2, 20)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def change(cast: Cast) -> Document:
    return make_document(cast, Kind.PLAN_CHANGE, State.DRAFT)


@pytest.fixture
def reworded(change: Document) -> ElementChange:
    return change.element_changes.get(action="reword")


def page_of(client: Client, url: str, *, on: dt.date = OCTOBER) -> str:
    with clock.frozen(on):
        response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_change_is_begun_on_the_record(cast, client):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    client.force_login(cast.rating_official)
    start = reverse("plan_change_start", args=[plan.appraisal_id])
    assert "Change the plan" in page_of(client, plan.appraisal.get_absolute_url())
    with clock.frozen(OCTOBER):
        response = client.post(start, follow=True)
    page = response.content.decode()
    assert "Nothing changes yet" in page
    assert "Stays as it is" in page
    assert "Change the plan" not in page_of(client, plan.appraisal.get_absolute_url())


def test_the_page_shows_word_by_word_what_is_different(cast, client, change):
    client.force_login(cast.rating_official)
    page = page_of(client, change.get_absolute_url())
    assert '<ins><span class="sr">[added] </span>95' in page
    assert '<del><span class="sr">[removed] </span>90' in page
    for tag in ("Added", "Changed", "Removed"):
        assert f">{tag}</span>" in page


@pytest.mark.parametrize("actor", ["employee", "higher_level_reviewer", "hr"])
def test_everybody_concerned_reads_it_and_only_its_writer_edits(cast, client, change, actor):
    client.force_login(cast.people[actor])
    page = page_of(client, change.get_absolute_url())
    assert f"Wildland fire {SECRET}" in page
    assert "Leave it as it is in the plan" not in page
    assert "Add an element" not in page


@pytest.mark.parametrize(
    ("day", "is_late"), [(dt.date(2027, 1, 1), False), (dt.date(2027, 1, 2), True)]
)
def test_a_change_too_late_to_be_rated_says_so(cast, client, change, day, is_late):
    client.force_login(cast.rating_official)
    page = page_of(client, change.get_absolute_url(), on=day)
    assert ("Late in the cycle." in page) == is_late
    assert ("89 days by 31 March 2027, and 90 are needed" in page) == is_late


def test_an_element_is_added_once_however_often_it_is_sent(cast, client, change):
    client.force_login(cast.rating_official)
    data = {
        "title": "Hazardous material response",
        "standards": "Arrives within 10 minutes in 9 of 10 calls.",
        "request_key": "7d9f5a4e-6f0f-4b39-9a3c-0a5c4f3a7a11",
    }
    url = reverse("change_add", args=[change.pk])
    for _ in range(2):
        with clock.frozen(OCTOBER):
            assert client.post(url, data).status_code == 302
    assert change.element_changes.filter(title="Hazardous material response").count() == 1


def test_an_element_without_a_title_is_refused_and_what_was_typed_stays(cast, client, change):
    client.force_login(cast.rating_official)
    with clock.frozen(OCTOBER):
        response = client.post(
            reverse("change_add", args=[change.pk]), {"title": "", "standards": "Ten of ten."}
        )
    assert response.status_code == 422
    assert "Ten of ten." in response.content.decode()
    assert change.element_changes.count() == 3


def test_an_element_of_somebody_elses_plan_is_not_there(cast, client, change):
    other = Document.objects.exclude(appraisal=change.appraisal).first()
    assert other is None
    client.force_login(cast.rating_official)
    url = reverse("change_reword", args=[change.pk, 999_999])
    assert client.post(url).status_code == 404


def test_it_is_saved_while_it_is_typed(cast, client, reworded):
    client.force_login(cast.rating_official)
    data = {"version": reworded.version, "title": "Fire response", "standards": "9 of 10."}
    with clock.frozen(OCTOBER):
        response = client.post(reverse("change_edit", args=[reworded.pk]), data, headers=HTMX)
    assert response.status_code == 200
    reworded.refresh_from_db()
    assert (reworded.title, reworded.version) == ("Fire response", 3)


@pytest.mark.parametrize("htmx", [True, False])
def test_an_old_save_shows_both_texts(cast, client, reworded, htmx):
    client.force_login(cast.rating_official)
    data = {"version": 1, "title": "Fire response", "standards": "Mine, not saved."}
    with clock.frozen(OCTOBER):
        response = client.post(
            reverse("change_edit", args=[reworded.pk]), data, headers=HTMX if htmx else {}
        )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Mine, not saved." in page
    assert "95 of 100 alarms" in page


def test_what_is_missing_is_listed_with_links(cast, client, change):
    added = change.element_changes.get(action="add")
    ElementChange.objects.filter(pk=added.pk).update(standards="")
    client.force_login(cast.rating_official)
    page = page_of(client, change.get_absolute_url())
    assert "has no standard" in page
    assert f"{reverse('change_edit', args=[added.pk])}#id_standards" in page


def test_its_versions_can_be_compared(cast, client, reworded):
    client.force_login(cast.rating_official)
    page = page_of(client, reverse("versions", args=["change", reworded.pk]))
    assert "From version 1 to version 2" in page


def test_the_employee_acknowledges_what_changed(cast, client, change):
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    client.force_login(cast.employee)
    assert "Acknowledge your plan change" in page_of(client, reverse("home"))
    page = page_of(client, change.get_absolute_url())
    assert '<ins><span class="sr">[added] </span>95' in page
    with clock.frozen(OCTOBER):
        client.post(reverse("document_step", args=[change.pk, "acknowledge"]), {})
    change.refresh_from_db()
    assert change.state == State.ACKNOWLEDGED


def test_after_another_change_it_still_reads_as_it_was_approved(cast, client, change):
    take(change, "submit", "approve", "communicate", "acknowledge", cast=cast, on=OCTOBER)
    client.force_login(cast.employee)
    page = page_of(client, change.get_absolute_url())
    assert '<del><span class="sr">[removed] </span>90' in page
    assert "says something else since" not in page


def test_an_older_review_shows_the_standard_it_was_written_for(cast, client):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    later = make_plan_change(cast, review.appraisal, on=FEBRUARY)
    take(later, "submit", "approve", "communicate", cast=cast, on=FEBRUARY)
    client.force_login(cast.rating_official)
    page = page_of(client, review.get_absolute_url(), on=FEBRUARY)
    assert "90 of 100 alarms answered in 7 minutes" in page
    assert "95 of 100" not in page
    assert "The plan changed after this was written" in page
    assert "This element has left the plan since." in page
    assert "Wildland fire" not in page


def test_the_timeline_tells_what_was_changed(cast, client, change):
    take(change, "submit", "approve", "communicate", cast=cast, on=OCTOBER)
    client.force_login(cast.employee)
    page = page_of(client, reverse("timeline", args=[change.appraisal_id]))
    assert "The plan changed" in page
    event = change.events.get(name="submit")
    page = page_of(client, reverse("timeline_text", args=[change.appraisal_id, event.pk]))
    assert "Added element" in page
    assert "95 of 100 alarms" in page


def test_a_withdrawn_change_says_who_and_why(cast, client, change):
    take(change, "withdraw", cast=cast, on=OCTOBER)
    client.force_login(cast.employee)
    page = page_of(client, change.get_absolute_url())
    assert f"Closed without effect by {cast.rating_official.full_name}" in page
    assert f"Because {SECRET}" in page
    assert "Plan change 1 closed" in page


@pytest.mark.parametrize("actor", ["rating_official", "employee", "higher_level_reviewer"])
def test_the_page_asks_as_often_however_much_changes(
    cast, client, change, actor, django_assert_max_num_queries
):
    client.force_login(cast.people[actor])
    page_of(client, change.get_absolute_url())
    with django_assert_max_num_queries(30):
        page_of(client, change.get_absolute_url())


def test_hr_closes_an_erroneous_plan_and_another_is_started(cast, client):
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    client.force_login(cast.hr)
    step = reverse("document_step", args=[plan.pk, "close_as_erroneous"])
    with clock.frozen(OCTOBER):
        refused = client.post(step, {"reason": ""})
        assert refused.status_code == 422
        assert "Say why" in refused.content.decode()
        client.post(step, {"reason": "It is the plan of another position."})
    client.force_login(cast.rating_official)
    page = page_of(client, plan.appraisal.get_absolute_url())
    assert "Start another plan" in page
    with clock.frozen(OCTOBER):
        response = client.post(reverse("record_start", args=[cast.employee.dod_id]), follow=True)
    assert "Performance plan 2" in response.content.decode()


def test_whoever_rates_reads_what_the_change_means_for_the_rating(cast, client):
    review = make_document(cast, Kind.PROGRESS_REVIEW, State.ACKNOWLEDGED)
    with clock.frozen(dt.date(2027, 3, 1)):
        annual = start_annual_appraisal(review.appraisal, by=cast.rating_official)
    fill_sections(annual, cast=cast, on=dt.date(2027, 3, 1))
    later = make_plan_change(cast, review.appraisal, on=FEBRUARY)
    take(later, "submit", "approve", "communicate", cast=cast, on=dt.date(2027, 3, 2))
    rating = annual.sections.get(kind="rating", element__number=1, element__removed_at=None)
    client.force_login(cast.rating_official)
    page = page_of(client, reverse("section_edit", args=[rating.pk]), on=dt.date(2027, 3, 3))
    assert "30 days by 31 March 2027, and 90 are needed" in page
    assert "The plan changed after this was written" in page
