"""What a single value must be, column by column.

`usual` is for columns in which nearly every value is another one: it matches values that are surely
right, many at once. Values that it stops are checked one by one. A test holds the two together.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

Check = Callable[[str], str]
DOD_ID = re.compile(r"[0-9]{10}")
SERIES = re.compile(r"[0-9]{4}")
EMAIL = re.compile(r"(?![=+-])[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
FORMULA = "=+-@"

# Of names and addresses that are folded in a simple way, see folding.py.
SIMPLE_NAME = r"[A-Za-z]{1,100}+"
SIMPLE_EMAIL = r"[A-Za-z0-9]{1,20}+(?:[._-][A-Za-z0-9]{1,20}+){0,3}@[A-Za-z0-9]{1,40}+(?:[.-][A-Za-z0-9]{1,30}+){1,3}"
USUAL_CODE = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}+"
USUAL_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9 ,.&/'()-]{0,198}[A-Za-z0-9.)])?"


@dataclass(frozen=True, slots=True)
class Cell:
    """`check` says what is wrong; values that match `simple` are folded by lower case alone.

    `kind` is what PostgreSQL keeps of a right value; of a wrong one only text can be kept.
    """

    check: Check
    usual: re.Pattern[str] | None = None
    simple: re.Pattern[str] | None = None
    kind: str = "text"


def each_on_a_line(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern}\n)*+")


def text(longest: int, *, usual: str = "", may_be_empty: bool = False) -> Cell:
    def check(value: str) -> str:
        if not value:
            return "" if may_be_empty else "This must not be empty."
        if len(value) > longest:
            return f"This has {len(value)} characters, at most {longest} are allowed."
        if not value.isprintable():
            odd = next(letter for letter in value if not letter.isprintable())
            return f"This holds a character that cannot be shown (U+{ord(odd):04X})."
        # A sign that stands alone is how some files say "none"; no spreadsheet runs it.
        if value[0] in FORMULA and len(value) > 1:
            return f"This begins with {value[0]}, as a formula does. A roster holds plain text."
        return ""

    return Cell(check, each_on_a_line(usual) if usual else None)


def name(longest: int, *, may_be_empty: bool = False) -> Cell:
    return Cell(text(longest, may_be_empty=may_be_empty).check, simple=re.compile(SIMPLE_NAME))


def matching(pattern: re.Pattern[str], message: str, *, may_be_empty: bool = False) -> Cell:
    def check(value: str) -> str:
        if not value:
            return "" if may_be_empty else "This must not be empty."
        return "" if pattern.fullmatch(value) else message

    usual = f"(?:{pattern.pattern})?" if may_be_empty else pattern.pattern
    return Cell(check, each_on_a_line(usual))


def one_of(choices: Iterable[str]) -> Cell:
    allowed = list(choices)

    def check(value: str) -> str:
        return "" if value in allowed else f"This must be one of: {', '.join(allowed)}."

    return Cell(check)


_shaped_as_email = matching(EMAIL, "This is not an e-mail address.").check
_short_enough = text(254).check


def email(value: str) -> str:
    return _shaped_as_email(value) or _short_enough(value)


def iso_date(value: str) -> str:
    if not value:
        return "This must not be empty."
    if not ISO_DATE.fullmatch(value):
        return "This is not a date like 2026-04-01."
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "There is no such day."
    return "" if EARLIEST <= day <= LATEST else "This year cannot be right."


IS_DOD_ID = "A DoD ID has exactly ten digits."

EMPLOYEE_CELLS: dict[str, Cell] = {
    "dod_id": matching(DOD_ID, IS_DOD_ID),
    "last_name": name(100),
    "first_name": name(100),
    "middle_name": name(100, may_be_empty=True),
    "email": Cell(email, each_on_a_line(SIMPLE_EMAIL), re.compile(SIMPLE_EMAIL)),
    "organization_code": text(40),
    "position_title": text(200),
    "position_number": text(40, usual=USUAL_CODE),
    "pay_plan": text(4),
    "occupational_series": matching(SERIES, "An occupational series has exactly four digits."),
    "grade": text(4),
    "step": text(4, may_be_empty=True),
    "duty_station": text(200),
    "supervisor_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    "is_supervisor": one_of("YN"),
    "bargaining_unit": text(10),
    "position_start_date": Cell(iso_date, kind="date"),
    "covered": one_of("YN"),
    "exclusion_reason": text(200, may_be_empty=True),
}


def organization_cells(kinds: Iterable[str]) -> dict[str, Cell]:
    return {
        "code": text(40, usual=USUAL_CODE),
        "name": text(200, usual=USUAL_NAME),
        "kind": one_of(kinds),
        "parent_code": text(40, may_be_empty=True),
        "head_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    }
