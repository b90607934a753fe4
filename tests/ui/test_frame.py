import importlib
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, path

from appraisals.models import AppraisalCycle
from dpmap import context, urls
from orgchart import clock
from orgchart.selectors import Roles
from tests.factories import AssignmentFactory, OrganizationFactory, PersonFactory

NAMES = [name for name, _, _ in context.NAVIGATION]
HOME_AT_THE_ROOT = {name: "" if name == "home" else f"{name}/" for name in NAMES}
urlpatterns = [
    *(path(where, lambda request: HttpResponse(), name=name) for name, where in HOME_AT_THE_ROOT.items()),
    path("practice/", lambda request: HttpResponse(), name="practice"),
]  # fmt: skip


def roles(**given):
    names = (
        "is_supervisor",
        "is_reviewer",
        "heads_organization",
        "is_senior",
        "is_hr_administrator",
        "is_auditor",
        "is_system_administrator",
    )
    return Roles(**{name: given.get(name, False) for name in names})


@pytest.fixture
def places(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(
    ("has", "labels"),
    [
        ({}, ["Home", "Organization", "Line of sight", "All year"]),
        ({"is_supervisor": True}, ["Home", "My team", "Organization", "Line of sight", "All year"]),
        (
            {"is_supervisor": True, "is_reviewer": True, "heads_organization": True},
            ["Home", "My team", "Reviews", "Organization", "Line of sight", "All year"],
        ),
        (
            {"is_hr_administrator": True},
            ["Home", "Organization", "Line of sight", "All year", "HR"],
        ),
        ({"is_auditor": True}, ["Home", "Organization", "Line of sight", "All year", "Audit"]),
    ],
)
@pytest.mark.usefixtures("places")
def test_navigation_shows_what_a_person_has_to_do_with(has, labels):
    assert [item.label for item in context.navigation(roles(**has), path="/")] == labels


@pytest.mark.parametrize(
    ("address", "current"),
    [("/", "home"), ("/team/", "team"), ("/team/12/", "team"), ("/elsewhere/", None)],
)
@pytest.mark.usefixtures("places")
def test_navigation_marks_the_place(address, current):
    items = context.navigation(roles(is_supervisor=True), path=address)
    assert [item.name for item in items if item.current] == ([current] if current else [])


def test_navigation_of_a_stranger_is_empty():
    assert context.navigation(None, path="/") == []


@pytest.mark.parametrize(
    ("has", "words"),
    [
        ({}, "employee"),
        ({"is_supervisor": True}, "first-level supervisor"),
        ({"is_supervisor": True, "is_reviewer": True}, "second-level supervisor"),
        ({"is_reviewer": True, "is_senior": True}, "senior leader"),
        ({"is_supervisor": True, "is_senior": True}, "first-level supervisor"),
        ({"is_supervisor": True, "is_hr_administrator": True}, "HR administrator"),
        ({"is_auditor": True}, "auditor"),
    ],
)
def test_role_words(has, words):
    assert context.role_words(roles(**has)) == words


def test_frame_of_a_stranger_asks_the_database_nothing(rf: RequestFactory):
    request = rf.get("/")
    request.user = AnonymousUser()
    frame = context.page(request)
    assert not frame["nav"]
    assert not frame["practice"]
    assert not frame["session_seconds"]
    assert str(frame["cycle_name"]) == ""


def test_frame_of_a_request_that_never_reached_the_session(rf: RequestFactory):
    frame = context.page(rf.get("/"))
    assert not frame["nav"]
    assert not frame["session_seconds"]


@dataclass
class Cycle:
    name: str


@pytest.mark.django_db
def test_frame_of_a_person_reads_roles_once(rf: RequestFactory, django_assert_num_queries):
    request = rf.get("/")
    request.user = PersonFactory()
    request.appraisal_cycle = Cycle("FY 2027")
    with django_assert_num_queries(0):
        frame = context.page(request)
    with django_assert_num_queries(1):
        list(frame["nav"])
        assert str(frame["cycle_name"]) == "FY 2027"
        assert frame["session_seconds"] == 900


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2027, 3, 31), "FY 2027"),
        (date(2027, 4, 6), "FY 2027"),
        (date(2027, 6, 1), "FY 2028"),
        (date(2026, 3, 31), ""),
    ],
)
def test_cycle_in_hand_until_its_ratings_count(rf, today, name, django_assert_num_queries):
    top = OrganizationFactory()
    unit = OrganizationFactory(parent=top)
    request = rf.get("/")
    request.user = AssignmentFactory(organization=unit).employee
    for year in (2027, 2028):
        open_cycle(top, year=year, by=request.user)
    open_cycle(OrganizationFactory(), year=2027, by=request.user, name="Elsewhere")
    with clock.frozen(today), django_assert_num_queries(1):
        assert str(context.page(request)["cycle_name"]) == name


def open_cycle(organization, *, year, by, name=""):
    AppraisalCycle.objects.create(
        name=name or f"FY {year}",
        organization=organization,
        starts_on=date(year - 1, 4, 1),
        ends_on=date(year, 3, 31),
        effective_on=date(year, 6, 1),
        opened_by=by,
        opened_at=clock.now(),
    )


@pytest.mark.django_db
def test_person_without_position_has_no_cycle(rf: RequestFactory):
    request = rf.get("/")
    request.user = PersonFactory()
    assert str(context.page(request)["cycle_name"]) == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("places")
def test_practice_says_who_and_when(rf: RequestFactory, settings):
    settings.PRACTICE_MODE = True
    request = rf.get("/")
    request.user = PersonFactory(first_name="Dana", last_name="Whitfield")
    practice = context.page(request)["practice"]
    assert practice.person == "Dana Whitfield"
    assert practice.role == "employee"
    assert practice.url == "/practice/"


@pytest.mark.django_db
def test_staying_signed_in_is_a_post_and_moves_the_end(client, settings):
    client.force_login(PersonFactory(), backend=settings.AUTHENTICATION_BACKENDS[-1])
    before = client.session.get_expiry_date()
    answer = client.post("/session/extend/")
    assert answer.status_code == 204
    assert answer.cookies[settings.SESSION_COOKIE_NAME]
    assert client.session.get_expiry_date() >= before
    assert client.get("/session/extend/").status_code == 405


@pytest.mark.django_db
def test_a_stranger_has_no_session_to_extend(client):
    assert client.post("/session/extend/").status_code == 302


@pytest.mark.parametrize("address", ["/about/accessibility/", "/about/privacy/", "/gallery/"])
def test_open_pages_need_neither_person_nor_database(client, address):
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1>") == 1
    assert html.count(">CUI</section>") == 2
    assert " style=" not in html
    assert "<script>" not in html


def test_title_says_that_something_is_wrong(client):
    assert b"<title>Gallery" in client.get("/gallery/").content
    assert b"<title>Error: Gallery" in client.get("/gallery/?wrong").content


def test_only_a_person_is_signed_in():
    assert context.signed_in(SimpleNamespace(user=object())) is None


def test_gallery_is_not_in_production(settings):
    settings.PRODUCTION = True
    assert "gallery" not in names_of(importlib.reload(urls))
    settings.PRODUCTION = False
    assert "gallery" in names_of(importlib.reload(urls))


def names_of(module):
    return {entry.name for entry in module.urlpatterns if isinstance(entry, URLPattern)}
