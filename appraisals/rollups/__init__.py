"""Counts that are kept beside the records (docs/adr/0006-kept-counts.md): fold, check and rebuild all of them."""

from appraisals.rollups import goals, standing
from appraisals.rollups.standing import Wrong

__all__ = ["Wrong", "check", "fold", "rebuild"]

KINDS = [standing, goals]


def fold() -> int:
    """How many differences were folded."""
    return sum(kind.fold() for kind in KINDS)


def rebuild() -> None:
    for kind in KINDS:
        kind.rebuild()


def check(most: int = 100) -> list[Wrong]:
    """Whatever is kept and is not what a full count says, at most so many."""
    return [wrong for kind in KINDS for wrong in kind.check(most)][:most]
