"""When work is not good enough (R10): what stands beside the documents that are written then.

Notice, result, proposal and the rating in between are documents like any other and walk the same table. Days are
never stored twice: a period begins when its notice is told, an action is proposed when its notice is.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

from appraisals import rules
from appraisals.models.appraisal import TOLD, Document, Method, State
from appraisals.models.writing import Section, SectionKind
from orgchart.models import Person


class OpportunityQuerySet(models.QuerySet["OpportunityPeriod"]):
    def visible_to(self, user: Person) -> OpportunityQuerySet:
        """Whoever sees its notice."""
        return self.filter(notice__in=Document.objects.visible_to(user))

    def of_employee(self, employee: Person) -> OpportunityQuerySet:
        """In whatever year: an opportunity counts from its start, not by cycles (R10.4)."""
        return self.filter(notice__appraisal__employee=employee)

    def with_results(self) -> OpportunityQuerySet:
        """What says how each ended, the oldest first; the withdrawn ones too. Two queries."""
        return (
            self.select_related("notice", "result")
            .prefetch_related("result__sections")
            .order_by("pk")
        )

    def loaded(self) -> OpportunityQuerySet:
        """Five queries, whatever their number."""
        return (
            self.with_results()
            .select_related("notice__policy", "notice__appraisal__employee", "result")
            .prefetch_related(
                models.Prefetch("extensions", OpportunityExtension.objects.select_related("by")),
                models.Prefetch(
                    "meetings", OpportunityMeeting.objects.select_related("recorded_by", "word")
                ),
                models.Prefetch("notice__sections", Section.objects.select_related("element")),
            )
        )


class OpportunityGiven(NamedTuple):
    """What was read of a period together with its notice, and otherwise takes a query each."""

    extension_days: list[int]
    meetings: int
    outcomes: list[int | None]


class OpportunityPeriod(models.Model):
    """A reasonable opportunity to show acceptable performance, with its notice (R10.2) and its result (R10.3)."""

    notice = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="opportunity")
    result = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, related_name="ended_opportunity"
    )
    days = models.PositiveSmallIntegerField(help_text="From the day after the notice")
    meeting_every = models.PositiveSmallIntegerField(help_text="Days between meetings")
    consulted = models.CharField(
        max_length=200, blank=True, help_text="Who in human resources was asked (R10.1)"
    )
    consulted_on = models.DateField(null=True)

    objects = OpportunityQuerySet.as_manager()
    given: OpportunityGiven | None = None

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, meeting_every__gte=1), name="an_opportunity_has_days"
            ),
            models.CheckConstraint(
                condition=Q(consulted="", consulted_on__isnull=True)
                | (~Q(consulted="") & Q(consulted_on__isnull=False)),
                name="who_was_consulted_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Opportunity period {self.pk}"

    @property
    def began_on(self) -> dt.date | None:
        """None: the notice has not been told."""
        return self.notice.communicated_on

    @property
    def days_in_all(self) -> int:
        if self.given:
            return self.days + sum(self.given.extension_days)
        return self.days + sum(each.days for each in self.extensions.all())

    @property
    def meetings_held(self) -> int:
        return self.given.meetings if self.given else len(self.meetings.all())

    @property
    def outcomes(self) -> list[int | None]:
        """Of its result, one for each element."""
        if self.given:
            return self.given.outcomes
        sections = self.result.sections.all() if self.result else []
        return [each.level for each in sections if each.kind == SectionKind.OUTCOME]

    @property
    def ends_on(self) -> dt.date | None:
        if self.began_on is None:
            return None
        return rules.opportunity_ends_on(self.began_on, self.days_in_all)

    @property
    def meeting_days(self) -> list[dt.date]:
        if self.began_on is None or self.ends_on is None:
            return []
        return rules.meeting_days(self.began_on, self.ends_on, self.meeting_every)

    @property
    def is_open(self) -> bool:
        """Neither closed nor ended by a result that the employee was told."""
        return self.notice.state != State.CLOSED and not (self.result and self.result.state in TOLD)

    @property
    def its_result(self) -> Document | None:
        """As it is written or was told. One that was withdrawn is none: the period goes on without it."""
        is_there = self.result is not None and self.result.state != State.CLOSED
        return self.result if is_there else None

    @property
    def succeeded(self) -> bool | None:
        """None: its result has not been told."""
        if self.result is None or self.result.state not in TOLD:
            return None
        return all(level == rules.ACCEPTABLE for level in self.outcomes)


class OpportunityExtension(models.Model):
    """More days, and why. Rows are only ever added (a trigger sees to it)."""

    period = models.ForeignKey(
        OpportunityPeriod, on_delete=models.PROTECT, related_name="extensions"
    )
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="an_extension_has_days"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days more"


class OpportunityMeeting(models.Model):
    """One meeting in an opportunity period. Rows are only ever added (a trigger sees to it)."""

    TEXT_LIMIT = 2000

    period = models.ForeignKey(OpportunityPeriod, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    method = models.CharField(max_length=1, choices=Method.choices)
    account = models.TextField(help_text="How the work stands, and what help was given")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(account=""), name="a_meeting_has_its_account"),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="a_meeting_has_its_method"
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting {self.pk}"


class MeetingWord(models.Model):
    """What the employee says of a meeting, once. Rows are only ever added (a trigger sees to it)."""

    meeting = models.OneToOneField(
        OpportunityMeeting, on_delete=models.PROTECT, related_name="word"
    )
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_word_is_not_empty")]

    def __str__(self) -> str:
        return f"Word {self.pk}"


class ActionKind(models.TextChoices):
    REMOVAL = "removal", "Removal"
    DEMOTION = "demotion", "Reduction in grade"


class ActionDecision(models.TextChoices):
    """What became of a proposed action."""

    REMOVAL = "removal", "Removal"
    DEMOTION = "demotion", "Reduction in grade"
    NOTHING = "nothing", "No action"
    WITHDRAWN = "withdrawn", "The proposal was withdrawn"


class ProposedAction(models.Model):
    """A removal or demotion that was proposed (R10.3), and what human resources enters of what came of it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="action")
    action = models.CharField(max_length=12, choices=ActionKind.choices)
    more_notice_days = models.PositiveSmallIntegerField(default=0)
    replied_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decision = models.CharField(max_length=12, choices=ActionDecision.choices, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=ActionKind.values), name="an_action_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_on__isnull=True, decided_by="")
                | (
                    Q(decision__in=ActionDecision.values, decided_on__isnull=False)
                    & ~Q(decided_by="")
                ),
                name="a_decision_has_its_day_and_official",
            ),
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True)
                | Q(
                    decision__in=[ActionDecision.REMOVAL, ActionDecision.DEMOTION],
                    effective_on__gte=F("decided_on"),
                ),
                name="only_an_action_taken_takes_effect",
            ),
        ]

    def __str__(self) -> str:
        return f"Proposed {self.get_action_display().lower()}"

    @property
    def dates(self) -> rules.ActionDates | None:
        """R10.3, R10.6; None until the employee has the notice."""
        noticed_on = self.document.communicated_on
        if noticed_on is None:
            return None
        policy = self.document.policy.rules()
        return rules.action_dates(noticed_on, policy, more_days=self.more_notice_days)


class ActionInstance(models.Model):
    """One instance of unacceptable work that an action rests on (R10.3)."""

    action = models.ForeignKey(ProposedAction, on_delete=models.PROTECT, related_name="instances")
    element = models.ForeignKey("appraisals.Element", on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    what = models.TextField()

    class Meta:
        ordering = ["happened_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="an_instance_says_what_happened")
        ]

    def __str__(self) -> str:
        return f"Instance of {self.happened_on}"


class MoreCurrentRating(models.Model):
    """A rating of record between the yearly ones (R10.7, R10.8). Rows are only ever added (a trigger sees to it)."""

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, related_name="more_current_rating"
    )
    level = models.PositiveSmallIntegerField()
    rated_sum = models.PositiveSmallIntegerField()
    rated_count = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[1, 3, 5], rated_count__gte=1),
                name="a_more_current_rating_is_a_rating",
            )
        ]

    def __str__(self) -> str:
        return f"More current rating {self.level}"
