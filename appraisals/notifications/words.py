"""The words of a notice, from a template: the title in its first line, what is to do below."""

from django.template.loader import render_to_string

from appraisals.models.post import TITLE_LIMIT
from appraisals.notifications.kinds import KINDS


def words_of(kind: str, **words: object) -> tuple[str, str]:
    """Title and text. A template is given names, kinds and days; never a text of a record."""
    rendered = render_to_string(f"post/notices/{KINDS[kind].name}.txt", words)
    title, _, text = rendered.strip().partition("\n")
    return title.strip()[:TITLE_LIMIT], " ".join(text.split())
