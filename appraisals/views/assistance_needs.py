"""What work that is not good enough (R10) asks of somebody now; a record's own turns know nothing of it."""

from django.db.models import Q
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
    """One query where there is nothing."""
    found = []
    for document in _concerning(user):
        appraisal = document.appraisal
        if document.state != State.ACKNOWLEDGED:
            turn = turn_of(document, appraisal)
            if turn.is_mine(user):
                found.append(turn_need(turn, user))
        if document.kind == Kind.OPPORTUNITY_NOTICE and document.state in TOLD:
            found += _period_needs(document, user)
    return found


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
        .prefetch_related(
            "opportunity__extensions",
            "opportunity__meetings",
            "opportunity__result__sections",
        )
    )


def _period_needs(notice: Document, user: Person) -> list[Need]:
    period, appraisal = notice.opportunity, notice.appraisal
    period.notice = notice
    step = next_step(period, _actions(period))
    if step.document is not None or user.pk != appraisal.rating_official_id:
        return []
    if step.party != Party.RATING_OFFICIAL:
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
