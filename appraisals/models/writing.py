"""What people write: elements and sections, each with a version, and every text it ever had."""

from django.db import models
from django.db.models import Q

from appraisals import rules
from orgchart.models import Person


def credit_of(by: Person | None, for_whom: Person | None) -> str:
    """ "Tom Reed", or of a delegate "Tom Reed for Dana Whitfield"; "" of what nobody wrote yet."""
    if by is None:
        return ""
    return f"{by.full_name} for {for_whom.full_name}" if for_whom else by.full_name


class Versioned(models.Model):
    """A piece of writing with one writer at a time and a number that a save must name (design §3)."""

    version = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(
        "orgchart.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    written_for = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The rating official whose delegate wrote it (R8.4)",
    )

    class Meta:
        abstract = True

    @property
    def credit(self) -> str:
        return credit_of(self.written_by, self.written_for)


class ElementQuerySet(models.QuerySet["Element"]):
    def standing(self) -> "ElementQuerySet":
        """Not removed, and of a plan that was not closed as erroneous (R3.10)."""
        return self.filter(removed_at__isnull=True).exclude(plan__state="closed")


class Element(Versioned):
    """A performance element of a plan with its standards at the Fully Successful level (R3.1, R3.3)."""

    CONTENT = ("title", "description", "standards", "goal_id", "is_supervisory")

    plan = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, related_name="elements"
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)
    standards = models.TextField(blank=True)
    goal = models.ForeignKey(
        "appraisals.Goal", on_delete=models.PROTECT, null=True, blank=True, related_name="elements"
    )
    is_supervisory = models.BooleanField(default=False)
    mandatory = models.ForeignKey(
        "appraisals.MandatoryElement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_by_employee = models.BooleanField(default=False)
    accepted = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True)
    standard_since = models.DateField(
        null=True,
        help_text="The day on which a change of the plan approved its present standard (R1.5, R1.9)",
    )

    objects = ElementQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                condition=Q(removed_at__isnull=True),
                name="elements_are_numbered",
            ),
            models.CheckConstraint(
                condition=Q(accepted=True) | Q(proposed_by_employee=True),
                name="only_a_proposal_waits_for_acceptance",
            ),
        ]
        # What the plans of a whole organization serve is counted from this alone.
        indexes = [
            models.Index(
                fields=["plan", "goal"],
                condition=Q(removed_at__isnull=True, accepted=True),
                name="elements_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title or 'Untitled element'}"


class SectionKind(models.TextChoices):
    CORE_VALUES = "core_values", "Core values and organizational goals"
    CHANGE_REASON = "change_reason", "Why the plan changes"
    EMPLOYEE_COMMENT = "employee_comment", "Employee’s comments on the draft"
    EMPLOYEE_INPUT = "employee_input", "Employee’s input"
    DEVELOPMENT_NEEDS = "development_needs", "Development needs"
    RESOURCES_REQUESTED = "resources_requested", "Tools, training or resources requested"
    ASSESSMENT = "assessment", "Rating official’s assessment"
    OVERALL_ASSESSMENT = "overall_assessment", "Discussion as a whole"
    RATING = "rating", "Rating and narrative"
    SHORTFALL = "shortfall", "What is not good enough, and what would be"
    SUPPORT = "support", "Assistance"
    WARNING = "warning", "What may follow"
    OUTCOME = "outcome", "How the opportunity ended"
    GROUNDS = "grounds", "Why it is unacceptable"


class Section(Versioned):
    """A text of one writer in one document, for one element or for the whole."""

    CONTENT = ("text", "level")

    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, related_name="sections"
    )
    element = models.ForeignKey(
        Element, on_delete=models.PROTECT, null=True, related_name="sections"
    )
    kind = models.CharField(max_length=24, choices=SectionKind.choices)
    text = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    element_version = models.PositiveIntegerField(
        null=True, help_text="Which version of its element it was written for"
    )

    class Meta:
        ordering = ["element__number", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "kind", "element"],
                name="one_section_of_a_kind",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SectionKind.values), name="section_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True)
                | Q(level__in=[5, 3, 1, 0], kind=SectionKind.RATING)
                | Q(level__in=[3, 1], kind=SectionKind.OUTCOME),
                name="only_a_rating_has_a_level",
            ),
        ]

    def __str__(self) -> str:
        return str(SectionKind(self.kind).label)

    @property
    def level_words(self) -> str:
        """ "5 Outstanding"; "" for a text that carries no level."""
        if self.kind == SectionKind.OUTCOME:
            return {3: "Acceptable", 1: "Still unacceptable"}.get(self.level or 0, "Still open")
        if self.kind != SectionKind.RATING:
            return ""
        if self.level is None:
            return "Still to be rated"
        return f"{self.level or ''} {rules.LEVEL_NAMES[self.level]}".strip()


class TextVersion(models.Model):
    """A text as it stood after one save. Rows are only ever added (a trigger sees to it)."""

    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, related_name="text_versions"
    )
    element = models.ForeignKey(
        Element, on_delete=models.PROTECT, null=True, related_name="versions"
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, related_name="versions"
    )
    change = models.ForeignKey(
        "appraisals.ElementChange", on_delete=models.PROTECT, null=True, related_name="versions"
    )
    version = models.PositiveIntegerField()
    content = models.JSONField()
    written_by = models.ForeignKey("orgchart.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    written_for = models.ForeignKey(
        "orgchart.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(element__isnull=True, section__isnull=False, change__isnull=True)
                | Q(element__isnull=False, section__isnull=True, change__isnull=True)
                | Q(element__isnull=True, section__isnull=True, change__isnull=False),
                name="a_version_is_of_one_text",
            ),
            models.UniqueConstraint(fields=["change", "version"], name="change_versions_count_up"),
            models.UniqueConstraint(
                fields=["element", "version"], name="element_versions_count_up"
            ),
            models.UniqueConstraint(
                fields=["section", "version"], name="section_versions_count_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["written_for", "written_by"],
                condition=Q(written_for__isnull=False),
                name="texts_of_delegates",
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.version}"

    @property
    def credit(self) -> str:
        return credit_of(self.written_by, self.written_for)
