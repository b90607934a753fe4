"""What somebody enters when they take a step."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """What the actor gave with a step; each transition says in `asks` which of these it needs.

    `about` is a `ReturnReason`: what a document is returned for, beside the sentence in `reason`.
    `happened_on`: the day of a step that was done outside; today when it is not given.
    `signed_by` and `witness` are names as they stand on the paper.
    """

    reason: str = ""
    about: str = ""
    discussed_on: dt.date | None = None
    method: str = ""
    other: str = ""
    happened_on: dt.date | None = None
    signed_by: str = ""
    witness: str = ""
