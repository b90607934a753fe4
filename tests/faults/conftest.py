"""One PostgreSQL for the run; database, broker, mail server and processes for each test."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.servers import postgres
from tests.faults.site import Site, database_url, demonstrate, run, site

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The short ones come one after the other, on one PostgreSQL; the long ones side by side."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)
            if not item.get_closest_marker("long"):
                item.add_marker(pytest.mark.xdist_group("faults"))


@pytest.fixture(scope="session")
def postgres_host() -> Iterator[str]:
    """Not in pytest's folder: another run closes that to the user PostgreSQL runs as."""
    with (
        TemporaryDirectory(prefix="dpmap-faults-") as folder,
        postgres(Path(folder, "var")) as host,
    ):
        yield host


@pytest.fixture(scope="session")
def filled(postgres_host: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the demonstration in it, copied for each test."""
    run(postgres_host, "CREATE DATABASE filled")
    demonstrate(database_url(postgres_host, "filled"), tmp_path_factory.mktemp("filled"))
    return "filled"


@pytest.fixture
def house(postgres_host: str, filled: str, tmp_path: Path) -> Iterator[Site]:
    """A site of this test's own, with nothing started but its servers."""
    with site(postgres_host, filled, tmp_path) as made:
        yield made
        print(made.logs())
