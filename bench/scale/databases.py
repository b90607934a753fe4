"""Two databases that one process uses in turn: ten thousand people, and the whole department."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from appraisals import rollups
from bench.scale.program import TODAY, fill_program
from bench.scale.records import fill_records, without_triggers
from orgchart import clock

IMPORTED_ON = dt.date(2025, 1, 1)
Say = Callable[[str], None]


class Database:
    """Everything asked of `connection` inside `in_use()` goes to this one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wrapper = self.connect()

    def connect(self) -> Any:
        """One more connection, for a thread of its own."""
        wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
        wrapper.settings_dict = {**wrapper.settings_dict, "NAME": self.name}
        return wrapper

    @contextmanager
    def in_use(self, wrapper: Any = None) -> Iterator[None]:
        usual = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = wrapper or self.wrapper
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = usual

    def prepare(self, folder: Path, command: str, *, keep: bool, say: Say) -> None:
        """Import the roster once into a template, then fill a copy of it, unless one was kept. In that one the
        steps of an earlier run are folded, as the worker does every twenty seconds."""

        def tell(text: str) -> None:
            say(f"{self.name}, {text}")

        if keep and _exists(self.name):
            with self.in_use():
                call_command("migrate", verbosity=0)
                rollups.fold()
            return
        template = Database(f"{self.name}_roster")
        if not (keep and _exists(template.name)):
            template.build(lambda: _import_roster(folder), like="template1")
            tell("imported")
        self.build(lambda: _fill(command, tell), like=template.name)

    def build(self, fill: Callable[[], None], *, like: str) -> None:
        """Under another name until it is complete: a run that was broken off leaves nothing half made."""
        unfinished = Database(f"{self.name}_unfinished")
        _server(f'DROP DATABASE IF EXISTS "{unfinished.name}"')
        _server(f'CREATE DATABASE "{unfinished.name}" TEMPLATE "{like}"')
        with unfinished.in_use():
            call_command("migrate", verbosity=0)
            fill()
        # Nobody may be connected to a database that is renamed or copied.
        unfinished.wrapper.close()
        _server(f'DROP DATABASE IF EXISTS "{self.name}"')
        _server(f'ALTER DATABASE "{unfinished.name}" RENAME TO "{self.name}"')

    def drop(self) -> None:
        self.wrapper.close()
        for name in (self.name, f"{self.name}_roster"):
            _server(f'DROP DATABASE IF EXISTS "{name}"')


def _import_roster(folder: Path) -> None:
    clock.move(TODAY)
    call_command(
        "import_roster",
        str(folder / "organizations.csv"),
        str(folder / "employees.csv"),
        effective_on=IMPORTED_ON,
        stdout=StringIO(),
    )
    call_command("sweep_people", stdout=StringIO())


def _fill(command: str, tell: Say) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        without_triggers(cursor)
        fill_program(command)
    for step in fill_records():
        tell(step)
    _vacuum()
    rollups.rebuild()
    tell("kept counts")
    _vacuum()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _server(statement: str) -> None:
    creation: Any = connection.creation
    with creation.connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _exists(name: str) -> bool:
    creation: Any = connection.creation
    with creation.connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None
