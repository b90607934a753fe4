"""Somebody who works here no more: no sign-in, no role, no delegation, however their place ended."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from appraisals.models.scope import drafts_for, forget_reach, hr_paths
from appraisals.services.delegating import delegate
from orgchart import clock
from orgchart.accounts import close_accounts
from orgchart.models import Assignment, OrgEvent, Person, RoleGrant
from orgchart.services import assign, separate
from tests.cast import Cast, make_cast
from tests.cast import assign as place

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 30)
TOMORROW = dt.date(2026, 12, 1)
PASSWORD = "correct horse battery"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def ends(person: Person, on: dt.date = TODAY) -> None:
    """As a roster ends it that was made for a day ahead: nobody touches the account."""
    Assignment.objects.filter(employee=person, ends_on=None).update(ends_on=on)


def signs_in(person: Person, *, on: dt.date) -> Client | None:
    client = Client()
    with clock.frozen(on):
        client.post(reverse("sign_in"), {"username": person.email, "password": PASSWORD})
    return client if "_auth_user_id" in client.session else None


def test_nobody_signs_in_from_the_day_after(cast: Cast) -> None:
    ends(cast.hr)
    assert signs_in(cast.hr, on=TODAY)
    assert signs_in(cast.hr, on=TOMORROW) is None


def test_whoever_is_signed_in_is_out_with_the_next_page(cast: Cast) -> None:
    ends(cast.hr)
    client = signs_in(cast.hr, on=TODAY)
    assert client
    with clock.frozen(TODAY):
        assert client.get(reverse("hr_home")).status_code == 200
    with clock.frozen(TOMORROW):
        assert client.get(reverse("hr_home")).status_code == 302


def test_whoever_never_had_a_place_here_has_not_left(cast: Cast) -> None:
    Assignment.objects.filter(employee=cast.colleague).delete()
    assert signs_in(cast.colleague, on=TODAY)


def test_between_two_places_nobody_signs_in(cast: Cast) -> None:
    ends(cast.colleague)
    place(cast.colleague, cast.rating_official, cast.places["FIRE"], starts_on=dt.date(2027, 1, 4))
    assert signs_in(cast.colleague, on=TOMORROW) is None
    assert signs_in(cast.colleague, on=dt.date(2027, 1, 4))


def test_the_sweep_closes_the_account_and_ends_the_roles(cast: Cast) -> None:
    ends(cast.hr)
    with clock.frozen(TODAY):
        assert close_accounts(on=TODAY) == 0
    with clock.frozen(TOMORROW):
        assert (close_accounts(on=TOMORROW), close_accounts(on=TOMORROW)) == (1, 0)
    assert not Person.objects.get(pk=cast.hr.pk).is_active
    assert RoleGrant.objects.get(person=cast.hr).ends_on == TODAY
    events = OrgEvent.objects.filter(person=cast.hr).values_list("what", flat=True)
    assert sorted(events) == ["account_closed", "role_revoked"]
    assert RoleGrant.objects.filter(person=cast.auditor, ends_on=None).exists()


def test_whoever_comes_back_has_no_role_of_before(cast: Cast) -> None:
    with clock.frozen(TOMORROW):
        held = separate(cast.hr, on=TODAY, by=None)
        assert RoleGrant.objects.get(person=cast.hr).ends_on == TODAY
        assign(
            cast.hr,
            supervisor=cast.reviewer_elsewhere,
            organization=cast.places["CMD"],
            position=held.position,
            starts_on=TOMORROW,
            by=None,
        )
        hr = Person.objects.get(pk=cast.hr.pk)
        assert (hr.is_active, hr_paths(hr)) == (True, [])


@pytest.mark.parametrize("who", ["rating_official", "colleague"])
def test_a_delegation_holds_while_both_work_here(cast: Cast, who: str) -> None:
    with clock.frozen(TODAY):
        delegate(
            cast.rating_official,
            to=cast.colleague,
            starts_on=TODAY,
            ends_on=TODAY + dt.timedelta(days=30),
            reason="Much to write.",
            by=cast.hr,
        )
    ends(cast.people[who])
    for day, drafts in ((TODAY, {cast.rating_official.pk}), (TOMORROW, set())):
        with clock.frozen(day):
            forget_reach(cast.colleague)
            assert drafts_for(cast.colleague) == drafts
