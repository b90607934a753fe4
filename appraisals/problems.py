"""From rows to facts: what stands between a document and being sent on, all of it at once."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Q

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    ElementChange,
    Kind,
    MandatoryElement,
    Section,
    SectionKind,
    State,
)
from appraisals.plan_changes import (
    as_planned,
    changes_of,
    is_outdated,
    is_too_late,
    says_the_same,
)
from appraisals.rateability import away_of
from orgchart import clock


def rated_levels(document: Document) -> list[int]:
    """The levels given so far, NOT_RATED included, in element order."""
    return [
        section.level
        for kind in (SectionKind.RATING, SectionKind.OUTCOME)
        for section in sections_of(document, kind)
        if section.level is not None
    ]


def sections_of(document: Document, kind: SectionKind) -> list[Section]:
    """The texts of one kind, in element order."""
    found = [each for each in document.sections.all() if each.kind == kind]
    return sorted(found, key=lambda each: each.element.number if each.element else 0)


def rating_facts(
    document: Document, kind: SectionKind = SectionKind.RATING
) -> list[rules.RatingFacts]:
    return [
        rules.RatingFacts(each.element.number, each.element.title, each.level, each.text)
        for each in sections_of(document, kind)
        if each.element
    ]


def plan_of(appraisal: Appraisal) -> Document | None:
    """The plan of the record, approved or not; what was closed is no plan."""
    documents = appraisal.documents.all()
    return next(
        (
            each
            for each in documents
            if each.kind == Kind.PERFORMANCE_PLAN and each.state != State.CLOSED
        ),
        None,
    )


def plan_elements(plan: Document) -> list[Element]:
    """The elements in force, in order."""
    return [each for each in plan.elements.all() if each.removed_at is None]


def elements_in_force() -> list[MandatoryElement]:
    """R3.8: today, of every organization; to be asked for once where many plans are looked at."""
    today = clock.today()
    return list(
        MandatoryElement.objects.select_related("organization").filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today
        )
    )


def mandatory_elements(
    appraisal: Appraisal, in_force: list[MandatoryElement] | None = None
) -> list[MandatoryElement]:
    """R3.8: in force today for this person's organization and role."""
    path = appraisal.organization.path
    return [
        row
        for row in (elements_in_force() if in_force is None else in_force)
        if path.startswith(row.organization.path)
        and (appraisal.is_supervisor or row.applies_to == MandatoryElement.AppliesTo.EVERYONE)
    ]


def _plan_problems(
    document: Document, policy: rules.Policy, in_force: list[MandatoryElement] | None
) -> list[rules.Problem]:
    plan = plan_of(document.appraisal)
    elements = plan_elements(plan) if plan else []
    values = sections_of(document, SectionKind.CORE_VALUES)
    facts = [_facts(element, element.number) for element in elements if element.accepted]
    undecided = [
        rules.Problem(
            rule="R3.6",
            message=f"“{element.title or 'Untitled element'}” is proposed by the employee. "
            "Accept it into the plan or remove it.",
            element=element.number,
            field="accepted",
        )
        for element in elements
        if not element.accepted
    ]
    return undecided + rules.plan_problems(
        facts,
        core_values=values[0].text if values else "",
        is_supervisor=document.appraisal.is_supervisor,
        mandatory=_mandatory_facts(document, in_force),
        policy=policy,
    )


def _change_problems(
    document: Document, policy: rules.Policy, in_force: list[MandatoryElement] | None
) -> list[rules.Problem]:
    """The plan as it shall be is held to the same rules as a new one (R3.9)."""
    plan = plan_of(document.appraisal)
    changes = changes_of(document)
    planned = as_planned(plan_elements(plan) if plan else [], changes)
    number_of = {each.change.pk: each.number for each in planned if each.change}
    reason = sections_of(document, SectionKind.CHANGE_REASON)
    values = [
        section.text
        for section in (plan.sections.all() if plan else [])
        if section.kind == SectionKind.CORE_VALUES
    ]
    return rules.plan_change_problems(
        [
            rules.ChangeFacts(
                title=change.title or "Untitled element",
                number=number_of.get(change.pk),
                is_outdated=is_outdated(change),
                says_the_same=says_the_same(change),
            )
            for change in changes
        ],
        reason=reason[0].text if reason else "",
        is_too_late=is_too_late(document),
        policy=policy,
    ) + rules.plan_problems(
        [_facts(each.item, each.number) for each in planned],
        core_values=values[0] if values else "",
        is_supervisor=document.appraisal.is_supervisor,
        mandatory=_mandatory_facts(document, in_force),
        policy=policy,
    )


def _facts(item: Element | ElementChange, number: int) -> rules.ElementFacts:
    return rules.ElementFacts(
        number=number,
        title=item.title,
        description=item.description,
        standards=item.standards,
        goal_id=item.goal_id,
        is_supervisory=item.is_supervisory,
        mandatory_code=item.mandatory.code if item.mandatory else None,
    )


def _mandatory_facts(
    document: Document, in_force: list[MandatoryElement] | None
) -> list[rules.MandatoryFacts]:
    return [
        rules.MandatoryFacts(
            code=row.code,
            title=row.title,
            rule=row.rule,
            supervisors_only=row.applies_to == MandatoryElement.AppliesTo.SUPERVISORS,
        )
        for row in mandatory_elements(document.appraisal, in_force)
    ]


def _assessments(document: Document) -> tuple[list[rules.AssessmentFacts], str]:
    """Of each element, and of the whole."""
    overall = sections_of(document, SectionKind.OVERALL_ASSESSMENT)
    facts = [
        rules.AssessmentFacts(
            number=section.element.number, title=section.element.title, text=section.text
        )
        for section in sections_of(document, SectionKind.ASSESSMENT)
        if section.element
    ]
    return facts, overall[0].text if overall else ""


def _review_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    facts, overall = _assessments(document)
    return rules.progress_review_problems(facts, overall=overall, policy=policy)


def _statement_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    """R9.2"""
    facts, overall = _assessments(document)
    return rules.narrative_statement_problems(
        overall,
        starts_on=document.covers_from,
        ends_on=document.covers_until,
        policy=policy,
        assessments=facts,
    )


def _appraisal_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    appraisal = document.appraisal
    plan = plan_of(appraisal)
    if plan:
        policy = rules.for_the_year(policy, plan=plan.policy.rules())
    return rules.appraisal_problems(
        rating_facts(document),
        policy=policy,
        approved_on=plan.approved_on if plan else None,
        cycle_ends_on=document.covers_until or appraisal.period_ends_on,
        away=away_of(appraisal),
        reviews_done=sum(
            each.kind == Kind.PROGRESS_REVIEW and each.communicated_on is not None
            for each in appraisal.documents.all()
        ),
    )


def _closed(appraisal: Appraisal) -> rules.Problem:
    """R7.8"""
    why = appraisal.get_not_rated_display().lower()
    return rules.Problem(
        "R7.8", f"This year was closed without a rating: {why}. Only HR can open it again."
    )


def _text_facts(document: Document, kind: SectionKind) -> list[rules.AssessmentFacts]:
    return [
        rules.AssessmentFacts(each.element.number, each.element.title, each.text)
        for each in sections_of(document, kind)
        if each.element
    ]


def _whole(document: Document, kind: SectionKind) -> str | None:
    """The text on the whole; None where this kind of document holds none."""
    return next((each.text for each in sections_of(document, kind)), None)


def _shortfall_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    return rules.shortfall_problems(
        _text_facts(document, SectionKind.SHORTFALL),
        support=_whole(document, SectionKind.SUPPORT) or "",
        warning=_whole(document, SectionKind.WARNING),
        policy=policy,
    )


def _outcome_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    return rules.outcome_problems(rating_facts(document, SectionKind.OUTCOME), policy)


def _action_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    return rules.action_problems(
        _text_facts(document, SectionKind.GROUNDS),
        [each.happened_on for each in document.action.instances.all()],
        today=clock.today(),
        policy=policy,
    )


def _current_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    """R10.8: an ordinary rating by ordinary rules, but for the year that is not over yet."""
    plan = plan_of(document.appraisal)
    return rules.appraisal_problems(
        rating_facts(document),
        policy=replace(policy, progress_reviews_minimum=0),
        approved_on=plan.approved_on if plan else None,
        cycle_ends_on=min(clock.today(), document.appraisal.period_ends_on),
        away=away_of(document.appraisal),
        reviews_done=0,
    )


PROBLEMS: dict[str, Callable[[Document, rules.Policy], list[rules.Problem]]] = {
    Kind.PROGRESS_REVIEW: _review_problems,
    Kind.NARRATIVE_STATEMENT: _statement_problems,
    Kind.ANNUAL_APPRAISAL: _appraisal_problems,
    Kind.EARLY_TALK: _shortfall_problems,
    Kind.OPPORTUNITY_NOTICE: _shortfall_problems,
    Kind.OPPORTUNITY_RESULT: _outcome_problems,
    Kind.PROPOSED_ACTION: _action_problems,
    Kind.MORE_CURRENT_RATING: _current_problems,
}


def document_problems(
    document: Document, in_force: list[MandatoryElement] | None = None
) -> list[rules.Problem]:
    """Everything that keeps this document from being sent on. Empty means it may go.

    `in_force`: of `elements_in_force`, where many documents are looked at.
    """
    policy = document.policy.rules()
    if document.appraisal.not_rated and document.kind == Kind.ANNUAL_APPRAISAL:
        return [_closed(document.appraisal)]
    if document.kind == Kind.PERFORMANCE_PLAN:
        found = _plan_problems(document, policy, in_force)
    elif document.kind == Kind.PLAN_CHANGE:
        found = _change_problems(document, policy, in_force)
    else:
        found = PROBLEMS[document.kind](document, policy)
    if document.appraisal.higher_level_reviewer_id is None and rules.needs_review(
        policy, document.kind, level=rules.summary_level(rated_levels(document), policy)
    ):
        found.append(
            rules.Problem(
                rule="R8.5",
                message="No higher level reviewer is named. Ask HR to name one.",
                element=None,
                field="higher_level_reviewer",
            )
        )
    return found
