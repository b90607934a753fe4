"""What a plan change does to the elements of a plan (R3.9)."""

from django.db import models
from django.db.models import Q

from appraisals.models.writing import Element, Versioned


class ElementAction(models.TextChoices):
    ADD = "add", "Added"
    REWORD = "reword", "Changed"
    REMOVE = "remove", "Removed"


class ElementChange(Versioned):
    """One element as it shall be, written against the version that it was made from.

    An added element becomes an `Element` when the change comes into force. What is removed keeps its text.
    """

    CONTENT = Element.CONTENT

    document = models.ForeignKey(
        "appraisals.Document", on_delete=models.PROTECT, related_name="element_changes"
    )
    action = models.CharField(max_length=8, choices=ElementAction.choices)
    element = models.ForeignKey(
        Element, on_delete=models.PROTECT, null=True, related_name="changes"
    )
    made_from = models.PositiveIntegerField(
        null=True, help_text="The version of the element that it is written against"
    )
    was = models.JSONField(default=dict, help_text="The texts of that version")
    title = models.CharField(max_length=400, blank=True)
    description = models.TextField(blank=True)
    standards = models.TextField(blank=True)
    goal = models.ForeignKey(
        "appraisals.Goal", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_supervisory = models.BooleanField(default=False)
    mandatory = models.ForeignKey(
        "appraisals.MandatoryElement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, help_text="Taken out of the change again")

    class Meta:
        ordering = ["element__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=ElementAction.values), name="element_action_is_known"
            ),
            models.CheckConstraint(
                condition=Q(action=ElementAction.ADD, made_from__isnull=True)
                | (
                    ~Q(action=ElementAction.ADD) & Q(element__isnull=False, made_from__isnull=False)
                ),
                name="a_change_of_an_element_names_its_version",
            ),
            models.UniqueConstraint(
                fields=["document", "element"],
                condition=Q(removed_at__isnull=True, element__isnull=False),
                name="one_change_of_an_element",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.title or 'Untitled element'}"
