"""What is asked for and given through the year: support, feedback, recognition."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from appraisals.models.appraisal import Appraisal
from appraisals.models.talk import of_the_two
from orgchart import clock
from orgchart.models import Person


class SupportKind(models.TextChoices):
    TOOLS = "tools", "Tools or equipment"
    TRAINING = "training", "Training"
    RESOURCES = "resources", "People, time or money"
    PLAN_CHANGE = "plan_change", "Change of the plan"
    OTHER = "other", "Something else"


class SupportState(models.TextChoices):
    OPEN = "open", "Waits for an answer"
    GRANTED = "granted", "Granted"
    DECLINED = "declined", "Declined"
    RECEIVED = "received", "Granted and received"
    WITHDRAWN = "withdrawn", "Taken back"


class SupportRequestQuerySet(models.QuerySet["SupportRequest"]):
    def visible_to(self, user: Person) -> SupportRequestQuerySet:
        """The employee and whoever rates them now: a successor finds what is still to be answered."""
        return self.filter(of_the_two(user, "employee"))

    def unanswered(self) -> SupportRequestQuerySet:
        return self.filter(state=SupportState.OPEN)


class SupportRequest(models.Model):
    """An employee asks for what the work needs. `due_on` is by the policy of the day it was asked."""

    TEXT_LIMIT = 2000

    employee = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SupportKind.choices)
    text = models.TextField()
    element = models.ForeignKey(
        "appraisals.Element", on_delete=models.PROTECT, null=True, related_name="+"
    )
    needed_by = models.DateField(null=True)
    asked_on = models.DateField()
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=SupportState.choices, default=SupportState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_request_says_what"),
            models.CheckConstraint(
                condition=Q(kind__in=SupportKind.values), name="support_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_by__isnull=True, answer="", ended_on=None)
                | Q(state="withdrawn", answered_by__isnull=True, answer="", ended_on__isnull=False)
                | (
                    Q(
                        state__in=["granted", "declined", "received"],
                        answered_by__isnull=False,
                        answered_on__isnull=False,
                    )
                    & ~Q(answer="")
                ),
                name="a_request_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("support_detail", args=[self.pk])


class RecognitionKind(models.TextChoices):
    """R12.1. Amounts are decided and kept elsewhere."""

    THANKS = "thanks", "Thanks"
    HONOR = "honor", "Certificate, coin or plaque"
    TIME_OFF = "time_off", "Time-off award"
    CASH = "cash", "One-time cash award"
    INCREASE = "increase", "Salary increase"
    PROMOTION = "promotion", "Promotion"


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    def visible_to(self, user: Person) -> RecognitionQuerySet:
        """Who gave it, who got it, and whoever rates them or reviews their rating now."""
        reviewed = Appraisal.objects.filter(
            higher_level_reviewer=user, cycle__effective_on__gte=clock.today()
        ).values("employee")
        every = Recognition.objects.order_by()
        ways = (
            every.filter(of_the_two(user, "recipient")),
            every.filter(giver=user),
            every.filter(recipient__in=reviewed),
        )
        first, *others = (way.values("pk") for way in ways)
        return self.filter(pk__in=first.union(*others))


class Recognition(models.Model):
    """Said once and kept as it was said. Rows are only ever added (a trigger sees to it)."""

    TEXT_LIMIT = 1000

    recipient = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="recognitions"
    )
    giver = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=RecognitionKind.choices)
    text = models.TextField()
    element = models.ForeignKey(
        "appraisals.Element", on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_on = models.DateField()
    written_at = models.DateTimeField()

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_recognition_says_for_what"),
            models.CheckConstraint(
                condition=Q(kind__in=RecognitionKind.values), name="recognition_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(recipient=F("giver")), name="nobody_recognizes_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"Recognition {self.pk}"


class FeedbackState(models.TextChoices):
    OPEN = "open", "Waits for an answer"
    ANSWERED = "answered", "Answered"
    DECLINED = "declined", "Would rather not answer"
    WITHDRAWN = "withdrawn", "Taken back"


class FeedbackRequestQuerySet(models.QuerySet["FeedbackRequest"]):
    def visible_to(self, user: Person) -> FeedbackRequestQuerySet:
        """Whom it is about, always. What a rating official asked, whoever rates them now as well;
        what an employee asked about themselves is the employee's alone."""
        asked_above = ~Q(asked_by=F("about"))
        return self.filter(of_the_two(user, "about"), Q(about=user) | asked_above)

    def to_give(self, user: Person) -> FeedbackRequestQuerySet:
        return self.filter(giver=user).answerable()

    def answerable(self) -> FeedbackRequestQuerySet:
        return self.filter(state=FeedbackState.OPEN, ends_on__gte=clock.today())


class FeedbackRequest(models.Model):
    """Somebody is asked how one element of somebody's work goes. They see a name, its title and a box.

    Of a person here `giver` is set; of anybody else name and address, and `link_name`, which a signature
    turns into an address that works once.
    """

    TEXT_LIMIT = 2000

    about = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey("appraisals.Element", on_delete=models.PROTECT, related_name="+")
    element_title = models.CharField(max_length=400)
    giver = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    giver_name = models.CharField(max_length=120, blank=True)
    giver_email = models.EmailField(max_length=254, blank=True)
    link_name = models.CharField(max_length=40, blank=True)
    asked_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=FeedbackState.choices, default=FeedbackState.OPEN
    )
    text = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = FeedbackRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(giver__isnull=False, giver_name="", giver_email="", link_name="")
                | (
                    Q(giver__isnull=True, link_name__regex=r"^[\w-]{22,40}$")
                    & ~Q(giver_name="")
                    & ~Q(giver_email="")
                ),
                name="feedback_is_asked_of_one",
            ),
            models.UniqueConstraint(
                fields=["link_name"], condition=~Q(link_name=""), name="a_feedback_link_is_one"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, text="")
                | Q(state__in=["declined", "withdrawn"], ended_at__isnull=False, text="")
                | (Q(state="answered", ended_at__isnull=False) & ~Q(text="")),
                name="feedback_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=True) | (~Q(giver=F("about")) & ~Q(giver=F("asked_by"))),
                name="nobody_gives_feedback_to_themselves",
            ),
        ]
        indexes = [
            models.Index(fields=["giver"], condition=Q(state="open"), name="feedback_to_give")
        ]

    def __str__(self) -> str:
        return f"Feedback {self.pk}"

    @property
    def asked_of(self) -> str:
        return self.giver.full_name if self.giver else self.giver_name
