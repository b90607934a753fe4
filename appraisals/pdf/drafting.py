"""Who wrote for the rating official, on every text they touched (R8.4)."""

from django.db.models import Prefetch

from appraisals.models import Element, ElementChange, Section, TextVersion

DRAFTS = Prefetch(
    "versions",
    TextVersion.objects.filter(written_for__isnull=False)
    .select_related("written_by", "written_for")
    .order_by("pk"),
    to_attr="drafts",
)


def drafted(item: Section | Element | ElementChange) -> str:
    """Of an item read with `DRAFTS`; each name once, in the order in which they wrote."""
    names = dict.fromkeys(version.credit for version in item.drafts)  # type: ignore[union-attr]
    return f"Drafted by {', '.join(names)}" if names else ""
