"""An employee's year: the record, its documents and the rating it ends in.

Seeing is a queryset: what is outside `visible_to` does not exist for that person (404).
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from appraisals.models.scope import TURN, hr_paths, party_itself, party_to, under_paths
from appraisals.models.writing import Element, Section
from orgchart.models import Person


class Kind(models.TextChoices):
    PERFORMANCE_PLAN = "performance_plan", "Performance plan"
    PLAN_CHANGE = "plan_change", "Plan change"
    PROGRESS_REVIEW = "progress_review", "Progress review"
    ANNUAL_APPRAISAL = "annual_appraisal", "Annual appraisal"
    NARRATIVE_STATEMENT = "narrative_statement", "Narrative statement"
    EARLY_TALK = "early_talk", "Early talk"
    OPPORTUNITY_NOTICE = "opportunity_notice", "Notice of an opportunity period"
    OPPORTUNITY_RESULT = "opportunity_result", "Result of an opportunity period"
    PROPOSED_ACTION = "proposed_action", "Proposed action"
    MORE_CURRENT_RATING = "more_current_rating", "More current rating"


class State(models.TextChoices):
    DRAFT = "draft", "Being written"
    IN_REVIEW = "in_review", "In higher level review"
    APPROVED = "approved", "Approved, to be discussed"
    COMMUNICATED = "communicated", "Discussed, to be acknowledged"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CLOSED = "closed", "Closed without effect"


WALK = tuple(state for state in State if state != State.CLOSED)
"""The states that a document walks through. What was closed (R3.10) counts as nothing from then on."""

PLANNING = frozenset({Kind.PERFORMANCE_PLAN, Kind.PLAN_CHANGE})
"""What is written about the work ahead: the employee and the reviewer read it at any time."""


CONFIDENTIAL = (
    Kind.EARLY_TALK,
    Kind.OPPORTUNITY_NOTICE,
    Kind.OPPORTUNITY_RESULT,
    Kind.PROPOSED_ACTION,
    Kind.MORE_CURRENT_RATING,
)
"""Of work that is not good enough (R10). That there is one is known to the officials and HR alone, and to the
employee from the discussion on; no count, list, printed record or audit knows of it."""

OF_THE_YEAR = tuple(kind for kind in Kind if kind not in CONFIDENTIAL)
TOLD = (State.COMMUNICATED, State.ACKNOWLEDGED)


class Method(models.TextChoices):
    """How a discussion was held (R4.2)."""

    FACE_TO_FACE = "F", "Face to face"
    TELEPHONE = "T", "Telephone or video"
    OTHER = "O", "Other"


class ApprovalWay(models.TextChoices):
    """How an approval was given that was not given here (R8.4)."""

    SIGNED = "S", "Signed on paper"
    WRITTEN = "W", "By e-mail or memorandum"
    SPOKEN = "T", "Spoken, face to face or by telephone"
    OTHER = "O", "Other"


class NotRatedReason(models.TextChoices):
    """Why a year ends without a rating of record (R7.8, R7.9, R7.13)."""

    FEW_DAYS = "few_days", "Too few days under an approved plan"
    UNION_TIME = "union_time", "On 100% official time for a union"
    MILITARY = "military", "On military duty"
    ABSENCE = "absence", "Long absence"
    ASSIGNMENT = "assignment", "Assigned to another organization"
    TRAINING = "training", "In long-term training"
    INJURY = "injury", "On workers’ compensation"
    NO_CHANCE = "no_chance", "No chance to perform any element"
    LATER = "later", "A later rating of record was issued"
    LEFT = "left", "Left before a rating could be given"
    OTHER = "other", "Another reason"


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    def visible_to(self, user: Person) -> AppraisalQuerySet:
        """The employee, their rating official, their higher level reviewer, HR in scope."""
        seen = party_to(user)
        paths = hr_paths(user)
        if paths:
            seen |= under_paths(paths, "organization__path")
        return self.filter(seen)

    def with_people(self) -> AppraisalQuerySet:
        return self.select_related(
            "employee", "rating_official", "higher_level_reviewer", "organization", "cycle"
        )


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Person) -> DocumentQuerySet:
        own = party_itself(user, "appraisal__")
        paths = hr_paths(user)
        if paths:
            own |= under_paths(paths, "appraisal__organization__path")
        seen = own | (party_to(user, "appraisal__") & ~Q(kind__in=CONFIDENTIAL))
        return self.filter(seen).told_to(user)

    def told_to(self, user: Person) -> DocumentQuerySet:
        """Without what is confidential and was not discussed with this very employee yet."""
        not_told = Q(appraisal__employee=user, kind__in=CONFIDENTIAL) & ~Q(state__in=TOLD)
        return self.exclude(not_told)

    def of_the_year(self) -> DocumentQuerySet:
        return self.filter(kind__in=OF_THE_YEAR)

    def confidential(self) -> DocumentQuerySet:
        return self.filter(kind__in=CONFIDENTIAL)

    def awaiting(self, user: Person) -> DocumentQuerySet:
        """Documents whose next step is this person's."""
        turns = Q(pk__in=[])
        for state, party in TURN.items():
            turns |= Q(state=state, **{f"appraisal__{party.value}": user})
        return self.filter(turns)

    def with_people(self) -> DocumentQuerySet:
        return self.select_related(
            "policy",
            "appraisal__cycle",
            "appraisal__organization",
            "appraisal__employee",
            "appraisal__rating_official",
            "appraisal__higher_level_reviewer",
        )

    def with_contents(self) -> DocumentQuerySet:
        """With its texts, the documents of its record, their elements and the cycle's milestones:
        five queries, however long the record. Ask them with `.all()`. What few documents need,
        `plan_changes.changes_of` and `rateability.away_of` read when they are asked."""
        elements = Element.objects.filter(removed_at__isnull=True).select_related(
            "goal", "mandatory", "written_by", "written_for"
        )
        record = self.model._default_manager.select_related("policy").prefetch_related(
            models.Prefetch("elements", elements)
        )
        return self.with_people().prefetch_related(
            models.Prefetch(
                "sections",
                Section.objects.select_related("element__mandatory", "written_by", "written_for"),
            ),
            models.Prefetch("appraisal__documents", record),
            "appraisal__cycle__milestones",
        )


class Appraisal(models.Model):
    """One employee in one cycle. The position facts are copied so that the form prints what was true."""

    employee = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="appraisals"
    )
    cycle = models.ForeignKey(
        "appraisals.AppraisalCycle", on_delete=models.PROTECT, related_name="appraisals"
    )
    rating_official = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="appraisals_as_rating_official"
    )
    higher_level_reviewer = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="appraisals_as_higher_level_reviewer",
    )
    organization = models.ForeignKey(
        "orgchart.Organization", on_delete=models.PROTECT, related_name="appraisals"
    )
    position_title = models.CharField(max_length=200)
    position_number = models.CharField(max_length=40, blank=True)
    pay_plan = models.CharField(max_length=4)
    occupational_series = models.CharField(max_length=4)
    grade = models.CharField(max_length=4)
    step = models.CharField(max_length=4, blank=True)
    duty_station = models.CharField(max_length=120, blank=True)
    is_supervisor = models.BooleanField(default=False)
    bargaining_unit = models.CharField(max_length=8, blank=True)
    starts_on = models.DateField(help_text="First day under this plan's position and duties")
    opened_at = models.DateTimeField()
    extended_until = models.DateField(
        null=True, help_text="Last day of a period that was extended for this employee (R1.11)"
    )
    not_rated = models.CharField(
        max_length=12,
        choices=NotRatedReason.choices,
        blank=True,
        db_default="",
        default="",
        help_text="Why the year was closed without a rating (R7.8)",
    )

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "cycle"], name="one_appraisal_per_employee_and_cycle"
            ),
            models.CheckConstraint(
                condition=~Q(employee=F("rating_official")), name="nobody_rates_themselves"
            ),
            models.CheckConstraint(
                condition=Q(higher_level_reviewer__isnull=True)
                | (
                    ~Q(higher_level_reviewer=F("employee"))
                    & ~Q(higher_level_reviewer=F("rating_official"))
                ),
                name="reviewer_is_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(not_rated__in=["", *NotRatedReason.values]),
                name="not_rated_for_a_known_reason",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "organization"])]

    def __str__(self) -> str:
        return f"Appraisal {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("appraisal_detail", args=[self.pk])

    @property
    def period_ends_on(self) -> dt.date:
        """The last day of this employee's appraisal period: the cycle's, or later (R1.11)."""
        return self.extended_until or self.cycle.ends_on


class Document(models.Model):
    """One documented discussion (R4.1). Only `workflow.advance` writes its state."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=1)
    policy = models.ForeignKey(
        "appraisals.PolicyEdition", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    mandatory = models.ForeignKey(
        "appraisals.MandatoryElement",
        on_delete=models.PROTECT,
        null=True,
        related_name="plan_changes",
        help_text="The mandatory element that this change puts into the plan (R3.8)",
    )
    input_shared_at = models.DateTimeField(null=True)
    approved_on = models.DateField(null=True)
    communicated_on = models.DateField(null=True)
    communicated_method = models.CharField(max_length=1, choices=Method.choices, blank=True)
    communicated_other = models.CharField(max_length=120, blank=True)
    acknowledged_on = models.DateField(null=True)
    acknowledged_for_employee = models.BooleanField(default=False)
    covers_from = models.DateField(
        null=True, help_text="First day a narrative statement or an early appraisal is about (R9.2)"
    )
    covers_until = models.DateField(
        null=True, help_text="The last day together; the rating official writes it by then (R9.5)"
    )
    on_paper = models.BooleanField(
        db_default=False,
        default=False,
        help_text="Written on the paper form and entered here (R4.7)",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal", "kind", "number"], name="documents_are_numbered"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="state_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ANNUAL_APPRAISAL) | Q(number=1),
                name="one_annual_appraisal",
            ),
            models.UniqueConstraint(
                fields=["appraisal"],
                condition=Q(kind=Kind.PERFORMANCE_PLAN) & ~Q(state=State.CLOSED),
                name="one_plan_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED)
                | Q(kind__in=sorted({*PLANNING, *CONFIDENTIAL, Kind.NARRATIVE_STATEMENT})),
                name="what_the_year_rests_on_is_never_closed",
            ),
            models.CheckConstraint(
                condition=Q(mandatory__isnull=True) | Q(kind=Kind.PLAN_CHANGE),
                name="only_a_plan_change_is_mandatory",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.DRAFT, State.IN_REVIEW, State.CLOSED],
                    approved_on__isnull=True,
                )
                | Q(
                    state__in=[State.APPROVED, State.COMMUNICATED, State.ACKNOWLEDGED],
                    approved_on__isnull=False,
                ),
                name="approved_states_have_their_date",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.COMMUNICATED, State.ACKNOWLEDGED],
                    communicated_on__isnull=False,
                )
                & ~Q(communicated_method="")
                | Q(
                    state__in=[State.DRAFT, State.IN_REVIEW, State.APPROVED, State.CLOSED],
                    communicated_on__isnull=True,
                    communicated_method="",
                ),
                name="communicated_states_have_date_and_method",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACKNOWLEDGED, acknowledged_on__isnull=False)
                | (~Q(state=State.ACKNOWLEDGED) & Q(acknowledged_on__isnull=True)),
                name="acknowledged_state_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(covers_from__isnull=True, covers_until__isnull=True)
                | Q(
                    covers_from__isnull=False,
                    covers_until__isnull=False,
                    covers_until__gte=F("covers_from"),
                ),
                name="a_document_covers_first_to_last_day",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state"]),
            models.Index(
                fields=["approved_on"],
                condition=Q(kind="performance_plan"),
                name="plan_approved_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("document_detail", args=[self.pk])

    @property
    def is_being_entered(self) -> bool:
        """Its paper form is being copied in: the texts are those on the paper, whoever types them."""
        return self.on_paper and self.state == State.DRAFT

    @property
    def title(self) -> str:
        """ "Performance plan"; "Progress review 2" from the second of a kind on; changes from the first."""
        label = str(Kind(self.kind).label)
        is_numbered = self.number > 1 or self.kind == Kind.PLAN_CHANGE
        return f"{label} {self.number}" if is_numbered else label
