"""A roster on its pages: titles, numbers, lists, and what is done to open records, in words."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from appraisals.services.stranded import ELSEWHERE, LEFT_BEHIND
from appraisals.touched import How
from orgchart.models import RosterChange, RosterUpload
from orgchart.roster import Counts

SHOWN = 5
State = RosterUpload.State

TITLES = {
    State.WAITING: "The roster is being checked",
    State.CHECKING: "The roster is being checked",
    State.CHECKED: "What the roster would change",
    State.APPLYING: "The roster is being applied",
    State.APPLIED: "What the roster changed",
    State.DISCARDED: "The roster is discarded",
    State.FAILED: "The work on the roster stopped",
}
OPEN = {
    State.WAITING: ("A roster of yours is being checked.", "Look how far it is"),
    State.CHECKING: ("A roster of yours is being checked.", "Look how far it is"),
    State.CHECKED: ("A roster of yours waits for your decision.", "Look at what it would change"),
    State.APPLYING: ("A roster of yours is being applied.", "Look how far it is"),
    State.FAILED: ("The work on a roster of yours stopped.", "See why"),
}
# kind: its count, what it is called before and after, and the headings of what was and what comes
PARTS = {
    "joined": ("joined", "Join", "Joined", "", "Position and unit"),
    "moved": ("moved", "Move to another unit", "Moved to another unit", "From", "To"),
    "supervisor": (
        "under_another_supervisor",
        "Get another supervisor",
        "Got another supervisor",
        "Until now",
        "Then",
    ),
    "position": (
        "in_another_position",
        "Get another position",
        "Got another position",
        "Until now",
        "Then",
    ),
    "renamed": (
        "renamed",
        "Get another name or address",
        "Got another name or address",
        "Until now",
        "Then",
    ),
    "missing": (
        "missing",
        "Are missing from the file",
        "Were missing from the file",
        "Position and unit",
        "",
    ),
    "organization_new": ("organizations_created", "New units", "New units", "", "What and where"),
    "organization_changed": (
        "organizations_changed",
        "Units that change",
        "Units that changed",
        "Until now",
        "Then",
    ),
}
WAYS = {
    How.SUPERVISOR: (
        "Another supervisor than rating official",
        "The record stays with its rating official until the move is settled or you name another.",
        "Answers to, by the roster",
    ),
    How.UNIT: (
        "In another unit than the record",
        "The record stays counted in the unit it was opened in, until it is taken along.",
        "Works in, by the roster",
    ),
    How.LEAVES: (
        "The employee leaves",
        "Only if you end the assignments of the missing. The record stays open.",
        "",
    ),
    How.OFFICIAL_LEAVES: (
        "The rating official leaves",
        "Only if you end the assignments of the missing. Somebody else has to be named to rate.",
        "",
    ),
    How.REVIEWER_LEAVES: (
        "The higher level reviewer leaves",
        "Only if you end the assignments of the missing. Somebody else has to be named to review.",
        "",
    ),
}


def title(upload: RosterUpload) -> str:
    if upload.state == State.CHECKED and upload.problem_count:
        return "What is wrong with the roster"
    return TITLES[State(upload.state)]


def put_right_url(upload: RosterUpload, how: How) -> str:
    """Where the records of those whom it moved are found from its day on; "" while it is only looked at."""
    what = {How.SUPERVISOR: ELSEWHERE, How.UNIT: LEFT_BEHIND}.get(how)
    if what is None or upload.state != State.APPLIED:
        return ""
    return f"{reverse('stranded_list')}?{urlencode({'what': what.key})}"


def step(upload: RosterUpload) -> str:
    if upload.step:
        return upload.step
    return "Waiting to be begun" if not upload.heartbeat else "Begun"


def waiting(upload: RosterUpload | None) -> dict[str, str]:
    """The roster that is still open, as an alert."""
    if upload is None:
        return {}
    text, action = OPEN[State(upload.state)]
    return {"text": text, "action": action, "url": reverse("roster_preview", args=[upload.pk])}


def numbers(upload: RosterUpload) -> list[dict[str, Any]]:
    counts, was = upload.counts, upload.state == State.APPLIED
    wanted = (
        (counts["joined"], "joined" if was else "join", "joined"),
        (counts["changed"], "changed" if was else "change: unit, supervisor, position or name", ""),
        (counts["unchanged"], "stayed as they are" if was else "stay as they are", ""),
        (counts["missing"], _missing(upload), "missing"),
    )
    return [
        {
            "value": f"{count:,}",
            "words": said,
            "url": _list(upload, kind) if kind and count else "",
        }
        for count, said, kind in wanted
    ]


def _missing(upload: RosterUpload) -> str:
    if upload.state != State.APPLIED:
        return "are missing from the file"
    ended = "and their assignments ended" if upload.separate_missing else "and left as they are"
    return f"were missing from the file, {ended}"


def is_nothing(upload: RosterUpload) -> bool:
    """The missing are no change: their assignments end only when somebody asks for it."""
    return Counts(**upload.counts).is_nothing


def units(upload: RosterUpload) -> str:
    new, changed, same = (
        f"{upload.counts[f'organizations_{what}']:,}"
        for what in ("created", "changed", "unchanged")
    )
    return f"{new} new, {changed} changed, {same} as they are"


def part(upload: RosterUpload, kind: str) -> dict[str, Any] | None:
    """A kind of change with its heading and number; None when there is no such kind or no list."""
    if kind not in PARTS or not upload.counts:
        return None
    count, before, after, was, now = PARTS[kind]
    return {
        "kind": kind,
        "title": after if upload.state == State.APPLIED else before,
        "count": upload.counts[count],
        "key": "Code" if kind.startswith("organization") else "DoD ID",
        "was": was,
        "now": now,
        "url": _list(upload, kind),
    }


def parts(upload: RosterUpload) -> list[dict[str, Any]]:
    """Each kind of change with its first few, in one query."""
    rows: dict[str, list[RosterChange]] = {}
    for change in upload.changes.filter(number__lte=SHOWN):
        rows.setdefault(change.kind, []).append(change)
    found = [
        each | {"rows": rows[kind]}
        for kind in PARTS
        if kind in rows and (each := part(upload, kind))
    ]
    return [each | {"more": max(0, each["count"] - SHOWN)} for each in found]


def way(how: How) -> dict[str, str]:
    said, detail, now = WAYS[how]
    return {"title": said, "detail": detail, "now": now}


def touched_lines(upload: RosterUpload, counts: Mapping[How, int]) -> list[dict[str, Any]]:
    return [
        way(how) | {"count": count, "url": reverse("roster_records", args=[upload.pk, how.value])}
        for how, count in counts.items()
        if count
    ]


def _list(upload: RosterUpload, kind: str) -> str:
    return reverse("roster_changes", args=[upload.pk, kind])
