"""Somebody leaves, moves or hands over their people: what is owed for each record, and who takes it over (R9)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property

from appraisals.models.scope import hr_paths, under_paths
from orgchart import clock
from orgchart.models import Assignment, Person


class DepartureKind(models.TextChoices):
    LEAVES = "leaves", "Leaves the service"
    TRANSFERS = "transfers", "Transfers to another Component or agency"
    MOVES = "moves", "Moves to another supervisor"
    DETAIL = "detail", "Goes on a detail or is away for a time"
    HANDS_OVER = "hands_over", "Stays, and hands over the people they rate"
    RETURNS = "returns", "Gives back what was held for a time"


GOES = frozenset(
    {
        DepartureKind.LEAVES,
        DepartureKind.TRANSFERS,
        DepartureKind.MOVES,
        DepartureKind.DETAIL,
    }
)
"""The person is no longer there; with the other kinds only their people go to somebody else."""

AWAY = (DepartureKind.TRANSFERS, DepartureKind.MOVES)
"""Somebody works on elsewhere, and what the law names goes along (R9.8)."""


class DepartureState(models.TextChoices):
    PLANNED = "planned", "Ahead"
    DONE = "done", "Done"
    UNDONE = "undone", "Taken back"
    FAILED = "failed", "Could not be done"


class Arrangement(models.TextChoices):
    """Who acts from the day after on."""

    SUCCESSOR = "successor", "A successor"
    TEMPORARY = "temporary", "A temporary supervisor"
    VACANT = "vacant", "Nobody yet: the next one up acts"


class Part(models.TextChoices):
    """How the person who leaves stands to a record."""

    OWN = "own", "Is rated"
    RATES = "rates", "Rates"
    REVIEWS = "reviews", "Reviews"


class DepartureQuerySet(models.QuerySet["Departure"]):
    def visible_to(self, user: Person) -> DepartureQuerySet:
        """Who leaves, who takes over, who decided it, HR in scope; and who rates or reviews a record in it."""
        seen = Q(person=user) | Q(successor=user) | Q(gaining_supervisor=user) | Q(by=user)
        parts = DepartureShare.objects.filter(successor=user)
        seen |= Q(pk__in=parts.values("departure"))
        rated = DepartureRecord.objects.filter(
            Q(appraisal__rating_official=user) | Q(appraisal__higher_level_reviewer=user)
        )
        seen |= Q(pk__in=rated.values("departure"))
        if paths := hr_paths(user):
            seen |= under_paths(paths, "organization__path")
        return self.filter(seen)

    def arrived_at(self, user: Person) -> DepartureQuerySet:
        """Those that brought somebody to where `user` is HR from elsewhere (R9.8): who works there today, and
        who moved there and whom the chart has not followed yet. Nobody’s own."""
        paths = hr_paths(user)
        today = clock.today()
        of_them = Assignment.objects.filter(employee=OuterRef("person"))
        works_here = of_them.filter(under_paths(paths, "organization__path")).on(today)
        followed = of_them.filter(starts_on__gt=OuterRef("last_day"), starts_on__lte=today)
        moved_here = under_paths(paths, "gaining_organization__path") & ~Exists(followed)
        return (
            self.filter(kind__in=AWAY, state=DepartureState.DONE)
            .filter(Exists(works_here) | moved_here)
            .exclude(under_paths(paths, "organization__path"))
            .exclude(person=user)
        )

    def with_names(self) -> DepartureQuerySet:
        return self.select_related(
            "person",
            "successor",
            "gaining_supervisor",
            "gaining_organization",
            "organization",
            "by",
            "settled_by",
        ).prefetch_related("shares__successor", "shares__employee")

    def due_on(self, day: dt.date) -> DepartureQuerySet:
        """The last day lies behind; in the order in which they are to be carried out."""
        ahead = self.filter(state=DepartureState.PLANNED, last_day__lt=day)
        return ahead.order_by("last_day", "pk")


class Departure(models.Model):
    """What somebody decided; it is carried out on the day after `last_day`.

    `successor` takes over the people that `person` rates and reviews, but for those whom a share gives to
    somebody else; after a detail they go back by a departure of its own that `follows` this one. `gaining_supervisor` rates `person` themselves from
    then on. `changes_chart`: who answers to whom changes with it.
    """

    Kind, State, Arrangement = DepartureKind, DepartureState, Arrangement

    person = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="departures"
    )
    kind = models.CharField(max_length=12, choices=DepartureKind)
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="+"
    )
    last_day = models.DateField()
    back_on = models.DateField(null=True)
    arrangement = models.CharField(
        max_length=10, choices=Arrangement, default=Arrangement.SUCCESSOR
    )
    successor = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    people = models.ManyToManyField("orgchart.Person", related_name="+")
    whole_team = models.BooleanField(default=True)
    gaining_supervisor = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    gaining_organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )
    goes_to = models.CharField(max_length=200, blank=True)
    changes_chart = models.BooleanField(default=False)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by"
    )
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="What is owed was opened")
    state = models.CharField(max_length=10, choices=DepartureState, default=DepartureState.PLANNED)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.TextField(blank=True)
    request_key = models.UUIDField(null=True, unique=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        ordering = ["last_day", "pk"]
        indexes = [
            models.Index(fields=["last_day"], name="departure_due", condition=Q(state="planned"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DepartureKind.values), name="departure_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DepartureState.values), name="departure_known_state"
            ),
            models.CheckConstraint(
                condition=Q(arrangement__in=Arrangement.values),
                name="departure_known_arrangement",
            ),
            models.CheckConstraint(
                condition=Q(back_on=None) | Q(kind="detail", back_on__gt=F("last_day")),
                name="departure_back_after_it",
            ),
            models.CheckConstraint(
                condition=(Q(successor=None) | ~Q(successor=F("person")))
                & (Q(gaining_supervisor=None) | ~Q(gaining_supervisor=F("person"))),
                name="departure_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(kind="moves") | Q(gaining_supervisor__isnull=False),
                name="departure_move_has_its_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(kind="returns", follows__isnull=False)
                | (~Q(kind="returns") & Q(follows=None)),
                name="departure_return_follows_one",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at=None)
                | (~Q(state="planned") & Q(settled_at__isnull=False)),
                name="departure_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(outcome=""), name="departure_failure_explained"
            ),
            models.UniqueConstraint(fields=["follows", "person"], name="departure_returned_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="planned") & ~Q(kind="returns"),
                name="one_departure_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("departure_detail", args=[self.pk])

    @property
    def effective_on(self) -> dt.date:
        """The first day of whoever takes over."""
        return self.last_day + dt.timedelta(days=1)

    @property
    def heirs(self) -> list[Person]:
        """Who takes something over, each once."""
        both = [each for each in (self.successor, self.gaining_supervisor) if each]
        return list({each.pk: each for each in [*both, *self.given_to.values()]}.values())

    @cached_property
    def given_to(self) -> dict[int, Person]:
        """Who takes over somebody in place of the successor, by the employee’s key."""
        return {each.employee_id: each.successor for each in self.shares.all()}

    @property
    def person_goes(self) -> bool:
        return self.kind in GOES

    @property
    def is_ahead(self) -> bool:
        return self.state == DepartureState.PLANNED


class DepartureShare(models.Model):
    """Somebody of the team who goes to another one than the successor; a team is split by them."""

    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="shares")
    employee = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["departure", "employee"], name="everybody_goes_to_one_successor"
            ),
            models.CheckConstraint(
                condition=~Q(employee=F("successor")), name="nobody_takes_over_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"Share {self.pk}"


class DepartureRecord(models.Model):
    """One record in a departure: what the rules said is owed and why, and in whose hands it went."""

    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="records")
    appraisal = models.ForeignKey(
        "appraisals.Appraisal", on_delete=models.PROTECT, related_name="departures"
    )
    part = models.CharField(max_length=8, choices=Part)
    owed = models.CharField(max_length=24, blank=True)
    why = models.CharField(max_length=400)
    days_on_plan = models.PositiveSmallIntegerField(default=0)
    days_left = models.PositiveSmallIntegerField(default=0)
    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, null=True, related_name="owed_by"
    )
    official_before = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="+"
    )
    reviewer_before = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["departure", "appraisal"], name="departure_holds_a_record_once"
            ),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="departure_known_part"),
            models.CheckConstraint(
                condition=Q(owed__in=["", "narrative_statement", "annual_appraisal"]),
                name="departure_known_debt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.appraisal_id}"
