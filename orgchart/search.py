"""One search box for people: words of names, DoD ID, e-mail address, position and unit, any mix in any order.

Each word is first looked up among the words of the directory, so that it is known about how many people it
fits. What is rare is looked up in the index; what is common is read off the entries found so, or, where all
words are common, off one entry after the other until enough are found. Never more than MOST are looked for.
"""

from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from orgchart.chain import NEAR
from orgchart.models import Person
from orgchart.rules import fold
from orgchart.selectors import outermost

MOST = 100
# Where a word fits more people, reading the index takes longer than a walk that ends early.
COMMON = 25_000
FEW = 1_000
MOST_WORDS = 8
MOST_FORMS = 60
FEWEST_DIGITS = 4
LAST = chr(0x10FFFF)

FORMS = """
    SELECT typed.word, count(*), sum(w.people), (array_agg(w.word))[:%(most)s]
    FROM unnest(%(typed)s::text[]) typed (word)
    JOIN orgchart_directoryword w
      ON w.word >= typed.word COLLATE "C" AND w.word < (typed.word || %(last)s) COLLATE "C"
    GROUP BY typed.word"""

# The unit of this code, or else the few whose codes begin so; their people are those of all below.
UNITS = """
    SELECT typed.word, o.id, o.is_it, coalesce(h.below, 0)
    FROM unnest(%(typed)s::text[]) typed (word)
    CROSS JOIN LATERAL (
        SELECT id, code = typed.word AS is_it FROM orgchart_organization
        WHERE code ~>=~ typed.word AND code ~<~ (typed.word || %(last)s)
        ORDER BY code USING ~<~ LIMIT %(most)s
    ) o
    LEFT JOIN orgchart_headcount h ON h.organization_id = o.id"""

DOD_IDS = """
    SELECT typed.word, p.dod_id FROM unnest(%(typed)s::text[]) typed (word)
    CROSS JOIN LATERAL (
        SELECT dod_id FROM orgchart_person
        WHERE dod_id ~>=~ typed.word AND dod_id ~<~ (typed.word || %(last)s)
        ORDER BY dod_id USING ~<~ LIMIT %(most)s
    ) p"""

SCOPE = """
    SELECT o.path, coalesce(h.below, 0) FROM (
        SELECT id FROM orgchart_organization WHERE head_id = %(person)s
        UNION
        SELECT organization_id FROM orgchart_rolegrant
        WHERE person_id = %(person)s AND role IN ('hr_administrator', 'auditor')
          AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
    ) scope
    JOIN orgchart_organization o USING (id) LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    ORDER BY o.path"""

ABOUT = """
    SELECT coalesce(sum(h.below), 0), EXISTS (
        SELECT 1 FROM orgchart_rolegrant WHERE person_id = %(person)s AND role = 'hr_administrator'
          AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
    )
    FROM orgchart_headcount h
    JOIN orgchart_organization o ON o.id = h.organization_id WHERE o.parent_id IS NULL"""

# IS TRUE keeps a condition out of the index.
NEAR_ONES = f"""
    SELECT person_id FROM orgchart_directoryentry
    WHERE person_id = ANY (ARRAY({NEAR})) AND (words @@ %(all)s::tsquery) IS TRUE"""  # noqa: S608
IN_SCOPE = "SELECT person_id FROM orgchart_directoryentry WHERE {} LIMIT %(most)s"


@dataclass(frozen=True, slots=True)
class Word:
    """A condition: one of these lexemes, or one that begins with the last of them; and whom it fits."""

    lexemes: tuple[str, ...]
    people: int
    begins: bool = False
    cut_off: bool = False

    def is_plain(self, total: int) -> bool:
        """Common, but a list in the index that can be walked beside another."""
        return len(self.lexemes) <= 8 and not self.begins and self.people * 2 < total

    @property
    def query(self) -> str:
        """For a raw tsquery. What is folded holds neither quote nor backslash."""
        parts = [f"'{lexeme}'" for lexeme in self.lexemes]
        return "(" + "|".join(parts) + (":*)" if self.begins else ")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """By name, those whose last name was typed first. `more`: there are others; a word should be added."""

    people: list[Person]
    more: bool


NOBODY = Found(people=[], more=False)


def find_people(asked: str, user: Person, *, on: date) -> Found:
    """Whom the words fit and `user` may see; in HR's scope also who has left."""
    with connection.cursor() as cursor:
        words = Words(cursor, asked).conditions()
        if not words:
            return NOBODY
        near = _near(cursor, words, user, on)
        scoped = _in_scope(cursor, words, user, on)
    seen = Person.objects.filter(pk__in={*near, *scoped}).findable_by(user, on=on).defer("password")
    typed = tuple(fold(asked).split())
    people = sorted(seen, key=lambda person: _rank(person, typed))
    more = len(scoped) > MOST or any(word.cut_off for word in words)
    return Found(people=people[:MOST], more=more)


def _rank(person: Person, typed: tuple[str, ...]) -> tuple[bool, str, str, int]:
    last = fold(person.last_name)
    return (not last.startswith(typed), last, fold(person.first_name), person.pk)


class Words:
    """What was typed, word by word, with all that the directory knows of each."""

    def __init__(self, cursor: CursorWrapper, asked: str) -> None:
        chunks = [(chunk, fold(chunk).split()) for chunk in asked.split()[:MOST_WORDS]]
        self.chunks = [(chunk, parts) for chunk, parts in chunks if parts]
        parts = {part for _, parts in self.chunks for part in parts}
        runs = {"".join(parts) for _, parts in self.chunks}
        codes = {code for chunk, _ in self.chunks for code in (chunk, chunk.upper())}
        self.alone = len(parts) == 1
        self.forms = _grouped(cursor, FORMS, typed=parts | runs, most=MOST_FORMS)
        self.units = _grouped(cursor, UNITS, typed=codes, most=MOST_FORMS + 1)
        digits = {part for part in parts if part.isdigit() and len(part) >= FEWEST_DIGITS}
        self.dod_ids = _grouped(cursor, DOD_IDS, typed=digits, most=MOST + 1)

    def conditions(self) -> list[Word]:
        """All must hold. Empty when a word fits nobody at all."""
        found: list[Word] = []
        for chunk, parts in self.chunks:
            # "O'Brien" and "DES-FIRE" are one word if anything is called so, else two.
            whole = self._word("".join(parts), code=chunk)
            found += [whole] if whole.lexemes or len(parts) == 1 else map(self._word, parts)
        return found if all(word.lexemes for word in found) else []

    def _word(self, typed: str, code: str = "") -> Word:
        units = self._units(code)
        lexemes = [f"/{unit}" for unit, _ in units]
        people = sum(below for _, below in units)
        begins = cut_off = False
        for count, having, forms in self.forms.get(typed, []):
            people += having
            begins = count > MOST_FORMS
            lexemes += [] if begins else forms
        dod_ids = [dod_id for (dod_id,) in self.dod_ids.get(typed, [])]
        people += len(dod_ids)
        if len(dod_ids) > MOST and not self.alone:
            people, begins = people + COMMON, True
        else:
            lexemes += dod_ids
            cut_off = len(dod_ids) > MOST
        if begins:
            lexemes.append(typed)
        return Word(tuple(lexemes), people, begins, cut_off)

    def _units(self, code: str) -> list[tuple[int, int]]:
        """The unit of this code, or else the few whose codes begin so, each with its people."""
        rows = self.units.get(code) or self.units.get(code.upper()) or []
        exact = [row for row in rows if row[1]]
        few = rows if len(rows) <= MOST_FORMS else []
        return [(unit, int(below)) for unit, _, below in exact or few]


def _grouped(
    cursor: CursorWrapper, sql: str, *, typed: set[str], most: int
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by the typed word, which is their first column."""
    if not typed:
        return {}
    cursor.execute(sql, {"typed": sorted(typed), "most": most, "last": LAST})
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for word, *row in cursor.fetchall():
        grouped.setdefault(word, []).append(tuple(row))
    return grouped


def _near(cursor: CursorWrapper, words: list[Word], user: Person, on: date) -> list[int]:
    """Of those whom anybody sees without a scope."""
    cursor.execute(NEAR_ONES, {"person": user.pk, "on": on, "all": _and(words)})
    return [row[0] for row in cursor.fetchall()]


def _in_scope(cursor: CursorWrapper, words: list[Word], user: Person, on: date) -> list[int]:
    """At most MOST and one more, of the units that are headed, administered or audited."""
    cursor.execute(SCOPE, {"person": user.pk, "on": on})
    below = {path: int(people) for path, people in cursor.fetchall()}
    paths = outermost(below)
    if not paths:
        return []
    cursor.execute(ABOUT, {"person": user.pk, "on": on})
    total, is_hr = cursor.fetchone()
    people = sum(below[path] for path in paths)
    if not 0 < total <= people:
        words = [*words, Word(tuple(f"/{path.split('/')[-2]}" for path in paths), people)]
    index, rest = _split(words, int(total))
    where = ["words @@ %(index)s::tsquery"] if index else []
    where += ["(words @@ %(rest)s::tsquery) IS TRUE"] if rest else []
    where += [] if is_hr else ["(words @@ '!''/left''') IS TRUE"]
    values: dict[str, Any] = {"index": _and(index), "rest": _and(rest), "most": MOST + 1}
    with transaction.atomic():
        if index:
            # The planner takes a list of rare words for a common one.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(IN_SCOPE.format(" AND ".join(where)), values)
        found = [row[0] for row in cursor.fetchall()]
        if index:
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _split(words: list[Word], total: int) -> tuple[list[Word], list[Word]]:
    """What to look up in the index, and what to read off the entries."""
    rarest = min(word.people for word in words)
    # Beside a very rare word the rest is read off its few entries.
    also = rarest > FEW
    index = [
        word
        for word in words
        if word.people <= max(rarest, FEW)
        or (also and (word.people <= COMMON or word.is_plain(total)))
    ]
    expected = total * prod(min(1.0, word.people / max(total, 1)) for word in words)
    if rarest > COMMON and expected > 5 * MOST:
        index = []
    return index, [word for word in words if word not in index]


def _and(words: list[Word]) -> str:
    return " & ".join(word.query for word in words)
