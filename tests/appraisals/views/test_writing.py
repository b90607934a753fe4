"""Typing, saving, and two people or two windows on one text."""

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Document, Kind, Section, SectionKind, State, TextVersion
from appraisals.problems import plan_of
from orgchart import clock
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document, make_record, take

HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def annual(cast: Cast) -> Document:
    return make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)


@pytest.fixture
def rating(annual: Document) -> Section:
    return annual.sections.filter(kind=SectionKind.RATING).order_by("element__number")[0]


def post(client: Client, section: Section, **data: object):
    url = reverse("section_edit", args=[section.pk])
    htmx = data.pop("htmx", False)
    return client.post(url, data, headers=HTMX if htmx else {})


def test_a_save_keeps_the_text_and_counts_the_version(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    response = post(
        client, rating, version=rating.version, text="Met it in 96%.\r\nTwice.", level=5
    )
    assert response.status_code == 302
    rating.refresh_from_db()
    assert (rating.text, rating.level, rating.version) == ("Met it in 96%.\nTwice.", 5, 2)
    assert [each.content["text"] for each in rating.versions.all()][-1] == "Met it in 96%.\nTwice."


def test_an_autosave_answers_with_the_new_version_and_the_explanation(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    response = post(client, rating, version=rating.version, text="Fine work", level=3, htmx=True)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="version"' in page
    assert 'value="2"' in page
    assert "One 5 and one 3" in page


def test_an_autosave_marks_its_text_in_the_list_of_all(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    page = post(client, rating, version=rating.version, text="", level=3, htmx=True).content
    _, mark = page.decode().split(f'<span id="written-{rating.pk}" hx-swap-oob="true">')
    assert "3 Fully Successful" in mark


def test_rate_leads_to_the_first_element_that_is_not_rated_then_to_the_whole(
    cast: Cast, client: Client, annual: Document
) -> None:
    ratings = list(annual.sections.filter(kind=SectionKind.RATING).order_by("element__number"))
    annual.sections.filter(pk__in=[each.pk for each in ratings]).update(
        text="Begun, not rated", level=None
    )
    client.force_login(cast.rating_official)
    address = reverse("document_write", args=[annual.pk])
    with clock.frozen(PRACTICE_DAY):
        assert f'href="{address}"' in client.get("/").content.decode()
        for rating in ratings:
            assert client.get(address).url == reverse("section_edit", args=[rating.pk])
            post(client, rating, version=rating.version, text="", level=3)
        assert client.get(address).url == annual.get_absolute_url()


def test_the_last_text_says_that_saving_leads_to_the_whole(
    cast: Cast, client: Client, annual: Document
) -> None:
    client.force_login(cast.rating_official)
    texts = annual.sections.filter(kind=SectionKind.RATING).order_by("element__number")
    first, last = texts[0], texts.last()
    page = client.get(reverse("section_edit", args=[first.pk])).content.decode()
    assert "Save and go to element 2" in page
    assert "Save and read the whole" not in page
    page = client.get(reverse("section_edit", args=[last.pk])).content.decode()
    assert "Save and read the whole" in page
    response = post(client, last, version=last.version, text="Good", level=3)
    assert response.url == annual.get_absolute_url()


def test_a_save_on_an_old_version_shows_both_texts_and_loses_neither(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    post(client, rating, version=rating.version, text="From the office", level=5)
    response = post(client, rating, version=rating.version, text="From the train", level=5)
    page = response.content.decode()
    assert response.status_code == 409
    assert "From the office" in page
    assert "From the train" in page
    rating.refresh_from_db()
    assert rating.text == "From the office"
    response = post(client, rating, version=rating.version, text="From the train", level=5)
    assert response.status_code == 302
    assert [each.content["text"] for each in rating.versions.all()][-2:] == [
        "From the office",
        "From the train",
    ]


def test_a_stale_autosave_answers_409_with_both_texts(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    post(client, rating, version=rating.version, text="First", level=5)
    response = post(client, rating, version=rating.version, text="Second", level=5, htmx=True)
    assert response.status_code == 409
    assert "First" in response.content.decode()
    assert "Second" in response.content.decode()


def test_saving_the_same_text_again_is_not_a_new_version(
    cast: Cast, client: Client, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    before = TextVersion.objects.count()
    for _ in range(2):
        post(client, rating, version=0, text=rating.text, level=rating.level)
    assert TextVersion.objects.count() == before


def test_a_draft_may_be_too_long_but_is_not_sent_on(
    cast: Cast, client: Client, annual: Document, rating: Section
) -> None:
    client.force_login(cast.rating_official)
    assert post(client, rating, version=rating.version, text="x" * 2001, level=5).status_code == 302
    response = client.post(reverse("document_step", args=[annual.pk, "submit"]))
    assert response.status_code == 422
    page = response.content.decode()
    assert "2,000" in page
    assert reverse("section_edit", args=[rating.pk]) in page
    annual.refresh_from_db()
    assert annual.state == State.DRAFT


@pytest.mark.parametrize("level", ["4", "2", "six"])
def test_a_level_that_does_not_exist_is_refused(
    cast: Cast, client: Client, rating: Section, level: str
) -> None:
    """T19"""
    client.force_login(cast.rating_official)
    response = post(client, rating, version=rating.version, text="Kept text", level=level)
    assert response.status_code == 422
    assert "Kept text" in response.content.decode()
    rating.refresh_from_db()
    assert rating.level == 5


def test_a_sent_document_keeps_what_was_typed_on_the_page(
    cast: Cast, client: Client, annual: Document, rating: Section
) -> None:
    take(annual, "submit", cast=cast, on=PRACTICE_DAY)
    client.force_login(cast.rating_official)
    response = post(client, rating, version=rating.version, text="Too late, but not lost", level=5)
    assert response.status_code == 409
    assert "Too late, but not lost" in response.content.decode()
    rating.refresh_from_db()
    assert rating.text != "Too late, but not lost"


def test_nobody_writes_another_persons_text(
    cast: Cast, client: Client, annual: Document, rating: Section
) -> None:
    given = annual.sections.filter(kind=SectionKind.EMPLOYEE_INPUT)[0]
    statuses = {}
    for actor in ("employee", "rating_official", "higher_level_reviewer", "hr", "colleague"):
        client.force_login(cast.people[actor])
        statuses[actor] = tuple(
            post(client, each, version=each.version, text=f"By {actor}").status_code
            for each in (given, rating)
        )
    # The official may not read the input before it is sent, nor the employee the rating: 404, not 403.
    assert statuses == {
        "employee": (302, 404),
        "rating_official": (404, 302),
        "higher_level_reviewer": (404, 404),
        "hr": (404, 404),
        "colleague": (404, 404),
    }


def test_the_employee_proposes_and_the_official_accepts(cast: Cast, client: Client) -> None:
    plan = plan_of(make_record(cast))
    client.force_login(cast.employee)
    data = {"title": "Mutual aid", "standards": "Two exercises a year, each by 30 June."}
    assert client.post(reverse("element_new", args=[plan.pk]), data).status_code == 302
    proposed = plan.elements.get(title="Mutual aid")
    assert (proposed.proposed_by_employee, proposed.accepted, proposed.number) == (True, False, 3)
    client.force_login(cast.rating_official)
    response = client.post(reverse("document_step", args=[plan.pk, "submit"]))
    assert "is proposed by the employee" in response.content.decode()
    client.post(reverse("element_accept", args=[proposed.pk]))
    proposed.refresh_from_db()
    assert proposed.accepted


def test_adding_an_element_twice_with_one_form_adds_one(cast: Cast, client: Client) -> None:
    plan = plan_of(make_record(cast))
    client.force_login(cast.rating_official)
    data = {"title": "Once", "request_key": "7a5f3c1e-5c0e-4a51-9f7e-0d6c2b7a9e11"}
    for _ in range(2):
        assert client.post(reverse("element_new", args=[plan.pk]), data).status_code == 302
    assert plan.elements.filter(title="Once").count() == 1


def test_removing_closes_the_gap_and_keeps_the_history(cast: Cast, client: Client) -> None:
    plan = plan_of(make_record(cast))
    first, second = plan.elements.order_by("number")
    client.force_login(cast.rating_official)
    client.post(reverse("element_remove", args=[first.pk]))
    second.refresh_from_db()
    assert second.number == 1
    assert first.versions.count() == 1
    assert plan.events.order_by("-pk")[0].name == "remove_element"


def test_moving_up_swaps_two_elements(cast: Cast, client: Client) -> None:
    plan = plan_of(make_record(cast))
    second = plan.elements.get(number=2)
    client.force_login(cast.rating_official)
    client.post(reverse("element_up", args=[second.pk]))
    second.refresh_from_db()
    assert second.number == 1


def test_copying_leaves_out_what_is_there(cast: Cast, client: Client) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    source = Document.objects.get(kind=Kind.PERFORMANCE_PLAN)
    client.force_login(cast.rating_official)
    url = reverse("plan_copy_to_many", args=[source.pk])
    assert client.post(url, {"people": [cast.colleague.pk]}).status_code == 302
    target = Document.objects.get(appraisal__employee=cast.colleague)
    assert list(target.elements.values_list("title", "goal")) == list(
        source.elements.values_list("title", "goal")
    )
    client.post(url, {"people": [cast.colleague.pk]})
    assert target.elements.count() == source.elements.count()


def test_each_problem_of_a_plan_leads_to_where_it_is_mended(cast: Cast, client: Client) -> None:
    plan = plan_of(make_record(cast))
    plan.elements.update(removed_at=plan.opened_at)
    client.force_login(cast.employee)
    client.post(reverse("element_new", args=[plan.pk]), {"title": "Mutual aid"})
    proposed = plan.elements.get(title="Mutual aid")
    client.force_login(cast.rating_official)
    page = client.get(reverse("document_step", args=[plan.pk, "submit"])).content.decode()
    assert f'href="{plan.get_absolute_url()}#element-{proposed.pk}"' in page
    assert f'href="{reverse("element_new", args=[plan.pk])}"' in page
