"""What a column may hold, of rows that come in a file. What may be empty the database says itself."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Model


def wrong_columns(row: Model) -> Iterator[tuple[str, str]]:
    """Choices, lengths and validators: the column, and what is wrong with it."""
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.primary_key or column.is_relation or value in column.empty_values:
            continue
        try:
            column.clean(value, row)
        except ValidationError as wrong:
            yield column.name, " ".join(wrong.messages)
