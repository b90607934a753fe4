"""The words of a notice, from a template: the title in its first line, what is to do below.

Below a line of dashes the same for an e-mail, which may be read anywhere and so names nobody.
"""

from typing import NamedTuple

from django.template.loader import render_to_string

from appraisals.models.post import TITLE_LIMIT
from appraisals.notifications.kinds import KINDS


class Words(NamedTuple):
    """The last two are empty where the first two name nobody."""

    title: str
    text: str
    mail_title: str
    mail_text: str


def words_of(kind: str, **words: object) -> Words:
    """A template is given names, kinds and days; never a text of a record."""
    rendered = render_to_string(f"post/notices/{KINDS[kind].name}.txt", words)
    shown, _, mailed = rendered.partition("\n---\n")
    return Words(*_title_and_text(shown), *_title_and_text(mailed))


def _title_and_text(words: str) -> tuple[str, str]:
    title, _, text = words.strip().partition("\n")
    return title.strip()[:TITLE_LIMIT], " ".join(text.split())
