import json
import subprocess
import sys

import pytest

from dpmap.embedded import BASE_DIR
from tests.dpmap.environment import PRODUCTION, environment

START = [sys.executable, "-c", "import dpmap.settings; print('started')"]


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        START,
        env=environment(**variables),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


def test_starts_when_everything_is_said():
    done = start(**PRODUCTION)
    assert done.stdout == "started\n", done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_refuses_without(name):
    done = start(**without(name))
    sentences = done.stderr.rpartition("dpmap does not start in production:\n")[2].splitlines()
    assert done.returncode == 1
    assert len(sentences) == 1
    assert sentences[0].startswith(f"Set {name} to ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("SECURE_SSL_REDIRECT", "0"),
        ("SECURE_HSTS_SECONDS", "60"),
    ],
)
def test_refuses_what_weakens_it(name, value):
    done = start(**PRODUCTION, **{name: value})
    assert done.returncode == 1
    assert f"Unset {name}" in done.stderr


@pytest.mark.parametrize("mode", ["DPMAP_PRACTICE", "DPMAP_DEVELOPMENT", "DPMAP_TEST"])
def test_production_refuses_every_other_mode(mode):
    done = start(**PRODUCTION, DPMAP_PRODUCTION="1", **{mode: "1"})
    assert done.returncode == 1
    assert f"Unset {mode}: " in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("CSRF_TRUSTED_ORIGINS", "http://dpmap.example.mil"),
    ],
)
def test_refuses_a_value_that_is_no_protection(name, value):
    done = start(**{**PRODUCTION, name: value})
    assert done.returncode == 1
    assert f"Set {name} to " in done.stderr


def test_names_everything_that_is_missing_at_once():
    done = start()
    assert [name for name in PRODUCTION if f"Set {name} " in done.stderr] == list(PRODUCTION)


def test_production_settings_pass_the_deployment_check():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment(**PRODUCTION),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_production_has_no_practice_and_no_gallery():
    script = (
        "import django; django.setup();"
        "from django.urls import get_resolver;"
        "print(sorted(name for name in get_resolver().reverse_dict if isinstance(name, str)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(**PRODUCTION),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sign_in" in done.stdout
    assert "practice" not in done.stdout
    assert "gallery" not in done.stdout


def test_production_values():
    names = [
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT",
        "PASSWORD_HASHERS",
        "AXES_FAILURE_LIMIT",
        "DEBUG",
        "PRACTICE_MODE",
    ]
    script = (
        f"import json, dpmap.settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(**PRODUCTION),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(zip(names, json.loads(done.stdout), strict=True)) == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_SSL_REDIRECT": True,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
        "AXES_FAILURE_LIMIT": 3,
        "DEBUG": False,
        "PRACTICE_MODE": False,
    }
