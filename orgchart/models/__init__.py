from orgchart.models.assignment import Assignment, AssignmentQuerySet, Position
from orgchart.models.clock import PracticeClock
from orgchart.models.dates import is_current
from orgchart.models.event import OrgEvent
from orgchart.models.grant import RoleGrant, RoleGrantQuerySet
from orgchart.models.kept import (
    DirectoryDue,
    DirectoryEntry,
    DirectoryWord,
    Headcount,
    HeadcountChange,
    Kept,
)
from orgchart.models.looks import HierarchyLook
from orgchart.models.organization import Organization, OrganizationKind, OrganizationQuerySet
from orgchart.models.person import Person, PersonQuerySet
from orgchart.models.reorganization import Reorganization
from orgchart.models.roster import RosterChange, RosterChunk, RosterProblem, RosterUpload

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "DirectoryDue",
    "DirectoryEntry",
    "DirectoryWord",
    "Headcount",
    "HeadcountChange",
    "HierarchyLook",
    "Kept",
    "OrgEvent",
    "Organization",
    "OrganizationKind",
    "OrganizationQuerySet",
    "Person",
    "PersonQuerySet",
    "Position",
    "PracticeClock",
    "Reorganization",
    "RoleGrant",
    "RoleGrantQuerySet",
    "RosterChange",
    "RosterChunk",
    "RosterProblem",
    "RosterUpload",
    "is_current",
]
