"""Every change to people, places and assignments; all are recorded."""

from orgchart.accounts import revoke_role
from orgchart.services.assignments import assign, change_supervisor, separate
from orgchart.services.people import create_person, grant_role
from orgchart.services.places import (
    appoint_head,
    close_organization,
    create_organization,
    merge_organization,
    move_organization,
    rename_organization,
    reopen_organization,
)
from orgchart.services.shared import SENTENCES, TREE_AND_PEOPLE, explained, lock, record

__all__ = [
    "SENTENCES",
    "TREE_AND_PEOPLE",
    "appoint_head",
    "assign",
    "change_supervisor",
    "close_organization",
    "create_organization",
    "create_person",
    "explained",
    "grant_role",
    "lock",
    "merge_organization",
    "move_organization",
    "record",
    "rename_organization",
    "reopen_organization",
    "revoke_role",
    "separate",
]
