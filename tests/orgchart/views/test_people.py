from datetime import timedelta

import pytest
from django.urls import reverse

from orgchart import directory, search, services
from orgchart.views import people
from tests.factories import AssignmentFactory, OrganizationFactory, RoleGrantFactory

SEARCH = "/people/"
QUERIES = 15


@pytest.fixture(autouse=True)
def _today(on_day):
    """The clock of every test here stands on `day`."""


def test_people_search_finds_whom_one_may_see(client, department):
    client.force_login(department.employee)
    page = client.get(SEARCH, {"q": "nune"}).content.decode()
    assert "Cole Núñez" in page
    assert "1 person found" in page


def test_people_search_does_not_find_others(client, department):
    client.force_login(department.stranger)
    for asked in ["nunez", department.employee.dod_id, department.employee.email]:
        page = client.get(SEARCH, {"q": asked}).content.decode()
        assert "Nobody found" in page
        assert "Ortega" not in page


def test_people_search_without_words_lists_nobody(client, department):
    client.force_login(department.leader)
    page = client.get(SEARCH).content.decode()
    assert "people found" not in page
    assert "Ortega" not in page


def test_people_search_for_hr(client, department):
    client.force_login(RoleGrantFactory(organization=department.top).person)
    assert "Maria Ortega" in client.get(SEARCH, {"q": "maria"}).content.decode()


def test_people_search_is_paginated(client, department):
    for _ in range(26):
        AssignmentFactory(
            organization=department.branch,
            supervisor=department.rating_official,
            employee__last_name="Smith",
        )
    client.force_login(department.employee)
    assert len(client.get(SEARCH, {"q": "smith"}).context["rows"]) == 25
    assert len(client.get(SEARCH, {"q": "smith", "page": 2}).context["rows"]) == 1


def test_people_search_costs_the_same_at_any_size(client, department, count_queries):
    client.force_login(department.employee)
    costs = []
    for rows in (1, 3):
        for _ in range(rows):
            AssignmentFactory(
                organization=department.branch,
                supervisor=department.rating_official,
                employee__last_name="Smith",
            )
        costs.append(count_queries(lambda: client.get(SEARCH, {"q": "smith"})))
    assert costs[0] == costs[1] <= QUERIES


def test_person_detail_of_a_colleague(client, department):
    client.force_login(department.colleague)
    page = client.get(department.employee.get_absolute_url()).content.decode()
    assert "Maria Ortega" in page
    assert "Lena Hart" in page
    assert "<h2>Assignments</h2>" not in page


@pytest.mark.parametrize("who", ["employee", "rating_official", "reviewer", "leader"])
def test_person_detail_shows_the_history_to_the_chain(client, department, who):
    client.force_login(getattr(department, who))
    page = client.get(department.employee.get_absolute_url()).content.decode()
    assert "<h2>Assignments</h2>" in page


def test_person_detail_shows_the_history_to_hr(client, department):
    client.force_login(RoleGrantFactory(organization=department.command).person)
    page = client.get(department.employee.get_absolute_url()).content.decode()
    assert "<h2>Assignments</h2>" in page


def test_person_detail_of_a_stranger_does_not_exist(client, department):
    client.force_login(department.stranger)
    response = client.get(department.employee.get_absolute_url())
    assert response.status_code == 404
    assert "Ortega" not in response.content.decode()


def test_person_detail_for_hr_elsewhere_does_not_exist(client, department):
    grant = RoleGrantFactory(organization=department.other_branch)
    client.force_login(grant.person)
    assert client.get(department.employee.get_absolute_url()).status_code == 404


def test_person_detail_of_nobody(client, department):
    client.force_login(department.leader)
    assert client.get(reverse("person_detail", args=["0000000000"])).status_code == 404


def test_person_detail_without_an_assignment(client, department):
    grant = RoleGrantFactory(organization=department.top)
    client.force_login(grant.person)
    page = client.get(grant.person.get_absolute_url()).content.decode()
    assert "No assignment today" in page


def test_person_detail_lists_reports(client, department):
    client.force_login(department.reviewer)
    page = client.get(department.rating_official.get_absolute_url()).content.decode()
    assert "2 direct reports" in page


@pytest.mark.parametrize("name", ["people_search", "person_detail"])
def test_people_pages_refuse_post_and_strangers_to_the_site(client, department, name):
    args = [department.employee.dod_id] if name == "person_detail" else []
    url = reverse(name, args=args)
    assert client.get(url).status_code == 302
    client.force_login(department.employee)
    assert client.post(url).status_code == 405


def test_person_detail_costs_the_same_at_any_size(client, department, count_queries):
    client.force_login(department.leader)
    unit = OrganizationFactory(parent=department.branch)
    costs = []
    for rows in (1, 3):
        for _ in range(rows):
            AssignmentFactory(organization=unit, supervisor=department.rating_official)
        url = department.rating_official.get_absolute_url()
        costs.append(count_queries(lambda url=url: client.get(url)))
    assert costs[0] == costs[1] <= QUERIES


def test_who_left_is_marked_for_hr_and_has_a_page(client, department, day):
    services.separate(department.employee, on=day - timedelta(days=1), by=None)
    directory.sweep(on=day)
    client.force_login(RoleGrantFactory(organization=department.command).person)
    page = client.get(SEARCH, {"q": "ortega"}).content.decode()
    assert "Left on 5 April 2027" in page
    page = client.get(department.employee.get_absolute_url()).content.decode()
    assert "left on 5 April 2027" in page
    assert "<h2>Assignments</h2>" in page
    for other in (department.leader, RoleGrantFactory(organization=department.other_branch).person):
        client.force_login(other)
        assert "Nobody found" in client.get(SEARCH, {"q": "ortega"}).content.decode()
        assert client.get(department.employee.get_absolute_url()).status_code == 404


def test_people_search_shows_position_unit_and_supervisor(client, department):
    client.force_login(department.leader)
    page = client.get(SEARCH, {"q": "budget ortega"}).content.decode()
    for shown in ("Budget Analyst", "GS-0560-11", department.branch.name, "Omar Reid"):
        assert shown in page


def test_people_search_says_when_there_are_more(client, department, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    monkeypatch.setattr(people, "MOST", 3)
    client.force_login(department.leader)
    page = client.get(SEARCH, {"q": "budget"}).content.decode()
    assert "More than 3 people fit" in page
    assert "Add a word" in page


def test_people_search_answers_htmx_with_the_results_alone(client, department):
    client.force_login(department.leader)
    headers = {"HX-Request": "true", "HX-Target": "found"}
    page = client.get(SEARCH, {"q": "ortega"}, headers=headers).content.decode()
    assert "1 person found" in page
    assert 'data-address="?q=ortega"' in page
    assert "<html" not in page
    assert client.get(SEARCH, {"q": ""}, headers=headers).content.decode().strip() == ""
