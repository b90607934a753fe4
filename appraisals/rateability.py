"""From a record to the question of `rules.rateability`, and to what its counting leaves out."""

from appraisals import rules
from appraisals.models import Appraisal, Document


def away_of(appraisal: Appraisal) -> tuple[rules.Away, ...]:
    """R7.13: what the employee is specially situated by; no query where it was read along."""
    return tuple(
        rules.Away(each.kind, each.get_kind_display(), each.starts_on, each.ends_on)
        for each in appraisal.employee.situations.all()
        if each.removed_at is None
    )


def rateability_of(appraisal: Appraisal, plan: Document | None) -> rules.Rateability:
    """R1.5, R7.8, R7.13, by the policy of the plan."""
    return rules.rateability(
        plan.approved_on if plan else None,
        cycle_ends_on=appraisal.cycle.ends_on,
        extended_until=appraisal.extended_until,
        away=away_of(appraisal),
        policy=plan.policy.rules() if plan else rules.Policy(),
    )
