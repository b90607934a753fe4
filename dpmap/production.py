"""What production must be told, each missing or dangerous thing in one sentence."""

import environs

YEAR = 31_536_000
SHORTEST_SECRET_KEY = 50


def production_problems(env: environs.Env) -> list[str]:
    return [
        *_missing(env),
        *_dangerous(env),
        *_https_problems(env),
    ]


def _missing(env: environs.Env) -> list[str]:
    problems = []
    if len(env.str("SECRET_KEY", "")) < SHORTEST_SECRET_KEY:
        problems.append(
            f"Set SECRET_KEY to a random text of at least {SHORTEST_SECRET_KEY} characters."
        )
    hosts: list[str] = env.list("ALLOWED_HOSTS", [])
    if not hosts or "*" in hosts:
        problems.append("Set ALLOWED_HOSTS to the host names this server answers to, without *.")
    if not env.str("DATABASE_URL", ""):
        problems.append("Set DATABASE_URL to the PostgreSQL database.")
    if not env.str("REDIS_URL", ""):
        problems.append("Set REDIS_URL to the Redis server.")
    if not env.str("SITE_ADDRESS", "").startswith("https://"):
        problems.append(
            "Set SITE_ADDRESS to the address people open this site at, with https://: links in "
            "e-mails lead there."
        )
    if not env.str("DEFAULT_FROM_EMAIL", ""):
        problems.append("Set DEFAULT_FROM_EMAIL to the address that e-mails come from.")
    return problems


def _dangerous(env: environs.Env) -> list[str]:
    return [
        f"Unset {name}: {why}."
        for name, why in {
            "DEBUG": "error pages would show code and settings",
            "DPMAP_PRACTICE": "in practice mode anybody may become anybody",
            "DPMAP_DEVELOPMENT": "development mode is for a developer's own machine",
            "DPMAP_TEST": "test mode weakens passwords",
        }.items()
        if env.bool(name, False)
    ]


def _https_problems(env: environs.Env) -> list[str]:
    problems = []
    origins: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    if not origins or not all(origin.startswith("https://") for origin in origins):
        problems.append("Set CSRF_TRUSTED_ORIGINS to this site's addresses, each with https://.")
    if not env.str("HTTPS_PROXY_HEADER", ""):
        problems.append(
            "Set HTTPS_PROXY_HEADER to the header in which the proxy that ends HTTPS says so, "
            "such as X-Forwarded-Proto."
        )
    if not env.bool("SECURE_SSL_REDIRECT", True):
        problems.append("Unset SECURE_SSL_REDIRECT: plain HTTP must be sent on to HTTPS.")
    if env.int("SECURE_HSTS_SECONDS", YEAR) < YEAR:
        problems.append(f"Unset SECURE_HSTS_SECONDS or set it to at least {YEAR}.")
    return problems
