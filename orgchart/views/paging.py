"""Pages of lists that nobody reads to the end."""

from functools import cached_property
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 1000


class FirstPages(Paginator[Any]):
    """The first `MOST` rows of a queryset, so that a million behind them are never counted."""

    @cached_property
    def _found(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._found, MOST)

    @property
    def has_more(self) -> bool:
        """There are rows that no page shows: the reader is asked to narrow the list."""
        return self._found > MOST
