"""From rows to facts: what stands between a document and being sent on, all of it at once."""

from django.db.models import Q

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    MandatoryElement,
    Section,
    SectionKind,
    State,
)
from appraisals.rateability import away_of
from orgchart import clock


def rated_levels(document: Document) -> list[int]:
    """The levels given so far, NOT_RATED included, in element order."""
    return [
        section.level
        for section in sections_of(document, SectionKind.RATING)
        if section.level is not None
    ]


def sections_of(document: Document, kind: SectionKind) -> list[Section]:
    """The texts of one kind, in element order."""
    found = [each for each in document.sections.all() if each.kind == kind]
    return sorted(found, key=lambda each: each.element.number if each.element else 0)


def rating_facts(document: Document) -> list[rules.RatingFacts]:
    return [
        rules.RatingFacts(each.element.number, each.element.title, each.level, each.text)
        for each in sections_of(document, SectionKind.RATING)
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
    facts = [
        rules.ElementFacts(
            number=element.number,
            title=element.title,
            description=element.description,
            standards=element.standards,
            goal_id=element.goal_id,
            is_supervisory=element.is_supervisory,
            mandatory_code=element.mandatory.code if element.mandatory else None,
        )
        for element in elements
        if element.accepted
    ]
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
        mandatory=[
            rules.MandatoryFacts(
                code=row.code,
                title=row.title,
                rule=row.rule,
                supervisors_only=row.applies_to == MandatoryElement.AppliesTo.SUPERVISORS,
            )
            for row in mandatory_elements(document.appraisal, in_force)
        ],
        policy=policy,
    )


def _review_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    overall = sections_of(document, SectionKind.OVERALL_ASSESSMENT)
    return rules.progress_review_problems(
        [
            rules.AssessmentFacts(
                number=section.element.number, title=section.element.title, text=section.text
            )
            for section in sections_of(document, SectionKind.ASSESSMENT)
            if section.element
        ],
        overall=overall[0].text if overall else "",
        policy=policy,
    )


def _appraisal_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    appraisal = document.appraisal
    plan = plan_of(appraisal)
    return rules.appraisal_problems(
        rating_facts(document),
        policy=policy,
        approved_on=plan.approved_on if plan else None,
        cycle_ends_on=appraisal.period_ends_on,
        away=away_of(appraisal),
        reviews_done=sum(
            each.kind == Kind.PROGRESS_REVIEW and each.communicated_on is not None
            for each in appraisal.documents.all()
        ),
    )


def document_problems(
    document: Document, in_force: list[MandatoryElement] | None = None
) -> list[rules.Problem]:
    """Everything that keeps this document from being sent on. Empty means it may go.

    `in_force`: of `elements_in_force`, where many documents are looked at.
    """
    policy = document.policy.rules()
    if document.kind == Kind.PERFORMANCE_PLAN:
        found = _plan_problems(document, policy, in_force)
    elif document.kind == Kind.ANNUAL_APPRAISAL:
        found = _appraisal_problems(document, policy)
    else:
        found = _review_problems(document, policy)
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
