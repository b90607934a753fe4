"""What may follow an opportunity that failed (R10.3, R10.6), and a rating between the yearly ones (R10.8)."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import (
    ActionInstance,
    ActionKind,
    Appraisal,
    Document,
    Element,
    Kind,
    OpportunityPeriod,
    ProposedAction,
    State,
)
from appraisals.notifications import tell
from appraisals.opportunities import facts_of
from appraisals.permissions import may_assist, may_follow_action
from appraisals.rules.words import date_words
from appraisals.selectors import policy_for
from appraisals.services.assistance import begin, lock_record
from appraisals.services.writing import lock_document
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


def may_be_proposed(periods: Iterable[OpportunityPeriod], policy: rules.Policy) -> rules.Answer:
    """Under the policy in force today. `periods`: of the employee, in whatever year; the newest last."""
    given = [period for period in periods if period.notice.state != State.CLOSED]
    return rules.action_answer(clock.today(), facts_of(given), policy)


@transaction.atomic
def propose_action(
    appraisal: Appraisal, action: ActionKind, elements: Sequence[Element], *, by: Person
) -> ProposedAction:
    """R10.3: the notice of it is a document like any other. One at a time."""
    record = lock_record(appraisal)
    if not may_assist(by, record):
        raise PermissionDenied
    if ProposedAction.objects.filter(document__appraisal=record, decision="").exclude(
        document__state=State.CLOSED
    ):
        raise Refused(
            "An action is proposed already. Human resources enters what came of it first."
        )
    edition = policy_for(record.organization, on=clock.today())
    periods = OpportunityPeriod.objects.of_employee(record.employee).loaded()
    answer = may_be_proposed(periods, edition.rules())
    if not answer.allowed:
        raise Refused(answer.reason)
    document = begin(record, Kind.PROPOSED_ACTION, by=by, policy=edition, about=elements)
    return ProposedAction.objects.create(document=document, action=action)


def _drafted(action: ProposedAction, by: Person) -> ProposedAction:
    document = lock_document(action.document)
    if not may_assist(by, document.appraisal):
        raise PermissionDenied
    if document.state != State.DRAFT:
        raise Refused(
            "The proposal is no longer being written, so its instances stand as they are."
        )
    locked = ProposedAction.objects.get(pk=action.pk)
    locked.document = document
    return locked


@transaction.atomic
def add_instance(
    action: ProposedAction, *, element: Element, happened_on: dt.date, what: str, by: Person
) -> ActionInstance:
    locked = _drafted(action, by)
    if happened_on > clock.today():
        raise Refused("This day has not come yet.")
    first = rules.instances_count_from(clock.today())
    if happened_on < first:
        raise Refused(f"Only instances from {date_words(first)} on count (R10.3).")
    if not locked.document.sections.filter(element=element).exists():
        raise Refused("The proposal is not about this element.")
    instance = ActionInstance.objects.create(
        action=locked,
        element=element,
        happened_on=happened_on,
        what=rules.normalize_text(what).strip(),
    )
    record_event(locked.document, name="add_instance", by=by, details={"instance": instance.pk})
    return instance


@transaction.atomic
def remove_instance(instance: ActionInstance, *, by: Person) -> None:
    """Out of the draft; what it said stays in the history."""
    locked = _drafted(instance.action, by)
    said = {"happened_on": instance.happened_on.isoformat(), "title": instance.what}
    record_event(locked.document, name="remove_instance", by=by, details=said)
    instance.delete()


@transaction.atomic
def follow_action(action: ProposedAction, given: rules.FollowUp, *, by: Person) -> ProposedAction:
    """What stood there before stays in the history."""
    document = lock_document(action.document)
    if not may_follow_action(by, document.appraisal):
        raise PermissionDenied
    locked = ProposedAction.objects.get(pk=action.pk)
    locked.document = document
    problems = rules.follow_up_problems(
        document.communicated_on, given, today=clock.today(), policy=document.policy.rules()
    )
    if problems:
        raise Refused(" ".join(problems.values()))
    before = {
        name: str(getattr(locked, name) or "") for name in rules.FollowUp.__dataclass_fields__
    }
    for name in rules.FollowUp.__dataclass_fields__:
        setattr(locked, name, getattr(given, name))
    after = {name: str(getattr(locked, name) or "") for name in before}
    if before == after:
        return locked
    locked.save()
    event = record_event(
        document,
        name="follow_action",
        by=by,
        details={"was": {name: value for name, value in before.items() if value != after[name]}},
    )
    for person in (document.appraisal.employee, document.appraisal.rating_official):
        tell(
            person,
            "assistance",
            key=f"action:{event.pk}",
            link=f"{document.appraisal.get_absolute_url()}assistance/",
            policy=document.policy.rules(),
            part="followed",
            by=by.full_name,
        )
    return locked


@transaction.atomic
def start_current_rating(appraisal: Appraisal, *, why: str, by: Person) -> Document:
    """R10.7, R10.8: one at a time; while one is under way, asking again returns it."""
    record = lock_record(appraisal)
    if not may_assist(by, record):
        raise PermissionDenied
    under_way = (
        record.documents.filter(kind=Kind.MORE_CURRENT_RATING)
        .exclude(state__in=[State.COMMUNICATED, State.ACKNOWLEDGED, State.CLOSED])
        .first()
    )
    if under_way:
        return under_way
    edition = policy_for(record.organization, on=clock.today())
    return begin(record, Kind.MORE_CURRENT_RATING, by=by, policy=edition, reason=why)
