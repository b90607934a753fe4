"""What files in an archive are called: lower case ASCII, safe on every system, no two alike.

des-fire/ortega-maria-4711-fy-2027-annual-appraisal.pdf: the digits are the last of the DoD ID, all ten when
somebody else in the folder has the same last four.
"""

import re

from orgchart.rules import fold

LONGEST_PART = 40
LAST_DIGITS = 4
_NOT_IN_CODE = re.compile(r"[^A-Za-z0-9]+")
_NOT_ASCII = re.compile(r"[^a-z0-9]+")
# What no folder may be called on some systems.
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}

FOLDER_SQL = "lower(trim(both '-' from regexp_replace(unit.code, '[^A-Za-z0-9]+', '-', 'g')))"
"""`folder_of` in PostgreSQL, of unit.code, but for the hyphen after names that are none."""


def folder_of(code: str) -> str:
    plain = _NOT_IN_CODE.sub("-", code).strip("-").lower()
    return plain if plain and plain not in _DEVICES else f"{plain or 'unit'}-"


def name_of(
    *,
    code: str,
    last_name: str,
    first_name: str,
    dod_id: str,
    is_alike: bool,
    cycle: str,
    kind: str,
) -> str:
    digits = dod_id if is_alike else dod_id[-LAST_DIGITS:]
    parts = (_plain(last_name), _plain(first_name), digits, _plain(cycle), _plain(kind))
    return f"{folder_of(code)}/{'-'.join(part for part in parts if part)}.pdf"


def _plain(text: str) -> str:
    return _NOT_ASCII.sub("-", fold(text))[:LONGEST_PART].strip("-")
