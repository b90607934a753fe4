"""What work that is not good enough (R10) asks of somebody now; a record's own turns know nothing of it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.urls import reverse

from appraisals.models import (
    TOLD,
    Document,
    Kind,
    OpportunityExtension,
    OpportunityGiven,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
    Section,
    SectionKind,
    State,
)
from appraisals.models.appraisal import DocumentQuerySet
from appraisals.models.scope import Party, party_itself
from appraisals.opportunities import next_step
from appraisals.selectors import with_last_event
from appraisals.turns import turn_of
from appraisals.views.needs import Need, need, turn_need
from appraisals.views.rows import Action
from orgchart.models import Person


def assistance_needs(user: Person) -> list[Need]:
    """One query."""
    documents = list(_concerning(user))
    turns = [
        turn_of(each, each.appraisal) for each in documents if each.state != State.ACKNOWLEDGED
    ]
    return [
        *(turn_need(turn, user) for turn in turns if turn.is_mine(user)),
        *(need for period in _periods_of(documents, user) for need in _period_needs(period)),
    ]


def _concerning(user: Person) -> DocumentQuerySet:
    """Whatever is under way, and every notice whose opportunity has not ended for good."""
    running = Q(kind=Kind.OPPORTUNITY_NOTICE, appraisal__rating_official=user)
    # By the record's own columns: what HR may see of others is not theirs to do.
    own = Document.objects.confidential().filter(party_itself(user, "appraisal__"))
    return (
        with_last_event(
            own.told_to(user)
            .exclude(state=State.CLOSED)
            .filter(~Q(state=State.ACKNOWLEDGED) | running)
        )
        .with_people()
        .select_related("opportunity__result")
        .annotate(**_of_period())
    )


def _of_period() -> dict[str, ArraySubquery]:
    """Of a notice: what its period is made of, and in which state what was proposed of that record is."""
    extensions = OpportunityExtension.objects.filter(period__notice=OuterRef("pk"))
    meetings = OpportunityMeeting.objects.filter(period__notice=OuterRef("pk"))
    outcomes = Section.objects.filter(
        document__ended_opportunity__notice=OuterRef("pk"), kind=SectionKind.OUTCOME
    )
    proposed = Document.objects.filter(
        action__isnull=False, appraisal=OuterRef("appraisal"), kind=Kind.PROPOSED_ACTION
    )
    return {
        "extension_days": ArraySubquery(extensions.values("days")),
        "meetings_held": ArraySubquery(meetings.values("pk")),
        "outcomes": ArraySubquery(outcomes.values("level")),
        "proposed": ArraySubquery(proposed.values("state")),
    }


def _periods_of(documents: Iterable[Any], user: Person) -> list[OpportunityPeriod]:
    """Those whose notice was told, of the people that `user` rates."""
    found = []
    for notice in documents:
        is_told = notice.kind == Kind.OPPORTUNITY_NOTICE and notice.state in TOLD
        if is_told and notice.appraisal.rating_official_id == user.pk:
            period = notice.opportunity
            period.notice = notice
            period.given = OpportunityGiven(
                notice.extension_days, len(notice.meetings_held), notice.outcomes
            )
            found.append(period)
    return found


def _period_needs(period: OpportunityPeriod) -> list[Need]:
    appraisal, step = period.notice.appraisal, next_step(period, _actions(period))
    if step.document is not None or step.party != Party.RATING_OFFICIAL:
        return []
    name = appraisal.employee.full_name
    return [
        need(
            person=appraisal.employee,
            title=f"{step.what}: {name}",
            detail=_until(period),
            due=step.due_on,
            action=Action(
                label="Open",
                url=reverse("assistance", args=[appraisal.pk]),
                about=f"what is due with {name}",
            ),
        )
    ]


def _until(period: OpportunityPeriod) -> str:
    return f"Opportunity period until {period.ends_on:%-d %B %Y}" if period.ends_on else ""


def _actions(period: OpportunityPeriod) -> list[ProposedAction]:
    states: list[str] = getattr(period.notice, "proposed", [])
    return [ProposedAction(document=Document(state=state)) for state in states]
