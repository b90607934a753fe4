"""A reorganization in one sentence, and the units it can be decided for."""

from dataclasses import dataclass

from orgchart.models import Organization, Reorganization
from orgchart.models.reorganization import Kind
from orgchart.services.reorganizing import Wanted

LOOKS = {"planned": "blue", "applied": "good", "undone": "", "failed": "late"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    kind: Kind
    title: str
    detail: str
    label: str


ACTIONS = (
    Action(
        kind=Kind.MOVE,
        title="Move it under another unit",
        detail="It goes with its people and all units below. Its records and goals stay as they are.",
        label="Move",
    ),
    Action(
        kind=Kind.RENAME,
        title="Give it another name",
        detail="The code stays, and everybody stays where they are.",
        label="Rename",
    ),
    Action(
        kind=Kind.HEAD,
        title="Appoint a head",
        detail="The head sees how this unit and all below stand, and writes its goals.",
        label="Appoint",
    ),
    Action(
        kind=Kind.SUPERVISOR,
        title="Change the supervisor of many people",
        detail="A whole team or some of it, in this unit and below.",
        label="Choose people",
    ),
    Action(
        kind=Kind.MERGE,
        title="Merge it into another unit",
        detail="Its people, the units below and open appraisals go along; then it is closed.",
        label="Merge",
    ),
    Action(
        kind=Kind.CLOSE,
        title="Close it",
        detail="Only when nobody works here, no unit lies below and no appraisal is open.",
        label="Close",
    ),
    Action(
        kind=Kind.REOPEN,
        title="Reopen it",
        detail="People and units can be placed here again.",
        label="Reopen",
    ),
)
BY_KIND = {action.kind.value: action for action in ACTIONS}


def actions_for(unit: Organization, *, administers_above: bool) -> list[Action]:
    """What the unit above has a say in is decided by who administers that one, too."""
    above = {Kind.MOVE, Kind.MERGE, Kind.CLOSE, Kind.REOPEN}
    wanted = {Kind.REOPEN} if unit.closed_on else set(Kind) - {Kind.REOPEN}
    if not administers_above or unit.parent_id is None:
        wanted -= above
    return [action for action in ACTIONS if action.kind in wanted]


def sentence(row: Wanted | Reorganization, *, ticked: int = 0) -> str:
    unit = row.organization.name
    target = row.target.name if row.target else ""
    person = row.person.full_name if row.person else ""
    if row.kind == Kind.SUPERVISOR:
        count = f"{ticked} {'person' if ticked == 1 else 'people'}"
        if row.former_supervisor is None:
            who = "everybody" if row.whole_team else count
            return f"{person} supervises {who} in {unit} who had no supervisor"
        who = "the whole team" if row.whole_team else count
        return f"{person} supervises {who} of {row.former_supervisor.full_name} in {unit}"
    return {
        Kind.MOVE: f"{unit} lies under {target}",
        Kind.RENAME: f"{row.organization.code} is called {row.name}",
        Kind.MERGE: f"{unit} becomes part of {target}"
        + (f", headed by {person}" if person else ""),
        Kind.CLOSE: f"{unit} is closed",
        Kind.REOPEN: f"{unit} is open again",
        Kind.HEAD: f"{person} heads {unit}" if person else f"{unit} has no head",
    }[Kind(row.kind)]
