import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models import Appraisal, Kind, RecordView, State
from tests.cast import Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def appraisal(cast: Cast) -> Appraisal:
    return make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED).appraisal


def address(appraisal: Appraisal) -> str:
    return reverse("form_pdf", args=[appraisal.pk])


@pytest.mark.parametrize("party", ["employee", "rating_official", "higher_level_reviewer", "hr"])
def test_form_pdf_opens_for_each_party(
    client: Client, cast: Cast, appraisal: Appraisal, party: str
) -> None:
    client.force_login(cast.people[party])
    response = client.get(address(appraisal))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == (
        'inline; filename="dd2906-fy-2027-employee-maria.pdf"'
    )
    assert response.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("stranger", ["colleague", "leader", "auditor", "hr_elsewhere"])
def test_form_pdf_does_not_exist_for_strangers(
    client: Client, cast: Cast, appraisal: Appraisal, stranger: str
) -> None:
    client.force_login(cast.people[stranger])
    assert client.get(address(appraisal)).status_code == 404


def test_form_pdf_asks_to_sign_in(client: Client, appraisal: Appraisal) -> None:
    assert client.get(address(appraisal)).status_code == 302


def test_form_pdf_refuses_post(client: Client, cast: Cast, appraisal: Appraisal) -> None:
    client.force_login(cast.employee)
    assert client.post(address(appraisal)).status_code == 405


def test_form_pdf_notes_who_looked(client: Client, cast: Cast, appraisal: Appraisal) -> None:
    for reader in (cast.hr, cast.hr, cast.employee):
        client.force_login(reader)
        client.get(address(appraisal))
    views = RecordView.objects.values_list("viewer", "page")
    assert list(views) == [(cast.hr.pk, "form")]
