"""COPY into several tables by turns, while the caller goes on computing what to copy."""

from collections import deque
from collections.abc import Iterable, Mapping
from select import select
from types import TracebackType
from typing import Self

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

# From so many bytes on a table has its turn when the server is free, and of so many the caller has to wait for it.
A_TURN, MOST_WAITING = 4 << 20, 64 << 20


class Feed:
    """`statements` are the COPY of each table.

    A cursor's `copy` waits until the server has taken all it is given, so the two would never work
    at the same time. Nothing else may use the connection meanwhile. libpq gets a piece when the
    server has taken the last one: of a long queue it moves all that is left at each send.
    """

    def __init__(self, connection: psycopg.Connection, statements: Mapping[str, str]) -> None:
        self._server = connection.pgconn
        self._statements = statements
        self._waiting: dict[str, list[bytes]] = {table: [] for table in statements}
        self._bytes = dict.fromkeys(statements, 0)
        self._turn = deque[bytes]()
        self._is_copying = self._is_at_work = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is None:
            for table in self._statements:
                self._give(table)
            self._end()
        else:
            if self._is_copying:
                self._server.put_copy_end(b"given up")
            self._results()

    def add(self, table: str, text: str) -> None:
        content = text.encode()
        self._waiting[table].append(content)
        self._bytes[table] += len(content)
        if self._is_busy() and sum(self._bytes.values()) < MOST_WAITING:
            return
        longest = max(self._bytes, key=self._bytes.__getitem__)
        if self._bytes[longest] >= A_TURN:
            self._give(longest)

    def close(self, tables: Iterable[str], statements: Iterable[str]) -> None:
        """Nothing more comes into the tables: the server goes on with these, and the caller too."""
        for table in tables:
            self._give(table)
        self._end()
        self._server.send_query("; ".join(statements).encode())
        self._server.flush()
        self._is_at_work = True

    def _is_busy(self) -> bool:
        if not self._is_at_work:
            return False
        if not self._hand_over():
            return True
        self._server.consume_input()
        return bool(self._server.is_busy())

    def _hand_over(self) -> bool:
        """Whether libpq has the whole turn, and the server all of that."""
        while not self._server.flush():
            if not self._is_copying:
                return True
            if self._turn:
                self._server.put_copy_data(self._turn.popleft())
            else:
                self._server.put_copy_end()
                self._is_copying = False
        return False

    def _give(self, table: str) -> None:
        content, self._waiting[table] = self._waiting[table], []
        self._bytes[table] = 0
        if not content:
            return
        self._end()
        self._server.send_query(self._statements[table].encode())
        began = self._server.get_result()
        if began is None or began.status != pq.ExecStatus.COPY_IN:
            self._results()
            raise error_from_result(began) if began else psycopg.OperationalError
        self._turn.extend(content)
        self._is_copying = self._is_at_work = True
        self._hand_over()

    def _end(self) -> None:
        if not self._is_at_work:
            return
        while not self._hand_over():
            select([self._server.socket], [self._server.socket], [])
            self._server.consume_input()
        for result in self._results():
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise error_from_result(result)

    def _results(self) -> list[pq.abc.PGresult]:
        self._turn.clear()
        self._is_copying = self._is_at_work = False
        results = []
        while result := self._server.get_result():
            results.append(result)
        return results
