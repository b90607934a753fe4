"""When work is not good enough (R10): the early talk, the opportunity period, its meetings and its end.

What is written is written and signed like any document; here it is opened, and what stands beside it is kept.
"""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    MeetingWord,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    PolicyEdition,
    SectionKind,
    State,
)
from appraisals.notifications import tell
from appraisals.permissions import (
    may_assist,
    may_say_a_word,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.rules.words import joined
from appraisals.selectors import policy_for
from appraisals.services.records import open_document
from appraisals.services.writing import lock_document, write_version
from appraisals.workflow import record_event
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

WARNING = (
    "If your performance on {elements} is still unacceptable when this period ends, your removal or "
    "your reduction in grade may be proposed."
)


def lock_record(appraisal: Appraisal) -> Appraisal:
    """One thing at a time is begun on a record."""
    return (
        Appraisal.objects.select_for_update(of=("self",), no_key=True)
        .with_people()
        .get(pk=appraisal.pk)
    )


def begin(
    appraisal: Appraisal,
    kind: Kind,
    *,
    by: Person,
    policy: PolicyEdition,
    about: Sequence[Element] | None = None,
    reason: str = "",
) -> Document:
    """The next draft of its kind. The caller holds the record's lock."""
    plan = plan_of(appraisal)
    if plan is None or plan.communicated_on is None:
        raise Refused(
            "The plan has not been discussed with the employee yet. Nobody falls short of a standard "
            "that they were not told."
        )
    if about is not None:
        in_plan = {each.pk for each in plan_elements(plan)}
        if not about or not {each.pk for each in about} <= in_plan:
            raise Refused("Choose at least one element of the plan.")
    number = appraisal.documents.filter(kind=kind).count() + 1
    return open_document(
        appraisal, kind, number=number, policy=policy, by=by, about=about, reason=reason
    )


@transaction.atomic
def start_early_talk(appraisal: Appraisal, elements: Sequence[Element], *, by: Person) -> Document:
    """R10.1: one at a time; while one is being written, asking again returns it."""
    record = lock_record(appraisal)
    if not may_assist(by, record):
        raise PermissionDenied
    under_way = (
        record.documents.filter(kind=Kind.EARLY_TALK)
        .exclude(state__in=[State.ACKNOWLEDGED, State.CLOSED])
        .first()
    )
    if under_way:
        return under_way
    policy = policy_for(record.organization, on=clock.today())
    return begin(record, Kind.EARLY_TALK, by=by, policy=policy, about=elements)


@transaction.atomic
def open_opportunity(
    appraisal: Appraisal, elements: Sequence[Element], *, terms: rules.Terms, by: Person
) -> OpportunityPeriod:
    """R10.2, under the policy in force today, which it keeps. One at a time."""
    record = lock_record(appraisal)
    if not may_assist(by, record):
        raise PermissionDenied
    earlier = OpportunityPeriod.objects.of_employee(record.employee).with_results()
    if any(each.is_open for each in earlier):
        raise Refused(
            f"{record.employee.full_name} has an opportunity period already. Tell its result before "
            "another one begins."
        )
    edition = policy_for(record.organization, on=clock.today())
    problems = rules.terms_problems(terms, today=clock.today(), policy=edition.rules())
    if problems:
        raise Refused(" ".join(problems.values()))
    notice = begin(record, Kind.OPPORTUNITY_NOTICE, by=by, policy=edition, about=elements)
    warning = notice.sections.get(kind=SectionKind.WARNING)
    names = [f"“{each.title}”" for each in elements]
    warning.text = WARNING.format(elements=joined(names))
    write_version(warning, notice, by=by)
    return OpportunityPeriod.objects.create(
        notice=notice,
        days=terms.days,
        meeting_every=terms.meeting_every,
        consulted=terms.consulted.strip(),
        consulted_on=terms.consulted_on,
    )


def lock_period(period: OpportunityPeriod) -> OpportunityPeriod:
    """The period behind the lock of its notice, as it stands now."""
    document = lock_document(period.notice)
    locked = OpportunityPeriod.objects.prefetch_related("extensions").get(pk=period.pk)
    locked.notice = document
    if locked.result_id:
        locked.result = Document.objects.get(pk=locked.result_id)
    return locked


def _running(period: OpportunityPeriod) -> OpportunityPeriod:
    """Locked, told, not over by a result."""
    locked = lock_period(period)
    if locked.began_on is None or not locked.is_open:
        raise Refused("This opportunity period is not running, so nothing was added to it.")
    return locked


@transaction.atomic
def record_meeting(
    period: OpportunityPeriod, *, held_on: dt.date, method: str, account: str, by: Person
) -> OpportunityMeeting:
    locked = _running(period)
    if not may_assist(by, locked.notice.appraisal):
        raise PermissionDenied
    problem = rules.step_day_problem(
        held_on,
        today=clock.today(),
        not_before=locked.began_on,
        why="The notice was discussed on",
    )
    if problem:
        raise Refused(problem)
    meeting = OpportunityMeeting.objects.create(
        period=locked,
        held_on=held_on,
        method=method,
        account=rules.normalize_text(account).strip(),
        recorded_by=by,
        recorded_at=clock.now(),
    )
    record_event(
        locked.notice,
        name="record_meeting",
        by=by,
        details={"happened_on": held_on.isoformat(), "method": method},
    )
    _tell_employee(locked, "meeting", key=f"meeting:{meeting.pk}")
    return meeting


@transaction.atomic
def say_a_word(meeting: OpportunityMeeting, *, text: str, by: Person) -> MeetingWord:
    """The employee's, once for each meeting. Saying it again returns what was said."""
    locked = lock_period(meeting.period)
    appraisal = locked.notice.appraisal
    if not may_say_a_word(by, appraisal):
        raise PermissionDenied
    word, created = MeetingWord.objects.get_or_create(
        meeting=meeting,
        defaults={"text": rules.normalize_text(text).strip(), "written_at": clock.now()},
    )
    if created:
        record_event(locked.notice, name="answer_meeting", by=by)
        tell(
            appraisal.rating_official,
            "assistance",
            key=f"meeting-word:{word.pk}",
            link=locked_url(locked),
            policy=locked.notice.policy.rules(),
            part="answered",
            employee=appraisal.employee.full_name,
        )
    return word


@transaction.atomic
def extend_opportunity(
    period: OpportunityPeriod, *, days: int, reason: str, by: Person
) -> OpportunityExtension:
    locked = _running(period)
    if not may_assist(by, locked.notice.appraisal):
        raise PermissionDenied
    if locked.its_result is not None:
        raise Refused("Its result is being written already, so it is not extended any more.")
    if days < 1 or not reason.strip():
        raise Refused("Say by how many days, and why. Nothing was changed.")
    extension = OpportunityExtension.objects.create(
        period=locked, days=days, reason=reason.strip(), by=by, at=clock.now()
    )
    record_event(
        locked.notice,
        name="extend_opportunity",
        by=by,
        reason=reason.strip(),
        details={"days": days},
    )
    _tell_employee(locked, "extended", key=f"extension:{extension.pk}")
    return extension


@transaction.atomic
def start_result(period: OpportunityPeriod, *, by: Person) -> Document:
    """R10.3: from the last day on. Asking again returns the draft."""
    locked = _running(period)
    appraisal = locked.notice.appraisal
    if not may_assist(by, appraisal):
        raise PermissionDenied
    if locked.its_result is not None:
        return locked.its_result
    if locked.ends_on and clock.today() < locked.ends_on:
        raise Refused(
            f"The period runs until {locked.ends_on:%-d %B %Y}. The employee has all of its days."
        )
    about = [
        section.element
        for section in locked.notice.sections.filter(kind=SectionKind.SHORTFALL).select_related(
            "element"
        )
        if section.element
    ]
    number = appraisal.documents.filter(kind=Kind.OPPORTUNITY_RESULT).count() + 1
    locked.result = open_document(
        appraisal,
        Kind.OPPORTUNITY_RESULT,
        number=number,
        policy=locked.notice.policy,
        by=by,
        about=about,
    )
    locked.save(update_fields=["result"])
    return locked.result


def locked_url(period: OpportunityPeriod) -> str:
    return f"{period.notice.appraisal.get_absolute_url()}assistance/"


def _tell_employee(period: OpportunityPeriod, part: str, *, key: str) -> None:
    appraisal = period.notice.appraisal
    tell(
        appraisal.employee,
        "assistance",
        key=key,
        link=locked_url(period),
        policy=period.notice.policy.rules(),
        part=part,
        by=appraisal.rating_official.full_name,
    )
