"""The search text of staged people in SQL, by the one definition in orgchart.rules.

Plain names and addresses only need lower case. All others are folded in Python, each once, and
looked up. A test holds the whole equal to `rules.search_text`.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from orgchart.rules import fold

CREATE = """
    DROP TABLE IF EXISTS pg_temp.roster_fold;
    CREATE TEMPORARY TABLE roster_fold (given text, folded text, run text) ON COMMIT DROP"""
JOINS = """
    LEFT JOIN roster_fold fold_first ON fold_first.given = e.first_name
    LEFT JOIN roster_fold fold_middle ON fold_middle.given = e.middle_name
    LEFT JOIN roster_fold fold_last ON fold_last.given = e.last_name
    LEFT JOIN roster_fold fold_email ON fold_email.given = e.email"""
# A name that is no word ("--") leaves no space behind.
NAME = """CASE WHEN {fold}.given IS NULL AND {name} <> '' THEN lower({name}) || ' '
    WHEN {fold}.folded <> '' THEN {fold}.folded || ' ' ELSE '' END"""
NAMES = {
    "fold_first": "e.first_name",
    "fold_middle": "e.middle_name",
    "fold_last": "e.last_name",
}
WORDS = (
    " || ".join(NAME.format(fold=fold, name=name) for fold, name in NAMES.items())
    + " || e.dod_id || ' ' || coalesce(fold_email.folded, translate(lower(e.email), '.@-_', '    '))"
)
RUN = """CASE WHEN {fold}.run <> '' AND position(' ' || {fold}.run || ' ' IN ' ' || {words} || ' ') = 0
    THEN ' ' || {fold}.run ELSE '' END"""
SEARCH_TEXT = " || ".join([WORDS, *(RUN.format(fold=fold, words=WORDS) for fold in NAMES)])


def keep_folds(cursor: CursorWrapper, odd: Iterable[str]) -> None:
    cursor.execute(CREATE)
    with cursor.copy("COPY roster_fold FROM STDIN") as copy:
        for given in odd:
            folded = fold(given)
            copy.write_row([given, folded, folded.replace(" ", "") if " " in folded else ""])
    cursor.execute("ANALYZE roster_fold")
