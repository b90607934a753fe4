"""The rule book as pure functions: policy, dates and texts in, answers and all problems out.

Nothing here knows Django, the database or today's date. `docs/rules.md` maps rule id to function to test.
"""

from appraisals.rules.facts import (
    AssessmentFacts,
    ElementFacts,
    MandatoryFacts,
    Problem,
    RatingFacts,
)
from appraisals.rules.policy import (
    ANNUAL_APPRAISAL,
    ELEMENT_LEVELS,
    FULLY_SUCCESSFUL,
    LEVEL_NAMES,
    NARRATIVE_STATEMENT,
    NOT_RATED,
    OUTSTANDING,
    PERFORMANCE_PLAN,
    PROGRESS_REVIEW,
    RATED_LEVELS,
    UNACCEPTABLE,
    Policy,
    PolicySetting,
    needs_review,
    policy_settings,
)
from appraisals.rules.text import is_blank, normalize_text, text_length

__all__ = [
    "ANNUAL_APPRAISAL",
    "ELEMENT_LEVELS",
    "FULLY_SUCCESSFUL",
    "LEVEL_NAMES",
    "NARRATIVE_STATEMENT",
    "NOT_RATED",
    "OUTSTANDING",
    "PERFORMANCE_PLAN",
    "PROGRESS_REVIEW",
    "RATED_LEVELS",
    "UNACCEPTABLE",
    "AssessmentFacts",
    "ElementFacts",
    "MandatoryFacts",
    "Policy",
    "PolicySetting",
    "Problem",
    "RatingFacts",
    "is_blank",
    "needs_review",
    "normalize_text",
    "policy_settings",
    "text_length",
]
