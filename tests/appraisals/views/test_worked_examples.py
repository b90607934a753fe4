"""The worked examples as a page: under the edition in force for the reader, and under any edition HR looks at."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from appraisals.models import PolicyEdition
from appraisals.rules.examples import WORKED_EXAMPLES
from orgchart import clock
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(dt.date(2027, 3, 20)):
        yield


def a_local_edition(cast: Cast) -> PolicyEdition:
    return PolicyEdition.objects.create(
        name="Fire, generous",
        organization=cast.places["FIRE"],
        effective_on=dt.date(2027, 1, 1),
        values={"outstanding_threshold_tenths": 42},
        written_at=clock.now(),
    )


def test_everybody_sees_every_example_with_its_answer(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.employee)
    with django_assert_max_num_queries(15):
        shown = client.get(reverse("worked_examples")).content.decode()
    for example in WORKED_EXAMPLES:
        assert f"{example.number} · {example.rule}" in shown
        assert example.expected in shown
    assert "All answers are those of the rule book" in shown
    assert "Volume 431, Change 4" in shown


def test_answers_follow_the_edition_where_the_reader_works(client: Client, cast: Cast) -> None:
    a_local_edition(cast)
    client.force_login(cast.colleague)
    page = client.get(reverse("worked_examples"))
    shown = page.content.decode()
    assert "Fire, generous" in shown
    assert page.context["differing"] == 3
    assert "3 answers differ from the rule book" in shown
    assert "because of “Average from which the rating is Outstanding, in tenths”" in shown
    client.force_login(cast.official_elsewhere)
    assert client.get(reverse("worked_examples")).context["differing"] == 0


def test_hr_looks_at_any_edition_in_reach(client: Client, cast: Cast) -> None:
    edition = a_local_edition(cast)
    client.force_login(cast.hr)
    address = reverse("policy_examples", args=[edition.pk])
    assert client.get(address).context["differing"] == 3
    sheet = b"".join(client.get(address, {"format": "csv"})).decode()  # type: ignore[call-overload]
    assert "T6,R7.4," in sheet
    client.force_login(cast.hr_elsewhere)
    assert client.get(address).status_code == 404
