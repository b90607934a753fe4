"""What a single value must be, column by column, and what a whole line looks like that is right at first sight.

The pattern of a line lets only right values through, not all of them; what it stops is looked at
value by value, and only there words are found for what is wrong. A test holds the two together.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Check = Callable[[str], str]
DOD_ID = re.compile(r"[0-9]{10}")
SERIES = re.compile(r"[0-9]{4}")
EMAIL = re.compile(r"(?![=+-])[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
FORMULA = "=+-@"

# Of names and addresses that are folded in a simple way (see folding.py); others are caught in a group.
SIMPLE_NAME = r"[A-Za-z]{1,100}+"
SIMPLE_EMAIL = r"[A-Za-z0-9]{1,20}+(?:[._-][A-Za-z0-9]{1,20}+){0,3}@[A-Za-z0-9]{1,40}+(?:[.-][A-Za-z0-9]{1,30}+){1,3}"
USUAL_EMAIL = r"(?![+-])[A-Za-z0-9._'+-]{1,60}+@[A-Za-z0-9-]{1,40}+(?:\.[A-Za-z0-9-]{1,40}+){1,3}"
USUAL_DATE = (
    r"(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`check` says what is wrong; `usual` matches values, as they stand in a line, that are surely right."""

    check: Check
    usual: str


def bare_or_quoted(pattern: str) -> str:
    return f'(?:{pattern}|"{pattern}")'


def usual_text(longest: int) -> str:
    bare = rf'(?![ {re.escape(FORMULA)}])[^,"\n]{{1,{longest}}}+(?<! )'
    quoted = rf'"(?![ {re.escape(FORMULA)}])[^"\n]{{1,{longest}}}+(?<! )"'
    return rf"(?:{bare}|{quoted})"


def text(longest: int, *, may_be_empty: bool = False) -> Cell:
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

    return Cell(check, usual_text(longest) + ("?" if may_be_empty else ""))


def name(longest: int, *, may_be_empty: bool = False) -> Cell:
    cell = text(longest, may_be_empty=may_be_empty)
    usual = rf'(?:{SIMPLE_NAME}|"{SIMPLE_NAME}"|({usual_text(longest)}))'
    return Cell(cell.check, usual + ("?" if may_be_empty else ""))


def matching(pattern: re.Pattern[str], message: str, *, may_be_empty: bool = False) -> Cell:
    def check(value: str) -> str:
        if not value:
            return "" if may_be_empty else "This must not be empty."
        return "" if pattern.fullmatch(value) else message

    return Cell(check, bare_or_quoted(pattern.pattern) + ("?" if may_be_empty else ""))


def one_of(choices: Iterable[str]) -> Cell:
    allowed = list(choices)

    def check(value: str) -> str:
        return "" if value in allowed else f"This must be one of: {', '.join(allowed)}."

    return Cell(check, bare_or_quoted(f"(?:{'|'.join(map(re.escape, allowed))})"))


def email(value: str) -> str:
    shape = matching(EMAIL, "This is not an e-mail address.").check(value)
    return shape or text(254).check(value)


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
    "email": Cell(email, f'(?:{SIMPLE_EMAIL}|"{SIMPLE_EMAIL}"|({USUAL_EMAIL}))'),
    "organization_code": text(40),
    "position_title": text(200),
    "position_number": text(40),
    "pay_plan": text(4),
    "occupational_series": matching(SERIES, "An occupational series has exactly four digits."),
    "grade": text(4),
    "step": text(4, may_be_empty=True),
    "duty_station": text(200),
    "supervisor_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    "is_supervisor": one_of("YN"),
    "bargaining_unit": text(10),
    "position_start_date": Cell(iso_date, bare_or_quoted(f"(?:{USUAL_DATE})")),
    "covered": one_of("YN"),
    "exclusion_reason": text(200, may_be_empty=True),
}


def organization_cells(kinds: Iterable[str]) -> dict[str, Cell]:
    return {
        "code": text(40),
        "name": text(200),
        "kind": one_of(kinds),
        "parent_code": text(40, may_be_empty=True),
        "head_dod_id": matching(DOD_ID, IS_DOD_ID, may_be_empty=True),
    }


def usual_line(cells: Sequence[Cell]) -> re.Pattern[str]:
    return re.compile(",".join(cell.usual for cell in cells))
