from dataclasses import asdict, dataclass
from typing import Any

ORGANIZATIONS = "organizations.csv"
EMPLOYEES = "employees.csv"
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` counts as an editor does; `column` is empty when the whole row or file is at fault."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        if self.column:
            return f"{place}, {self.column} {self.value!r}: {self.message}"
        return f"{place}: {self.message}"


def problem(file: str, line: int, column: str, value: str, message: str) -> Problem:
    return Problem(file, line, column, value[:LONGEST_VALUE], message)


def in_order(found: list[Problem]) -> list[Problem]:
    """Organizations first, as they are read, then by line."""
    return sorted(found, key=lambda p: (p.file != ORGANIZATIONS, p.line, p.column, p.message))
