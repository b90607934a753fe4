"""Where an opportunity period stands, and what is to be done next by whom and by when: derived, never stored.

Works on periods loaded by `OpportunityPeriod.objects.loaded`, without a query of its own.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appraisals import rules
from appraisals.models import (
    TOLD,
    Document,
    OpportunityPeriod,
    ProposedAction,
    State,
)
from appraisals.models.scope import TURN, Party
from orgchart import clock


@dataclass(frozen=True)
class Step:
    """`party` None: nobody has to do anything. `name`: of the address where it is done; "" for the document's own."""

    what: str
    party: Party | None = None
    due_on: dt.date | None = None
    name: str = ""
    document: Document | None = None

    @property
    def is_late(self) -> bool:
        return self.party is not None and self.due_on is not None and self.due_on < clock.today()


_NOTICE = {
    State.DRAFT: "Write the notice and send it on",
    State.IN_REVIEW: "Review the notice",
    State.APPROVED: "Give the employee the notice",
}
_RESULT = {
    State.DRAFT: "Write how the opportunity ended",
    State.IN_REVIEW: "Review the result",
    State.APPROVED: "Tell the employee the result",
}


def next_step(period: OpportunityPeriod, actions: Iterable[ProposedAction] = ()) -> Step:
    """R10.2, R10.3"""
    notice = period.notice
    if notice.state == State.CLOSED:
        return Step("Withdrawn before it was told")
    if notice.state not in TOLD:
        state = State(notice.state)
        return Step(_NOTICE[state], TURN[state], document=notice)
    result = period.its_result
    if result is None:
        return _while_it_runs(period)
    if result.state not in TOLD:
        state = State(result.state)
        return Step(_RESULT[state], TURN[state], period.ends_on, document=result)
    return _after_it(period, result, actions)


def _while_it_runs(period: OpportunityPeriod) -> Step:
    today, ends_on = clock.today(), period.ends_on
    if ends_on is None or today >= ends_on:
        return Step(
            "Say how the opportunity ended",
            Party.RATING_OFFICIAL,
            ends_on,
            "opportunity_result_start",
        )
    held, asked = period.meetings_held, period.meeting_days
    if held < len(asked):
        what = f"Hold meeting {held + 1} of {len(asked)}"
        return Step(what, Party.RATING_OFFICIAL, asked[held], "opportunity_meeting_new")
    return Step(f"All meetings are held. The period runs until {ends_on:%-d %B %Y}")


def _after_it(
    period: OpportunityPeriod, result: Document, actions: Iterable[ProposedAction]
) -> Step:
    policy = period.notice.policy.rules()
    if period.succeeded and period.began_on:
        until = period.began_on + dt.timedelta(days=policy.opportunity_holds_days)
        return Step(f"Work was acceptable. The opportunity counts until {until:%-d %B %Y} (R10.4)")
    if any(action.document.state != State.CLOSED for action in actions):
        return Step("Work was still unacceptable. An action was begun")
    told_on = result.communicated_on
    due_on = rules.proposal_due_on(told_on, policy) if told_on else None
    return Step("Decide what to propose", Party.RATING_OFFICIAL, due_on, "action_propose")


def facts_of(periods: Sequence[OpportunityPeriod]) -> list[rules.Opportunity]:
    """For `rules.action_answer`: those that were given, the oldest first."""
    return [
        rules.Opportunity(period.began_on, period.ends_on, period.succeeded)
        for period in periods
        if period.began_on and period.ends_on
    ]
