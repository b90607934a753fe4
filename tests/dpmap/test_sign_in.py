import pytest
from django.urls import reverse

from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


@pytest.fixture
def maria():
    return PersonFactory(email="maria@example.mil", password=PASSWORD)


def sign_in(client, *, email="maria@example.mil", password=PASSWORD, **more):
    return client.post(reverse("sign_in"), {"username": email, "password": password, **more})


def test_right_password_signs_in(client, maria):
    response = sign_in(client)
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(maria.pk)


def test_email_address_may_be_spelled_in_capitals(client, maria):
    sign_in(client, email="Maria@Example.mil")
    assert client.session["_auth_user_id"] == str(maria.pk)


def test_wrong_password_says_so_without_saying_which_was_wrong(client, maria):
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="nobody@example.mil", password="wrong").content.decode()
    sentence = "That email address and password do not belong together"
    assert sentence in known
    assert sentence in unknown
    assert known.count("<h1") == 1


def test_third_wrong_try_locks_the_account_for_the_right_password_too(client, maria):
    statuses = [sign_in(client, password="wrong").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    response = sign_in(client)
    assert response.status_code == 429
    assert b"<h1" in response.content
    assert "_auth_user_id" not in client.session


def test_spelling_the_address_otherwise_gives_no_more_tries(client, maria):
    for email in ("maria@example.mil", "MARIA@example.mil", " Maria@example.mil"):
        sign_in(client, email=email, password="wrong")
    assert sign_in(client).status_code == 429


def test_right_password_forgets_earlier_wrong_tries(client, maria):
    for password in ("wrong", "wrong", PASSWORD, "wrong", "wrong"):
        sign_in(client, password=password)
        client.logout()
    assert sign_in(client).status_code == 302


def test_closed_account_is_refused(client, maria):
    maria.is_active = False
    maria.save(update_fields=["is_active"])
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_next_page_of_another_site_is_not_followed(client, maria):
    response = sign_in(client, next="https://evil.example/")
    assert response.headers["Location"] == "/"


def test_session_gets_a_new_number_at_sign_in(client, maria):
    client.get(reverse("sign_in"))
    session = client.session
    session["before"] = 1
    session.save()
    old = session.session_key
    sign_in(client)
    assert client.session.session_key != old


def test_sign_out_by_post_only(client, maria):
    client.force_login(maria)
    assert client.get(reverse("sign_out")).status_code == 405
    response = client.post(reverse("sign_out"))
    assert response.headers["Location"] == reverse("signed_out")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("signed_out")).status_code == 200


def test_every_address_asks_for_sign_in_by_default(client):
    response = client.post(reverse("session_extend"))
    assert response.headers["Location"].startswith(reverse("sign_in"))


def test_nobody_is_offered_a_demonstration_person_outside_practice(client, maria):
    assert b"demonstration person" not in client.get(reverse("sign_in")).content


def test_session_ends_after_fifteen_idle_minutes(client, maria, settings):
    client.force_login(maria)
    client.post(reverse("session_extend"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert settings.SESSION_COOKIE_AGE == 900
    assert settings.SESSION_SAVE_EVERY_REQUEST
    assert cookie["httponly"]
    assert not cookie["max-age"]
