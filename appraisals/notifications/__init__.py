"""What people are told: written with its cause, shown in the application, mailed when its time comes."""

from appraisals.notifications.kinds import KINDS, Group, Kind
from appraisals.notifications.letters import context_of, message_of
from appraisals.notifications.telling import Telling, tell, tell_all, tell_each, withdraw
from appraisals.notifications.times import (
    PostAtSql,
    next_digest,
    policy_over,
    post_at,
    post_at_sql,
    rhythm_of,
    time_for,
)
from appraisals.notifications.words import words_of

__all__ = [
    "KINDS",
    "Group",
    "Kind",
    "PostAtSql",
    "Telling",
    "context_of",
    "message_of",
    "next_digest",
    "policy_over",
    "post_at",
    "post_at_sql",
    "rhythm_of",
    "tell",
    "tell_all",
    "tell_each",
    "time_for",
    "withdraw",
    "words_of",
]
