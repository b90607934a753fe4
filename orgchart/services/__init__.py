"""Every change to people, places and assignments; all are recorded."""

from orgchart.services.assignments import assign, change_supervisor, separate
from orgchart.services.people import (
    close_accounts,
    create_person,
    end_roles_of_closed_accounts,
    grant_role,
    revoke_role,
)
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
    "close_accounts",
    "close_organization",
    "create_organization",
    "create_person",
    "end_roles_of_closed_accounts",
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
