import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

REFERENCE = re.compile(r"<code>[0-9a-f-]{36}</code>")


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.dpmap.faulty_urls"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503])
def test_error_page_has_a_reference_and_no_secret(client, status):
    response = client.get(f"/fault/{status}/")
    page = response.content.decode()
    assert response.status_code == status
    assert page.count("<h1") == 1
    assert REFERENCE.search(page)
    assert "secret" not in page
    assert "Traceback" not in page


def test_refusal_says_why(client):
    page = client.get("/fault/409/").content.decode()
    assert "Somebody else approved this a moment ago." in page


def test_permission_denied_says_why(client):
    page = client.get("/fault/403/").content.decode()
    assert "Only the rating official may do this." in page


def test_database_down_says_when_to_come_back(client):
    assert client.get("/fault/503/").headers["Retry-After"] == "30"


def test_wrong_method_is_a_page_that_names_the_right_one(client):
    response = client.get("/only-post/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert b"<h1" in response.content


def test_form_that_is_too_large_is_413(client):
    response = client.post("/sign-in/", {"username": "x" * 3_000_000})
    assert response.status_code == 413
    assert b"<h1" in response.content


def test_form_without_token_is_403(settings):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {"username": "a@example.mil", "password": "x"})
    assert response.status_code == 403
    assert b"load the page again" in response.content


def test_page_for_another_host_is_400(client):
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
