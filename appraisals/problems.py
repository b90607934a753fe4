"""From rows to facts: what stands between a document and being sent on, all of it at once."""

from django.db.models import Q

from appraisals import rules
from appraisals.models import (
    Appraisal,
    Document,
    Element,
    Kind,
    MandatoryElement,
    SectionKind,
)
from orgchart import clock


def rated_levels(document: Document) -> list[int]:
    """The levels given so far, NOT_RATED included, in element order."""
    return [
        level
        for level in document.sections.filter(kind=SectionKind.RATING)
        .order_by("element__number")
        .values_list("level", flat=True)
        if level is not None
    ]


def plan_of(appraisal: Appraisal) -> Document | None:
    return appraisal.documents.filter(kind=Kind.PERFORMANCE_PLAN).first()


def plan_elements(plan: Document) -> list[Element]:
    """The elements in force, mandatory and goal rows with them."""
    return list(plan.elements.filter(removed_at__isnull=True).select_related("goal", "mandatory"))


def mandatory_elements(appraisal: Appraisal) -> list[MandatoryElement]:
    """R3.8: in force today for this person's organization and role."""
    today = clock.today()
    applying = Q(applies_to=MandatoryElement.AppliesTo.EVERYONE)
    if appraisal.is_supervisor:
        applying |= Q(applies_to=MandatoryElement.AppliesTo.SUPERVISORS)
    path = appraisal.organization.path
    return [
        row
        for row in MandatoryElement.objects.select_related("organization").filter(
            applying, Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today
        )
        if path.startswith(row.organization.path)
    ]


def _plan_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    elements = plan_elements(document)
    values = document.sections.filter(kind=SectionKind.CORE_VALUES).first()
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
        core_values=values.text if values else "",
        is_supervisor=document.appraisal.is_supervisor,
        mandatory=[
            rules.MandatoryFacts(
                code=row.code,
                title=row.title,
                rule=row.rule,
                supervisors_only=row.applies_to == MandatoryElement.AppliesTo.SUPERVISORS,
            )
            for row in mandatory_elements(document.appraisal)
        ],
        policy=policy,
    )


def _review_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    sections = list(document.sections.select_related("element"))
    overall = next(
        (each.text for each in sections if each.kind == SectionKind.OVERALL_ASSESSMENT), ""
    )
    return rules.progress_review_problems(
        [
            rules.AssessmentFacts(
                number=section.element.number, title=section.element.title, text=section.text
            )
            for section in sections
            if section.kind == SectionKind.ASSESSMENT and section.element
        ],
        overall=overall,
        policy=policy,
    )


def _appraisal_problems(document: Document, policy: rules.Policy) -> list[rules.Problem]:
    appraisal = document.appraisal
    plan = plan_of(appraisal)
    ratings = [
        rules.RatingFacts(
            number=section.element.number,
            title=section.element.title,
            level=section.level,
            narrative=section.text,
        )
        for section in document.sections.filter(kind=SectionKind.RATING)
        .select_related("element")
        .order_by("element__number")
        if section.element
    ]
    return rules.appraisal_problems(
        ratings,
        policy=policy,
        approved_on=plan.approved_on if plan else None,
        cycle_ends_on=appraisal.cycle.ends_on,
        reviews_done=appraisal.documents.filter(
            kind=Kind.PROGRESS_REVIEW, communicated_on__isnull=False
        ).count(),
    )


def document_problems(document: Document) -> list[rules.Problem]:
    """Everything that keeps this document from being sent on. Empty means it may go."""
    policy = document.policy.rules()
    if document.kind == Kind.PERFORMANCE_PLAN:
        found = _plan_problems(document, policy)
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
