"""What people are told: written with its cause, shown in the application, mailed when its time comes."""

from appraisals.notifications.kinds import KINDS, Group, Kind
from appraisals.notifications.telling import tell, withdraw
from appraisals.notifications.times import PostAtSql, next_digest, post_at, post_at_sql, rhythm_of
from appraisals.notifications.words import words_of

__all__ = [
    "KINDS",
    "Group",
    "Kind",
    "PostAtSql",
    "next_digest",
    "post_at",
    "post_at_sql",
    "rhythm_of",
    "tell",
    "withdraw",
    "words_of",
]
