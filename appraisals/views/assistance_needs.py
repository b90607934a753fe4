"""What work that is not good enough (R10) asks of somebody now; a record's own turns know nothing of it."""

from collections.abc import Iterable

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse

from appraisals.models import TOLD, Document, Kind, OpportunityPeriod, ProposedAction, State
from appraisals.models.appraisal import DocumentQuerySet
from appraisals.models.scope import Party, party_itself
from appraisals.opportunities import next_step
from appraisals.selectors import with_last_event
from appraisals.turns import turn_of
from appraisals.views.needs import Need, need, turn_need
from appraisals.views.rows import Action
from orgchart.models import Person


def assistance_needs(user: Person) -> list[Need]:
    """One query, and three more for whoever has somebody in an opportunity period."""
    documents = list(_concerning(user))
    turns = [
        turn_of(each, each.appraisal) for each in documents if each.state != State.ACKNOWLEDGED
    ]
    periods = _periods_of(documents, user)
    prefetch_related_objects(periods, "extensions", "meetings", "result__sections")
    return [
        *(turn_need(turn, user) for turn in turns if turn.is_mine(user)),
        *(need for period in periods for need in _period_needs(period)),
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
    )


def _periods_of(documents: Iterable[Document], user: Person) -> list[OpportunityPeriod]:
    """Those whose notice was told, of the people that `user` rates."""
    found = []
    for notice in documents:
        is_told = notice.kind == Kind.OPPORTUNITY_NOTICE and notice.state in TOLD
        if is_told and notice.appraisal.rating_official_id == user.pk:
            notice.opportunity.notice = notice
            found.append(notice.opportunity)
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
    """Asked for only after an opportunity that failed."""
    if period.succeeded is not False:
        return []
    proposed = ProposedAction.objects.filter(document__appraisal=period.notice.appraisal_id)
    return list(proposed.select_related("document"))
