"""HR looks at what is due, draws up a list, and another person confirms it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisals.models import Appraisal, DestructionItem, DestructionList, Hold
from orgchart import clock
from tests.appraisals.feed.sending import rated
from tests.appraisals.transfer.elsewhere import forget_records
from tests.cast import Cast, make_cast, make_record
from tests.record_rows import LATER, YEARS_LATER, destroy, make_rated, make_whole, second_hr

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hr(cast: Cast, client: Client) -> Client:
    client.force_login(cast.hr)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_whole_way_from_due_to_destroyed(cast: Cast, hr: Client) -> None:
    record = make_whole(cast)
    with clock.frozen(YEARS_LATER):
        page = hr.get(reverse("records_kept"))
        assert "2 things are due" in text(page), "the record, and the rating that was replaced"
        drawn_up = hr.post(reverse("destruction_draw_up"), {"organization": "CMD"})
        listed = DestructionList.objects.get()
        assert drawn_up.headers["Location"] == listed.get_absolute_url()
        assert "You drew it up" in text(hr.get(listed.get_absolute_url()))
        assert hr.post(reverse("destruction_confirm", args=[listed.pk])).status_code == 403

        hr.force_login(second_hr(cast))
        page = hr.get(listed.get_absolute_url())
        assert "You are the second person" in text(page)
        hr.post(reverse("destruction_confirm", args=[listed.pk]), {"things": "1"})
    listed.refresh_from_db()
    assert listed.state == DestructionList.State.CONFIRMED
    assert Appraisal.objects.filter(pk=record.pk).exists()


def test_a_reason_that_is_missing_is_asked_for_and_nothing_changes(cast: Cast, hr: Client) -> None:
    make_rated(cast)
    with clock.frozen(YEARS_LATER):
        hr.post(reverse("destruction_draw_up"), {"organization": "CMD"})
        item = DestructionItem.objects.get()
        strike = reverse("destruction_strike", args=[item.on_list_id, item.pk])
        response = hr.post(strike, {"reason": " \n"})
    assert response.status_code == 422
    assert "Say why this is not to be destroyed." in text(response)
    item.refresh_from_db()
    assert item.state == DestructionItem.State.LISTED


def test_a_list_of_many_costs_no_more_questions_than_one_of_few(cast: Cast, hr: Client) -> None:
    make_rated(cast)
    with clock.frozen(YEARS_LATER):
        for address in ("records_kept", "hold_list", "transfer_list"):
            hr.get(reverse(address))
            with CaptureQueriesContext(connection) as few:
                hr.get(reverse(address))
            for _ in range(6):
                rated(cast)
            with CaptureQueriesContext(connection) as many:
                hr.get(reverse(address))
            assert len(many) == len(few), address
            assert len(many) <= MOST_QUERIES, address
        hr.post(reverse("destruction_draw_up"), {"organization": "CMD"})
        page = DestructionList.objects.get().get_absolute_url()
        with CaptureQueriesContext(connection) as listed:
            hr.get(page)
    assert len(listed) <= MOST_QUERIES


def test_a_hold_is_placed_and_lifted(cast: Cast, hr: Client) -> None:
    make_record(cast)
    given = {"employee": cast.employee.dod_id, "reason": "A claim", "authority": "Counsel"}
    hr.post(reverse("hold_new"), given)
    hold = Hold.objects.get()
    assert "A claim" in text(hr.get(reverse("hold_list")))
    hr.post(reverse("hold_lift", args=[hold.pk]), {"reason": "Settled"})
    hold.refresh_from_db()
    assert hold.lifted_by == cast.hr


@pytest.mark.parametrize(
    ("employee", "says"),
    [
        ("1234", "Nobody has the DoD ID or the e-mail address “1234”"),
        ("leo.elsewhere@example.mil", "not in your scope"),
        ("hanna.human@example.mil", "Somebody else in HR"),
        ("", "Enter a DoD ID or an e-mail address."),
    ],
)
def test_a_hold_on_nobody_known_keeps_what_was_typed(
    cast: Cast, hr: Client, employee: str, says: str
) -> None:
    response = hr.post(
        reverse("hold_new"), {"employee": employee, "reason": "A claim", "authority": "Counsel"}
    )
    assert response.status_code == 422
    assert says in text(response)
    assert "A claim" in text(response)
    assert not Hold.objects.exists()


def test_a_file_goes_out_and_comes_in(cast: Cast, hr: Client) -> None:
    record = make_record(cast)
    given = {"employee": cast.employee.email, "purpose": "whole", "to_whom": "The Navy"}
    response = hr.post(reverse("record_send"), given)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="dpmap-record-')
    data = response.content
    assert "record.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    page = text(hr.get(reverse("transfer_list")))
    told = page.partition("<code>")[2].partition("</code>")[0]
    forget_records(record)

    def upload(fingerprint: str) -> Any:
        file = io.BytesIO(data)
        file.name = "record.zip"
        return hr.post(reverse("record_receive"), {"file": file, "fingerprint": fingerprint})

    refused = upload("0000")
    assert refused.status_code == 422
    assert "The fingerprint is not the one of this file" in text(refused)
    assert not Appraisal.objects.exists()
    taken = upload(told)
    assert taken.status_code == 302
    assert "Records of Maria Employee" in text(hr.get(taken.headers["Location"]))


def test_nothing_to_send_is_said_in_a_sentence(cast: Cast, hr: Client) -> None:
    make_record(cast)
    given = {"employee": cast.employee.email, "purpose": "transfer", "to_whom": "The Navy"}
    response = hr.post(reverse("record_send"), given)
    assert response.status_code == 422
    assert "nothing of Maria Employee that would go along" in text(response)


def test_a_batch_whose_lines_were_destroyed_says_so(cast: Cast, hr: Client) -> None:
    make_whole(cast)
    destroy(cast, on=LATER)
    with clock.frozen(LATER):
        response = hr.get(reverse("feed_file", args=[1]))
    assert response.status_code == 409
    assert "were destroyed" in text(response)
