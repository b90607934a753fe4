"""What a cycle of an organization's own would change, before it is opened (R1.12)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from appraisals import rules
from appraisals.models import Appraisal, AppraisalCycle
from appraisals.selectors import open_appraisals, policy_for
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Assignment, Organization
from orgchart.selectors import outermost

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Underway:
    """Records that go on in a cycle that these days overlap."""

    cycle: AppraisalCycle
    records: int


@dataclass(frozen=True)
class CycleForeseen:
    """`people`: covered today and following this cycle. `without`: units below that keep one of their own.

    `gap`: the days between the cycle that runs there before and this one, in which no cycle runs.
    """

    people: int
    without: list[Organization]
    underway: list[Underway]
    before: AppraisalCycle | None
    gap: tuple[dt.date, dt.date] | None
    suggested: rules.CycleBounds
    policy_agrees: bool

    @property
    def refusal(self) -> str:
        """A unit follows one cycle at a time: records under way in another would be seen by nobody who leads."""
        if not self.underway:
            return ""
        latest = max(self.underway, key=lambda each: each.cycle.ends_on)
        records = sum(each.records for each in self.underway)
        after = latest.cycle.ends_on + DAY
        return (
            f"{records:,} {'record' if records == 1 else 'records'} of {latest.cycle.name} "
            f"{'is' if records == 1 else 'are'} under way here, until {_words(latest.cycle.ends_on)}. "
            f"Let the new cycle start on {_words(after)} or later."
        )


def foresee_cycle(
    organization: Organization, *, starts_on: dt.date, ends_on: dt.date
) -> CycleForeseen:
    """Five questions, however large the organization is."""
    overlapping = Q(starts_on__lte=ends_on, ends_on__gte=starts_on)
    below = AppraisalCycle.objects.filter(
        overlapping, organization__path__startswith=organization.path
    ).exclude(organization=organization)
    without = sorted(
        {each.organization for each in below.select_related("organization")}, key=_path
    )
    inside = Q(organization__path__startswith=organization.path)
    for path in outermost([each.path for each in without]):
        inside &= ~Q(organization__path__startswith=path)
    today = clock.today()
    people = Assignment.objects.on(today).filter(inside, covered=True, employee__is_active=True)
    before = _running_until(organization, starts_on)
    policy = _policy(organization)
    suggested = rules.cycle_bounds(starts_on, policy)
    return CycleForeseen(
        people=people.count(),
        without=without,
        underway=_underway(inside, organization, overlapping),
        before=before,
        gap=_gap(before, starts_on),
        suggested=suggested,
        policy_agrees=(suggested.starts_on, suggested.ends_on) == (starts_on, ends_on),
    )


def _words(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"


def _path(place: Organization) -> str:
    return place.path


def _running_until(organization: Organization, starts_on: dt.date) -> AppraisalCycle | None:
    """The last cycle that people here follow before this one begins."""
    return (
        AppraisalCycle.objects.filter(
            organization__in=[*organization.ancestor_ids, organization.pk], starts_on__lt=starts_on
        )
        .order_by("-ends_on", "pk")
        .first()
    )


def _gap(before: AppraisalCycle | None, starts_on: dt.date) -> tuple[dt.date, dt.date] | None:
    if before is None or before.ends_on + DAY >= starts_on:
        return None
    return before.ends_on + DAY, starts_on - DAY


def _underway(inside: Q, organization: Organization, overlapping: Q) -> list[Underway]:
    others = AppraisalCycle.objects.filter(overlapping, organization__in=organization.ancestor_ids)
    counted = dict(
        open_appraisals(Appraisal.objects.filter(inside, cycle__in=others))
        .order_by()
        .values_list("cycle")
        .annotate(Count("pk"))
    )
    cycles = AppraisalCycle.objects.in_bulk(counted)
    return [Underway(cycles[key], number) for key, number in sorted(counted.items())]


def _policy(organization: Organization) -> rules.Policy:
    try:
        return policy_for(organization, on=clock.today()).rules()
    except Refused:
        return rules.Policy()
