"""PostgreSQL from the wheel, started by the first connection a process makes."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from dpmap import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        embedded.attach_postgres()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # The server died under a process that was attached to it: start it again.
            embedded.start_postgres()
            return super().get_new_connection(conn_params)
