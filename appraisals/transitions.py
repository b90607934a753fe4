"""The table of steps: who may take which from where, and what each asks for.

    draft -> in_review -> approved -> communicated -> acknowledged
      ^         |
      +---------+  returned for change, or recalled

Buttons, confirmation pages, POST checks, whose-turn texts and the test of the full product all read it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from appraisals import rules
from appraisals.models import Document, Kind, State
from appraisals.models.scope import Party
from appraisals.problems import rated_levels


def _always(document: Document) -> bool:
    return True


def needs_review(document: Document) -> bool:
    """R8.5 by the document's own policy edition; an Unacceptable rating always when R8.1 is law."""
    policy = document.policy.rules()
    if document.kind != Kind.ANNUAL_APPRAISAL or rules.needs_review(policy, document.kind):
        return rules.needs_review(policy, document.kind)
    level = rules.summary_level(rated_levels(document), policy)
    return rules.needs_review(policy, document.kind, level=level)


def _needs_no_review(document: Document) -> bool:
    return not needs_review(document)


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `moves_to` None: the document stays where it is. `asks`: what the actor must give, of
    reason, communication, comment, acknowledgment. `meaning`: what the confirmation page says
    the step does. `checked`: problems of the document block the step.
    """

    name: str
    verb: str
    sources: frozenset[State]
    moves_to: State | None
    who: Party
    meaning: str
    done: str
    asks: str = ""
    when: Callable[[Document], bool] = _always
    checked: bool = False
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(Kind))
    quiet: bool = False


_WITH_INPUT = frozenset({Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL, Kind.NARRATIVE_STATEMENT})

TRANSITIONS: dict[str, Transition] = {
    row.name: row
    for row in (
        Transition(
            "share_input",
            "Send my input",
            frozenset({State.DRAFT}),
            None,
            Party.EMPLOYEE,
            "Your rating official can read your input from now on. You may go on writing until "
            "they send the document up.",
            "Your input is with your rating official.",
            kinds=_WITH_INPUT,
        ),
        Transition(
            "submit",
            "Send to the higher level reviewer",
            frozenset({State.DRAFT}),
            State.IN_REVIEW,
            Party.RATING_OFFICIAL,
            "The higher level reviewer reads it and approves it or returns it with a reason. "
            "Nobody can change the text meanwhile.",
            "Sent to the higher level reviewer.",
            when=needs_review,
            checked=True,
        ),
        Transition(
            "finish",
            "Finish writing",
            frozenset({State.DRAFT}),
            State.APPROVED,
            Party.RATING_OFFICIAL,
            "No higher level review is asked for. Next you discuss it with the employee.",
            "Finished. Discuss it with the employee next.",
            when=_needs_no_review,
            checked=True,
        ),
        Transition(
            "recall",
            "Take it back",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.RATING_OFFICIAL,
            "You can write again, and send it up again when you are done. No text is lost.",
            "Taken back. You can write again.",
            quiet=True,
        ),
        Transition(
            "approve",
            "Approve",
            frozenset({State.IN_REVIEW}),
            State.APPROVED,
            Party.HIGHER_LEVEL_REVIEWER,
            "You agree that it may be discussed with the employee as it stands.",
            "Approved. The rating official discusses it with the employee next.",
        ),
        Transition(
            "return_for_change",
            "Return for change",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.HIGHER_LEVEL_REVIEWER,
            "It goes back to the rating official with your reason, which stays on the record.",
            "Returned to the rating official with your reason.",
            asks="reason",
            quiet=True,
        ),
        Transition(
            "communicate",
            "Record the discussion",
            frozenset({State.APPROVED}),
            State.COMMUNICATED,
            Party.RATING_OFFICIAL,
            "You have talked it over with the employee. From now on the employee can read all of it.",
            "Recorded. The employee is asked to acknowledge.",
            asks="communication",
        ),
        Transition(
            "acknowledge",
            "Acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.EMPLOYEE,
            "You confirm that it was discussed with you and that you have received it. "
            "Acknowledging is not agreeing. You may add a comment, which stays on the record.",
            "Acknowledged.",
            asks="comment",
        ),
        Transition(
            "record_acknowledgment",
            "Record that the employee did not acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.RATING_OFFICIAL,
            "Use this only when the employee has no access, is away or declines. The record shows "
            "that you did it, when and why. The document counts all the same.",
            "Recorded, with your reason.",
            asks="acknowledgment",
            quiet=True,
        ),
    )
}


@dataclass(frozen=True)
class Given:
    """What the actor gave with a step; each transition says in `asks` which of these it needs.

    `about` is a `ReturnReason`: what a document is returned for, beside the sentence in `reason`.
    """

    reason: str = ""
    about: str = ""
    discussed_on: dt.date | None = None
    method: str = ""
    other: str = ""
