"""What people are told, and the letters that carry it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from appraisals.models.scope import hr_paths, under_paths
from orgchart import clock
from orgchart.models import Assignment, Person

TITLE_LIMIT = 400


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Person) -> NoticeQuerySet:
        """The person who is told, and nobody else."""
        return self.filter(recipient=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def note_read(self, at: dt.datetime) -> int:
        """How many. What was read here before its time is not mailed as well."""
        self.to_be_posted().update(post_at=None)
        return self.unread().update(read_at=at)

    def to_be_posted(self) -> NoticeQuerySet:
        """Goes out by mail when its time comes, unless it is withdrawn before."""
        return self.filter(letter__isnull=True, post_at__isnull=False)


class Notice(models.Model):
    """One thing a person is told, in finished words; never a rating or a text of a record.

    The same `key` is told a person once. `post_at` null: shown in the application only. An e-mail
    says `mail_title` and `mail_text`, which name nobody; both empty: title and text name nobody.
    """

    recipient = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=TITLE_LIMIT)
    text = models.TextField(blank=True)
    mail_title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    mail_text = models.TextField(blank=True)
    link = models.CharField(max_length=400)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    post_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(
        "appraisals.Letter",
        on_delete=models.PROTECT,
        null=True,
        related_name="notices",
        db_index=False,
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="told_once"),
            models.CheckConstraint(condition=~Q(title=""), name="notice_says_something"),
            models.CheckConstraint(
                condition=Q(link__regex=r"^/([^/]|$)"), name="notice_links_to_this_site"
            ),
            models.CheckConstraint(
                condition=Q(letter__isnull=True) | Q(post_at__isnull=False),
                name="only_a_posted_notice_has_a_letter",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(
                fields=["post_at", "recipient"],
                condition=Q(letter__isnull=True, post_at__isnull=False),
                name="notice_to_be_posted",
            ),
            models.Index(
                fields=["letter"], condition=Q(letter__isnull=False), name="notice_of_letter"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mailed(self) -> tuple[str, str]:
        """Title and text as an e-mail has them."""
        if self.mail_title:
            return self.mail_title, self.mail_text
        return self.title, self.text


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Person) -> LetterQuerySet:
        """Letters to people whose newest place lies in the organizations `user` administers."""
        paths = hr_paths(user)
        if not paths:
            return self.none()
        newest = (
            Assignment.objects.filter(employee=OuterRef("recipient"), starts_on__lte=clock.today())
            .order_by("-starts_on")
            .annotate(inside=under_paths(paths, "organization__path"))
            .values("inside")[:1]
        )
        return self.filter(Q(Subquery(newest, output_field=models.BooleanField())))

    def undelivered(self) -> LetterQuerySet:
        """What HR looks at: given up, or never sent because there was nobody to send it to."""
        return self.filter(state__in=[LetterState.DEAD, LetterState.WITHHELD])


class LetterState(models.TextChoices):
    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"
    WITHHELD = "withheld", "Not sent"


class Letter(models.Model):
    """One e-mail to one person, carrying one or more notices; or to somebody outside who is asked for feedback.

    `next_try_at` and `claimed_at` are times of the database, not of the practice clock: how long a
    mail server is left alone has nothing to do with the date of the cycle.
    """

    recipient = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="letters"
    )
    invitation = models.OneToOneField(
        "appraisals.FeedbackRequest", on_delete=models.PROTECT, null=True, related_name="letter"
    )
    address = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(
        max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=400, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False)
                | Q(state="sending", claimed_at__isnull=False)
                | Q(state="sent", sent_at__isnull=False)
                | (Q(state__in=["dead", "withheld"], ended_at__isnull=False) & ~Q(last_error="")),
                name="letter_state_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, invitation__isnull=True)
                | Q(recipient__isnull=True, invitation__isnull=False),
                name="a_letter_is_to_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="letter_waiting"
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="letter_sending"
            ),
            models.Index(
                fields=["-ended_at"],
                condition=Q(state__in=["dead", "withheld"]),
                name="letter_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"


class LetterResend(models.Model):
    """HR had a letter sent again. Rows are only ever added (a trigger sees to it)."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="resends")
    by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    error = models.CharField(max_length=400)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Resend {self.pk}"


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", "At once, one e-mail for each"
    DAILY = "daily", "Once a day, all in one e-mail"
    WEEKLY = "weekly", "Once a week, all in one e-mail"
    CALENDAR = "calendar", "No e-mail; I look here and in my calendar"


class PostPreference(models.Model):
    """When a person wants mail. Whoever has no row gets it once a day."""

    person = models.OneToOneField(
        "orgchart.Person", on_delete=models.PROTECT, related_name="post_preference"
    )
    rhythm = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="rhythm_is_known")
        ]

    def __str__(self) -> str:
        return str(self.get_rhythm_display())
