"""What a policy edition would change, before it does: whom it reaches, and what becomes of their records."""

from appraisals.editions.effect import Effect, What
from appraisals.editions.looking import (
    Foreseen,
    Row,
    cycles_under_way,
    effects_of,
    foresee,
    row_of,
    rows_of,
)
from appraisals.editions.reach import Reach, question_of, reach_of, reach_of_draft

__all__ = [
    "Effect",
    "Foreseen",
    "Reach",
    "Row",
    "What",
    "cycles_under_way",
    "effects_of",
    "foresee",
    "question_of",
    "reach_of",
    "reach_of_draft",
    "row_of",
    "rows_of",
]
