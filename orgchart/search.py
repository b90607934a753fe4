"""One search box for people: words of names, DoD ID, e-mail address, position and unit, any mix in any order.

Each word is first looked up among the words of the directory, so that it is known about how many people it
fits. What is rare is looked up in the index; what is common is read off the entries found so, or, where all
words are common, off one entry after the other until enough are found. Never more than MOST are looked for.
"""

from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from orgchart.chain import NEAR
from orgchart.models import Person
from orgchart.rules import fold
from orgchart.selectors import outermost

# Two pages; whoever finds more adds a word.
MOST = 50
# Where a word fits more people, reading the index takes longer than a walk that ends early.
COMMON = 25_000
FEW = 1_000
MOST_WORDS = 8
MOST_FORMS = 60
FEWEST_DIGITS = 4
LAST = chr(0x10FFFF)

# What the directory knows of each typed word, in three kinds of rows: its forms and how many people have
# them; units whose code is the word or begins so, with all below; DoD IDs that begin so. Those are ten
# digits, which any collation sorts alike, so their unique index will do; codes have one of their own.
KNOWN = """
    SELECT 'forms', typed.word, count(*), sum(w.people), (array_agg(w.word))[:%(forms)s]
    FROM unnest(%(parts)s::text[]) typed (word)
    JOIN orgchart_directoryword w
      ON w.word >= typed.word COLLATE "C" AND w.word < (typed.word || %(last)s) COLLATE "C"
    GROUP BY typed.word
    UNION ALL
    SELECT 'unit', typed.word, (o.code = typed.word)::int, coalesce(h.below, 0), ARRAY['/' || o.id]
    FROM unnest(%(codes)s::text[]) typed (word)
    CROSS JOIN LATERAL (
        SELECT id, code FROM orgchart_organization
        WHERE code ~>=~ typed.word AND code ~<~ (typed.word || %(last)s)
        ORDER BY code USING ~<~ LIMIT %(forms)s + 1
    ) o
    LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    UNION ALL
    SELECT 'dod_ids', typed.word, count(*), count(*), array_agg(p.dod_id)
    FROM unnest(%(digits)s::text[]) typed (word)
    CROSS JOIN LATERAL (
        SELECT dod_id FROM orgchart_person
        WHERE dod_id >= typed.word AND dod_id <= typed.word || '9999999999'
        ORDER BY dod_id LIMIT %(most)s + 1
    ) p
    GROUP BY typed.word"""

SCOPE = """
    SELECT o.path, coalesce(h.below, 0), (
        SELECT coalesce(sum(above.below), 0) FROM orgchart_headcount above
        JOIN orgchart_organization top ON top.id = above.organization_id WHERE top.parent_id IS NULL
    ), EXISTS (
        SELECT 1 FROM orgchart_rolegrant WHERE person_id = %(person)s AND role = 'hr_administrator'
          AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
    )
    FROM (
        SELECT id FROM orgchart_organization WHERE head_id = %(person)s
        UNION
        SELECT organization_id FROM orgchart_rolegrant
        WHERE person_id = %(person)s AND role IN ('hr_administrator', 'auditor')
          AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)
    ) scope
    JOIN orgchart_organization o USING (id) LEFT JOIN orgchart_headcount h ON h.organization_id = o.id
    ORDER BY o.path"""

# IS TRUE keeps a condition out of the index.
NEAR_ONES = f"""
    SELECT person_id FROM orgchart_directoryentry
    WHERE person_id = ANY (ARRAY({NEAR})) AND (words @@ %(all)s::tsquery) IS TRUE"""  # noqa: S608
LOOKED_UP = """
    SELECT orgchart_directory_find(%(index)s::tsquery, nullif(%(rest)s, '')::tsquery, %(most)s)"""
READ_OFF = """
    SELECT person_id FROM orgchart_directoryentry
    WHERE (words @@ %(rest)s::tsquery) IS TRUE LIMIT %(most)s"""


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
        digits = {part for part in parts if part.isdigit() and len(part) >= FEWEST_DIGITS}
        values: dict[str, Any] = {
            "last": LAST,
            "forms": MOST_FORMS,
            "most": MOST,
            "parts": [*(parts | runs)],
        }
        cursor.execute(KNOWN, {**values, "codes": [*codes], "digits": [*digits]})
        self.known: dict[tuple[str, str], list[tuple[int, int, list[str]]]] = {}
        for kind, word, count, people, lexemes in cursor.fetchall():
            self.known.setdefault((kind, word), []).append((count, int(people), lexemes))

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
        lexemes = [lexeme for _, _, unit in units for lexeme in unit]
        people = sum(below for _, below, _ in units)
        begins = cut_off = False
        for count, having, forms in self.known.get(("forms", typed), []):
            people += having
            begins = count > MOST_FORMS
            lexemes += [] if begins else forms
        for count, having, dod_ids in self.known.get(("dod_ids", typed), []):
            people += having
            cut_off = count > MOST
            lexemes += dod_ids
        if cut_off and not self.alone:
            # Not the first hundred of them only: the other words will choose.
            people, begins, cut_off = people + COMMON, True, False
        if begins:
            lexemes = [*(lexeme for lexeme in lexemes if lexeme.startswith("/")), typed]
        return Word(tuple(lexemes), people, begins, cut_off)

    def _units(self, code: str) -> list[tuple[int, int, list[str]]]:
        """The unit of this code, or else the few whose codes begin so, each with its people."""
        rows = self.known.get(("unit", code)) or self.known.get(("unit", code.upper())) or []
        exact = [row for row in rows if row[0]]
        return exact or (rows if len(rows) <= MOST_FORMS else [])


def _near(cursor: CursorWrapper, words: list[Word], user: Person, on: date) -> list[int]:
    """Of those whom anybody sees without a scope."""
    cursor.execute(NEAR_ONES, {"person": user.pk, "on": on, "all": _and(words)})
    return [row[0] for row in cursor.fetchall()]


def _in_scope(cursor: CursorWrapper, words: list[Word], user: Person, on: date) -> list[int]:
    """At most MOST and one more, of the units that are headed, administered or audited."""
    cursor.execute(SCOPE, {"person": user.pk, "on": on})
    rows = cursor.fetchall()
    if not rows:
        return []
    below = {path: int(people) for path, people, _, _ in rows}
    total, is_hr = int(rows[0][2]), rows[0][3]
    paths = outermost(below)
    people = sum(below[path] for path in paths)
    if not 0 < total <= people:
        words = [*words, Word(tuple(f"/{path.split('/')[-2]}" for path in paths), people)]
    index, rest = _split(words, total)
    conditions = [word.query for word in rest] + ([] if is_hr else ["!'/left'"])
    values: dict[str, Any] = {
        "index": _and(index),
        "rest": " & ".join(conditions),
        "most": MOST + 1,
    }
    cursor.execute(LOOKED_UP if index else READ_OFF, values)
    return [row[0] for row in cursor.fetchall()]


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
    if expected > 5 * MOST:
        # Enough are soon found among those whom the rarest word fits, or among all.
        index = [] if rarest > COMMON else [word for word in words if word.people == rarest]
    return index, [word for word in words if word not in index]


def _and(words: list[Word]) -> str:
    return " & ".join(word.query for word in words)
