"""A record that follows another cycle, because its employee works where another calendar holds (R1.12)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left, Length

from appraisals.models import Appraisal, AppraisalCycle, Kind, RatingOfRecord, State
from appraisals.notifications.ratings import officials_of, tell_about
from appraisals.permissions import may_administer_appraisal
from appraisals.rules.words import date_words
from appraisals.services.rateability import lock_record, note_on_record
from orgchart.errors import Refused
from orgchart.models import Organization, Person


def cycles_to_follow(appraisal: Appraisal) -> list[AppraisalCycle]:
    """Those that reach the unit of this record and have days in common with its period, nearest first."""
    place, now = appraisal.organization, appraisal.cycle
    found = (
        AppraisalCycle.objects.filter(
            organization__in=[*place.ancestor_ids, place.pk],
            starts_on__lte=appraisal.period_ends_on,
            ends_on__gte=now.starts_on,
        )
        .exclude(pk=now.pk)
        .select_related("organization")
    )
    return list(found.order_by(Length("organization__path").desc(), "starts_on"))


def astray(records: QuerySet[Appraisal]) -> QuerySet[Appraisal]:
    """Open ones whose unit follows another cycle: it lies elsewhere by now, or has one of its own."""
    nearer = AppraisalCycle.objects.annotate(depth=Length("organization__path")).filter(
        organization__path=Left(OuterRef("organization__path"), Length("organization__path")),
        depth__gt=Length(OuterRef("cycle__organization__path")),
        starts_on__lte=OuterRef("cycle__ends_on"),
        ends_on__gte=OuterRef("cycle__starts_on"),
    )
    reaches = Q(organization__path__startswith=F("cycle__organization__path"))
    return records.filter(Exists(nearer) | ~reaches, rating_of_record__isnull=True, not_rated="")


def change_problem(
    appraisal: Appraisal, cycle: AppraisalCycle, *, place: Organization | None = None
) -> str:
    """Why the record cannot follow that cycle; "" when it can. `place`: where it will lie then."""
    place = place or appraisal.organization
    if appraisal.not_rated or RatingOfRecord.objects.filter(appraisal=appraisal).exists():
        return "This year is over: it has its rating, or was closed without one."
    annual = appraisal.documents.filter(kind=Kind.ANNUAL_APPRAISAL).exclude(state=State.DRAFT)
    if annual.exists():
        return "The annual appraisal has been sent up. It ends in the cycle it was written for."
    if not place.path.startswith(cycle.organization.path):
        return f"{cycle.name} does not reach {place.name}."
    held = Appraisal.objects.filter(employee=appraisal.employee_id, cycle=cycle)
    if held.exists():
        return f"{appraisal.employee.full_name} has a record in {cycle.name} already."
    rated = RatingOfRecord.objects.filter(
        appraisal__employee=appraisal.employee_id,
        appraisal__cycle__ends_on__gte=cycle.ends_on,
    )
    if rated.exists():
        return "A rating of record for a period that ends later has been issued (R7.12)."
    return ""


@transaction.atomic
def change_cycle(
    appraisal: Appraisal, cycle: AppraisalCycle, *, reason: str, by: Person
) -> Appraisal:
    """HR has it follow another cycle. Asking again changes nothing."""
    locked = lock_record(appraisal)
    if not may_administer_appraisal(by, locked):
        raise PermissionDenied
    if locked.cycle_id != cycle.pk:
        follow_cycle(locked, cycle, reason=reason, by=by)
    return locked


def follow_cycle(locked: Appraisal, cycle: AppraisalCycle, *, reason: str, by: Person) -> None:
    """Its plan, reviews and texts stay; its period ends, and its days are due, as that cycle says.

    The caller holds the lock of the record, and has asked whether `by` may decide that.
    """
    if problem := change_problem(locked, cycle):
        raise Refused(problem)
    former = locked.cycle
    locked.cycle = cycle
    if locked.extended_until and locked.extended_until <= cycle.ends_on:
        locked.extended_until = None
    locked.save(update_fields=["cycle", "extended_until"])
    event = note_on_record(
        locked,
        "change_cycle",
        by=by,
        reason=reason,
        details={"cycle": [_name(former), _name(cycle)]},
    )
    tell_about(
        locked,
        [locked.employee, *officials_of(locked)],
        "cycle_changed",
        key=f"cycle:{event.pk}",
        by=by,
        ends=date_words(cycle.ends_on),
    )


def _name(cycle: AppraisalCycle) -> str:
    return f"{cycle.name}, {date_words(cycle.starts_on)} to {date_words(cycle.ends_on)}"
