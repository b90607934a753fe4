import pytest
from django.urls import reverse

from orgchart import browser, headcounts
from orgchart.models import Assignment, Organization
from orgchart.views import organization, unit_chart
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


def test_organization_search_says_when_there_are_more(client, department, monkeypatch):
    monkeypatch.setattr(organization, "MOST_NAMED", 1)
    client.force_login(department.employee)
    assert "More than 1 unit" in client.get(LIST, {"q": "unit"}).content.decode()


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


LIST = "/organizations/"


def listed(client, **query) -> list[str]:
    """The names of the tree, as they stand on the page."""
    page = client.get(LIST, query)
    assert page.status_code == 200

    def walk(branches):
        for branch in branches:
            yield branch.unit.code
            yield from walk(branch.below)

    return list(walk(page.context["tree"].branches))


def test_the_tree_opens_level_by_level(client, department):
    client.force_login(department.stranger)
    assert listed(client) == ["TOP", "CMD"]
    assert listed(client, open=["TOP", "CMD"]) == ["TOP", "CMD", "CMD-1", "CMD-2"]
    assert listed(client, open=["CMD"]) == ["TOP"]
    assert listed(client, open=[""]) == ["TOP"]
    assert listed(client, open=["NOPE", "'; --", "x" * 500]) == ["TOP"]


def test_the_tree_opens_down_to_a_unit(client, department):
    client.force_login(department.employee)
    assert listed(client, to="CMD-1") == ["TOP", "CMD", "CMD-1", "CMD-2"]
    assert 'aria-current="true"' in client.get(LIST, {"to": "CMD-1"}).content.decode()
    assert listed(client, to="NOPE") == ["TOP", "CMD"]


def test_each_link_of_the_tree_opens_or_closes_one_unit(client, department):
    client.force_login(department.employee)
    top = client.get(LIST, {"open": ["TOP", "CMD"]}).context["tree"].branches[0]
    assert top.query == "?open="
    assert top.below[0].query == "?open=TOP"
    assert client.get(LIST).context["tree"].branches[0].below[0].query == "?open=TOP&open=CMD"


def test_the_tree_says_kind_head_units_and_people(client, department):
    client.force_login(department.employee)
    page = client.get(LIST).content.decode()
    for shown in (
        "Department · head: ",
        "Lena Hart",
        "2 units right below",
        "6 people",
        "5 people",
    ):
        assert shown in page
    client.force_login(RoleGrantFactory(organization=OrganizationFactory()).person)
    assert "Hart" not in client.get(LIST).content.decode()


def test_htmx_gets_the_tree_alone(client, department):
    client.force_login(department.employee)
    headers = {"HX-Request": "true", "HX-Target": "tree"}
    page = client.get(LIST, {"open": "TOP"}, headers=headers).content.decode()
    assert page.strip().startswith('<div class="tree" id="tree" data-address="?open=TOP"')
    assert "<html" not in page


def test_the_tree_costs_the_same_at_any_size(client, department, count_queries, day):
    client.force_login(department.leader)
    costs = []
    for _ in range(2):
        for _ in range(3):
            unit = OrganizationFactory(parent=department.command, head=PersonFactory())
            OrganizationFactory(parent=unit)
            AssignmentFactory(organization=unit, supervisor=department.leader)
        headcounts.fold(on=day)
        codes = list(Organization.objects.values_list("code", flat=True))
        costs.append(count_queries(lambda codes=codes: client.get(LIST, {"open": codes})))
    assert costs[0] == costs[1] <= LIST_QUERIES


def test_a_level_too_long_leads_to_the_units_page(client, department, monkeypatch):
    monkeypatch.setattr(browser, "MOST_LISTED", 1)
    client.force_login(department.employee)
    page = client.get(LIST, {"open": ["TOP", "CMD"]}).content.decode()
    assert f"1 more below {department.command.name}" in page


def test_closed_units_are_kept_on_their_own_page_only(client, department, day):
    Organization.objects.filter(pk=department.other_branch.pk).update(closed_on=day)
    client.force_login(department.employee)
    assert listed(client, open=["TOP", "CMD"]) == ["TOP", "CMD", "CMD-1"]
    assert "1 unit right below" in client.get(LIST).content.decode()
    url, _ = detail(department.other_branch)
    assert "This unit is closed" in client.get(url).content.decode()
    assert (
        department.other_branch.name
        not in client.get(detail(department.command)[0]).content.decode()
    )


def chart(client, unit) -> tuple[str, list[str]]:
    url, query = detail(unit, show="chart")
    page = client.get(url, query)
    return page.content.decode(), [box.card.title for box in page.context["chart"].drawing.boxes]


def test_the_chart_draws_units_heads_and_people_under_their_supervisors(client, department):
    Organization.objects.filter(pk=department.branch.pk).update(head=department.rating_official)
    client.force_login(department.employee)
    page, boxes = chart(client, department.branch)
    assert boxes == [department.branch.name, "Omar Reid", "Cole Núñez", "Maria Ortega"]
    assert "Head: Omar Reid" in page
    assert page.count(department.employee.get_absolute_url()) == 2, "in the drawing and in the list"
    _, boxes = chart(client, department.command)
    assert boxes[1:3] == [department.branch.name, department.other_branch.name]


def test_the_chart_hides_whom_the_reader_may_not_see(client, department):
    Organization.objects.filter(pk=department.branch.pk).update(head=department.rating_official)
    client.force_login(department.stranger)
    page, boxes = chart(client, department.branch)
    assert boxes == [department.branch.name]
    for hidden in ("Reid", "Ortega", "Núñez"):
        assert hidden not in page


def test_the_chart_costs_the_same_at_any_size(client, department, count_queries):
    client.force_login(department.leader)
    url, query = detail(department.branch, show="chart")
    costs = []
    for _ in range(2):
        for _ in range(4):
            OrganizationFactory(parent=department.branch, head=PersonFactory())
            AssignmentFactory(organization=department.branch, supervisor=department.employee)
        costs.append(count_queries(lambda: client.get(url, query)))
    assert costs[0] == costs[1] <= DETAIL_QUERIES


def test_a_chart_too_large_says_so(client, department, monkeypatch):
    monkeypatch.setattr(unit_chart, "MOST_PEOPLE", 1)
    client.force_login(department.leader)
    page, boxes = chart(client, department.branch)
    assert "too large for one drawing" in page
    assert len(boxes) == 2
