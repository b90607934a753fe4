import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

EXPECTED = {
    "Content-Security-Policy": {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "img-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    },
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
}
PAGES = ["/sign-in/", "/", "/no-such-page/", "/livez", "/readyz", "/only-post/"]
FAULTS = [f"/fault/{status}/" for status in (400, 403, 404, 409, 500, 503)]


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.dpmap.faulty_urls"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", [*PAGES, *FAULTS])
def test_every_response_carries_the_headers(client, address):
    response = client.get(address)
    sent = {name: set(response.headers[name].split("; ")) for name in EXPECTED}
    assert sent == EXPECTED
    assert response.headers["Cache-Control"] == "no-store"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_static_file_carries_the_headers_and_may_be_cached(client):
    response = client.get("/static/css/dpmap.css")
    assert response.status_code == 200
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in response.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()


def test_no_page_asks_another_site_for_anything(client):
    page = client.get("/sign-in/").content.decode()
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert "<style" not in page
    assert " style=" not in page
