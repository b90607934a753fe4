import pytest
from django.urls import reverse

from orgchart.models import Assignment
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory, RoleGrantFactory

LIST_QUERIES = 15
DETAIL_QUERIES = 15


@pytest.fixture(autouse=True)
def _today(on_day):
    """The clock of every test here stands on `day`."""


def detail(unit, **query):
    return reverse("organization_detail", args=[unit.code]), query


def test_organization_list_shows_top_and_own_unit(client, department):
    client.force_login(department.employee)
    page = client.get(reverse("organization_list")).content.decode()
    assert department.top.name in page
    assert department.branch.name in page


def test_organization_list_shows_what_one_heads_and_administers(client, department):
    grant = RoleGrantFactory(person=department.leader, organization=department.command)
    client.force_login(department.leader)
    page = client.get(reverse("organization_list")).content.decode()
    assert "Units you head" in page
    assert "HR administrator of" in page
    assert grant.organization.name in page


def test_organization_list_asks_for_sign_in(client, department):
    response = client.get(reverse("organization_list"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign_in"))


def test_organization_list_refuses_post(client, department):
    client.force_login(department.employee)
    assert client.post(reverse("organization_list")).status_code == 405


def test_organization_list_without_any_organization(client, db):
    client.force_login(PersonFactory())
    page = client.get(reverse("organization_list")).content.decode()
    assert "No organization yet" in page


def test_organization_search(client, department):
    OrganizationFactory(name="Fire and Rescue", code="F/R", parent=department.branch)
    client.force_login(department.employee)
    for asked in ["fire", "RESCUE fire", "f/r"]:
        page = client.get(reverse("organization_list"), {"q": asked}).content.decode()
        assert "Fire and Rescue" in page
        assert "1 unit<" in page
    page = client.get(reverse("organization_list"), {"q": "navy"}).content.decode()
    assert "No unit has these words" in page


def test_organization_detail_walks_up_and_down(client, department):
    client.force_login(department.stranger)
    url, _ = detail(department.command)
    page = client.get(url).content.decode()
    assert department.top.get_absolute_url() in page
    assert department.branch.get_absolute_url() in page
    assert "5 people in all, 1 in the unit itself" in page


def test_organization_detail_of_unknown_code(client, department):
    client.force_login(department.employee)
    assert client.get(reverse("organization_detail", args=["NOPE"])).status_code == 404


@pytest.mark.parametrize("code", ["A/B", "..", "a b", "50%", "~2f", "Ä#?&"])
def test_organization_detail_with_an_odd_code(client, department, code):
    odd = OrganizationFactory(code=code)
    client.force_login(department.employee)
    response = client.get(odd.get_absolute_url())
    assert response.status_code == 200
    assert response.context["unit"] == odd


def test_organization_detail_hides_people_from_strangers(client, department):
    client.force_login(department.stranger)
    url, query = detail(department.branch, show="people")
    page = client.get(url, query).content.decode()
    assert "Nobody here whom you can see" in page
    for hidden in (department.employee, department.colleague, department.rating_official):
        assert hidden.last_name not in page


def test_organization_detail_hides_the_head_from_strangers(client, department):
    department.branch.head = department.rating_official
    department.branch.save(update_fields=["head"])
    client.force_login(department.stranger)
    for unit in (department.branch, department.command):
        assert "Reid" not in client.get(detail(unit)[0]).content.decode()
    client.force_login(department.employee)
    assert "Omar Reid" in client.get(detail(department.command)[0]).content.decode()


def test_organization_detail_lists_people_for_a_colleague(client, department):
    client.force_login(department.employee)
    url, query = detail(department.branch, show="people")
    page = client.get(url, query).content.decode()
    for seen in (department.employee, department.colleague, department.rating_official):
        assert seen.full_name in page


def test_organization_detail_lists_people_for_hr_in_scope_only(client, department):
    grant = RoleGrantFactory(organization=department.branch)
    client.force_login(grant.person)
    url, query = detail(department.branch, show="people")
    assert "Maria Ortega" in client.get(url, query).content.decode()
    url, query = detail(department.other_branch, show="people")
    assert "Sven" not in client.get(url, query).content.decode()


def test_organization_detail_refuses_post(client, department):
    client.force_login(department.employee)
    assert client.post(detail(department.branch)[0]).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_organization_list_costs_the_same_at_any_size(
    client, department, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        OrganizationFactory(head=PersonFactory())
    client.force_login(department.employee)
    client.get(reverse("organization_list"))
    with django_assert_max_num_queries(LIST_QUERIES):
        client.get(reverse("organization_list"))


@pytest.mark.parametrize("show", ["", "people"])
def test_organization_detail_costs_the_same_at_any_size(
    client, department, show, django_assert_max_num_queries, count_queries
):
    client.force_login(department.leader)
    url, query = detail(department.command, show=show)
    costs = []
    for _ in range(3):
        for _ in range(2):
            unit = OrganizationFactory(parent=department.command, head=PersonFactory())
            AssignmentFactory(organization=unit, supervisor=department.leader)
            AssignmentFactory(organization=department.command, supervisor=department.reviewer)
        costs.append(count_queries(lambda: client.get(url, query)))
    assert len(set(costs)) == 1
    assert costs[0] <= DETAIL_QUERIES


def test_organization_detail_is_paginated(client, department):
    for _ in range(26):
        OrganizationFactory(parent=department.command)
    client.force_login(department.leader)
    url, _ = detail(department.command)
    assert len(client.get(url).context["rows"]) == 25
    assert len(client.get(url, {"page": 2}).context["rows"]) == 3
    assert len(client.get(url, {"page": "x"}).context["rows"]) == 25


def test_people_who_left_are_not_counted(client, department, day):
    Assignment.objects.filter(employee=department.colleague).update(ends_on="2026-01-31")
    client.force_login(department.leader)
    page = client.get(detail(department.branch)[0]).content.decode()
    assert "2 people" in page
