import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse

from orgchart import clock
from orgchart.models import Organization, Person, PracticeClock, RoleGrant
from tests.dpmap import practice_urls
from tests.factories import AssignmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2027, 4, 6)


@pytest.fixture
def practice(settings):
    settings.PRACTICE_MODE = True
    settings.ROOT_URLCONF = practice_urls.__name__
    clock.move(TODAY)
    yield
    clock.clear()


@pytest.fixture
def chain():
    """Four people, each of whom works for the next."""
    people = [PersonFactory(last_name=name) for name in ("Worker", "First", "Second", "Leader")]
    for person, supervisor in zip(people, [*people[1:], None], strict=True):
        AssignmentFactory(employee=person, supervisor=supervisor)
    Organization.objects.filter(assignments__employee=people[3]).update(
        head=people[3], kind="activity"
    )
    return people


def test_no_such_address_outside_practice():
    with pytest.raises(NoReverseMatch):
        reverse("practice")


def test_page_lists_each_part_somebody_can_play(client, practice, chain):
    hr = AssignmentFactory(supervisor=chain[3])
    RoleGrant.objects.create(
        person=hr.employee,
        role=RoleGrant.Role.HR_ADMINISTRATOR,
        organization=hr.organization,
        starts_on=hr.starts_on,
    )
    groups = client.get(reverse("practice")).context["groups"]
    found = {group.name: [row.employee for row in group.people] for group in groups}
    assert found == {
        "Employees": [chain[0]],
        "First-level supervisors": [chain[1]],
        "Second-level supervisors": [chain[2]],
        "Senior leaders": [chain[3]],
        "HR administrators": [hr.employee],
    }


def test_search_finds_anybody(client, practice, chain):
    groups = client.get(reverse("practice"), {"q": "worker"}).context["groups"]
    assert [row.employee for group in groups for row in group.people] == [chain[0]]


def test_sign_in_page_offers_the_demonstration_people(client, practice, chain):
    page = client.get(reverse("sign_in")).content.decode()
    assert "choose a demonstration person" in page
    assert [page.count(person.full_name) > 0 for person in chain] == [True] * 4


def test_command_says_who_can_sign_in(practice, chain, capsys):
    call_command("sign_ins")
    said = capsys.readouterr().out
    assert said.splitlines()[0].split() == ["Employee", *chain[0].full_name.split(), chain[0].email]
    assert "Password for everybody: " in said


def test_command_says_nothing_outside_practice(settings):
    with pytest.raises(CommandError):
        call_command("sign_ins")


def test_become_signs_in_as_that_person(client, practice, chain):
    client.force_login(chain[3])
    response = client.post(reverse("practice_become"), {"person": chain[0].pk})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(chain[0].pk)


@pytest.mark.parametrize("number", ["", "x", "0", "99999999"])
def test_become_nobody_is_404(client, practice, number):
    assert client.post(reverse("practice_become"), {"person": number}).status_code == 404


def test_move_the_date_for_everybody(client, practice):
    response = client.post(reverse("practice_date"), {"today": "2027-05-01"}, follow=True)
    assert PracticeClock.objects.get().today == dt.date(2027, 5, 1)
    assert "Today is now 1 May 2027" in response.content.decode()


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "2027-02-30"])
def test_impossible_date_is_refused_on_the_page(client, practice, day):
    response = client.post(reverse("practice_date"), {"today": day})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert PracticeClock.objects.get().today == TODAY


@pytest.mark.parametrize("name", ["practice_become", "practice_date", "practice_restart"])
def test_nothing_changes_by_looking(client, practice, name):
    assert client.get(reverse(name)).status_code == 405


def test_each_request_reads_the_date_once_and_forgets_it(
    client, practice, chain, django_assert_num_queries
):
    with django_assert_num_queries(7):
        client.get(reverse("practice"))
    PracticeClock.objects.update(today=dt.date(2027, 6, 1))
    assert clock.today() == dt.date(2027, 6, 1)


def test_start_over_brings_the_first_day_back_and_signs_out(client, practice, chain):
    client.force_login(chain[0])
    clock.move(dt.date(2028, 1, 1))
    response = client.post(reverse("practice_restart"), follow=True)
    assert "as it was at the start" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert PracticeClock.objects.get().today == TODAY
    assert not Person.objects.filter(pk=chain[0].pk, email=chain[0].email).exists()
