"""What of an organization has been kept long enough, by the policy in force today (R13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from appraisals import rules
from appraisals.models import (
    ActionDecision,
    Appraisal,
    Archive,
    ArchiveEntry,
    DestructionItem,
    Disagreement,
    DisagreementState,
    Hold,
    OpportunityPeriod,
    PolicyEdition,
    ProposedAction,
    RatingAmendment,
    RatingOfRecord,
)
from orgchart.models import Organization

What = DestructionItem.What


@dataclass(frozen=True)
class Scope:
    """From `path` downwards, until another edition begins."""

    path: str
    policy: rules.Policy


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing that is due. `waits`: why it cannot be destroyed now, "" when it can."""

    record: Appraisal
    what: DestructionItem.What
    rule: str
    kept_until: dt.date
    waits: str


@dataclass(frozen=True)
class Kept:
    """One organization on one day. The policy editions below it are read once."""

    organization: Organization
    today: dt.date
    scopes: tuple[Scope, ...]

    def policy_at(self, path: str) -> rules.Policy | None:
        inside = [scope for scope in self.scopes if path.startswith(scope.path)]
        return max(inside, key=lambda scope: len(scope.path)).policy if inside else None

    def records(self) -> QuerySet[Appraisal]:
        """R13.1, R13.3: records whose years are over, also those that a hold keeps."""
        inside = Appraisal.objects.filter(organization__path__startswith=self.organization.path)
        dated = inside.alias(
            counts_from=Coalesce("rating_of_record__effective_on", "cycle__effective_on")
        )
        over = Q(pk__in=[])
        for scope, own in self._territories():
            over |= own & Q(counts_from__lte=rules.effective_by(self.today, scope.policy))
        noticed = _not_carried_out().filter(document__appraisal=OuterRef("pk"))
        dated = dated.annotate(noticed_on=Subquery(noticed.values("document__communicated_on")[:1]))
        for scope, own in self._territories():
            by = rules.noticed_by(self.today, scope.policy)
            over |= own & Q(noticed_on__lte=by)
        return _with_waits(dated.filter(over), "pk", employee="employee", cycle="cycle")

    def superseded(self) -> QuerySet[RatingOfRecord]:
        """R13.2: ratings that an amendment replaced, whose content is still there."""
        amended = RatingAmendment.objects.filter(rating=OuterRef("pk")).order_by("-version")
        later = RatingAmendment.objects.filter(
            rating=OuterRef("rating"), version__gt=OuterRef("version")
        )
        replaced = amended.filter(Exists(later), content_destroyed_on__isnull=True)
        inside = RatingOfRecord.objects.filter(
            Exists(replaced) | (Q(content_destroyed_on__isnull=True) & Exists(amended)),
            appraisal__organization__path__startswith=self.organization.path,
        ).annotate(decided_on=Subquery(amended.values("decided_on")[:1]))
        over = Q(pk__in=[])
        for scope, own in self._territories("appraisal__organization"):
            by = self.today - dt.timedelta(days=scope.policy.superseded_rating_days)
            over |= own & Q(decided_on__lte=by)
        return _with_waits(
            inside.filter(over),
            "appraisal_id",
            employee="appraisal__employee",
            cycle="appraisal__cycle",
            what=What.SUPERSEDED,
        )

    def _territories(self, place: str = "organization") -> Iterable[tuple[Scope, Q]]:
        """Each edition with the condition of the records it is in force for."""
        for scope in self.scopes:
            own = Q(**{f"{place}__path__startswith": scope.path})
            for other in self.scopes:
                if other.path != scope.path and other.path.startswith(scope.path):
                    own &= ~Q(**{f"{place}__path__startswith": other.path})
            yield scope, own

    def due_of_record(self, record: Appraisal) -> Due:
        """`record` as `records()` gives it."""
        policy = self.policy_at(record.organization.path) or rules.Policy()
        rating = getattr(record, "rating_of_record", None)
        counts_from = rating.effective_on if rating else record.cycle.effective_on
        rule, kept_until = "R13.1", rules.retain_until(counts_from, policy)
        noticed_on: dt.date | None = vars(record)["noticed_on"]
        if noticed_on and kept_until > self.today:
            rule, kept_until = "R13.3", rules.unacceptable_kept_until(noticed_on, policy)
        return Due(
            record=record,
            what=What.RECORD,
            rule=rule,
            kept_until=kept_until,
            waits=why_it_waits(vars(record)),
        )

    def due_of_rating(self, rating: RatingOfRecord) -> Due:
        """`rating` as `superseded()` gives it."""
        record = rating.appraisal
        policy = self.policy_at(record.organization.path) or rules.Policy()
        decided_on: dt.date = rating.decided_on  # type: ignore[attr-defined]  # annotated
        return Due(
            record=record,
            what=What.SUPERSEDED,
            rule="R13.2",
            kept_until=rules.superseded_kept_until(decided_on, policy),
            waits=why_it_waits(vars(rating)),
        )


def kept(organization: Organization, *, today: dt.date) -> Kept:
    above = [*organization.ancestor_ids, organization.pk]
    editions = (
        PolicyEdition.objects.filter(
            Q(organization__in=above) | Q(organization__path__startswith=organization.path),
            effective_on__lte=today,
        )
        .select_related("organization")
        .order_by("effective_on")
    )
    newest = {edition.organization.path: edition for edition in editions}
    return Kept(
        organization,
        today,
        tuple(Scope(path, edition.rules()) for path, edition in newest.items()),
    )


def _not_carried_out() -> QuerySet[ProposedAction]:
    """R13.3: a removal or demotion was proposed in a year that was rated Unacceptable and then not carried out,
    and the work has been acceptable since: no later notice, and no later year that was Unacceptable."""
    employee, noticed = (
        OuterRef("document__appraisal__employee"),
        OuterRef("document__communicated_on"),
    )
    unacceptable: dict[str, Any] = {"current_level": rules.UNACCEPTABLE}
    ratings = RatingOfRecord.objects.with_current().filter(**unacceptable)
    again = OpportunityPeriod.objects.filter(
        notice__appraisal__employee=employee, notice__communicated_on__gt=noticed
    )
    worse = ratings.filter(appraisal__employee=employee, effective_on__gt=noticed).exclude(
        appraisal=OuterRef("document__appraisal")
    )
    return ProposedAction.objects.filter(
        ~Exists(again),
        ~Exists(worse),
        Exists(ratings.filter(appraisal=OuterRef("document__appraisal"))),
        decision__in=[ActionDecision.NOTHING, ActionDecision.WITHDRAWN],
        document__communicated_on__isnull=False,
    ).order_by("-document__communicated_on")


def _with_waits(
    rows: QuerySet[Any],
    record: str,
    *,
    employee: str,
    cycle: str,
    what: DestructionItem.What = What.RECORD,
) -> QuerySet[Any]:
    holds = Hold.objects.active().filter(
        Q(cycle__isnull=True) | Q(cycle=OuterRef(cycle)), employee=OuterRef(employee)
    )
    fetched = ArchiveEntry.objects.filter(appraisal=OuterRef(record)).exclude(
        archive__state__in=Archive.OVER
    )
    listed = DestructionItem.objects.filter(
        record=OuterRef(record), what=what, state=DestructionItem.State.LISTED
    )
    disputed = Disagreement.objects.filter(
        rating__appraisal=OuterRef(record), state=DisagreementState.WAITING
    )
    found: QuerySet[Any] = rows.annotate(
        is_held=Exists(holds),
        is_disputed=Exists(disputed),
        is_in_archive=Exists(fetched),
        is_listed=Exists(listed),
    )
    return found


WAITS = {
    "is_held": "A hold keeps it",
    "is_disputed": "A disagreement about the rating is not answered",
    "is_in_archive": "It is in an export of forms that has not expired",
    "is_listed": "It is on a list already",
}


def why_it_waits(flags: Mapping[str, Any], *, but: str = "") -> str:
    """The first reason; `but` is one that does not count."""
    return next((words for name, words in WAITS.items() if name != but and flags[name]), "")


def free(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What can go on a new list."""
    return rows.filter(**dict.fromkeys(WAITS, False))
