"""Environments for programs that a test starts: nothing of this test run's own mode in them."""

import os

OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "HTTPS_PROXY_HEADER",
    "SITE_ADDRESS",
    "DEFAULT_FROM_EMAIL",
    "DEBUG",
    # Set where a browser is driven.
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)
PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "dpmap.example.mil",
    "DATABASE_URL": "postgres://dpmap@database/dpmap",
    "REDIS_URL": "redis://redis:6379/0",
    "CSRF_TRUSTED_ORIGINS": "https://dpmap.example.mil",
    "HTTPS_PROXY_HEADER": "X-Forwarded-Proto",
    "SITE_ADDRESS": "https://dpmap.example.mil",
    "DEFAULT_FROM_EMAIL": "dpmap@example.mil",
}


def environment(**variables: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DPMAP_", "COV_")) and name not in OURS
    }
    return {**kept, "DJANGO_SETTINGS_MODULE": "dpmap.settings", **variables}
