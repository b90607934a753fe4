"""What an employee says about a rating, what is answered, and how a rating is changed (R7.11, R11)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import ButtonHolder, Div, Fieldset, Layout, Submit
from django import forms

from appraisals import rules
from appraisals.forms.buttons import cancel
from appraisals.forms.rateability import (
    AUTHORITY,
    OneButtonForm,
    authority_field,
    day_field,
    text_field,
)
from appraisals.models import AmendmentReason, Decision, DisagreementState, Section
from orgchart import clock

STANDS, CHANGED = DisagreementState.STANDS.value, DisagreementState.CHANGED.value
LEVELS = [(str(level), f"{level} {rules.LEVEL_NAMES[level]}") for level in rules.RATED_LEVELS]
LEVELS.append((str(rules.NOT_RATED), "Not rated"))


class DisagreeForm(OneButtonForm):
    """`for_employee`: HR enters what came another way."""

    text = text_field("What you say", "Say what you disagree with.")
    filed_on = day_field("Day on which it was said or received")

    def __init__(
        self, *args: Any, verb: str, label: str, for_employee: bool, **kwargs: Any
    ) -> None:
        self.verb = verb
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        if not for_employee:
            del self.fields["filed_on"]
            self.helper.layout.fields.remove("filed_on")


class LevelsForm(OneButtonForm):
    """A rating for each element, as it counts now until somebody chooses another."""

    def __init__(
        self,
        *args: Any,
        sections: Sequence[Section],
        levels: Sequence[int],
        policy: rules.Policy,
        **kwargs: Any,
    ) -> None:
        self.sections, self.levels, self.policy = sections, levels, policy
        super().__init__(*args, **kwargs)

    @property
    def level_names(self) -> list[str]:
        return [f"level_{number}" for number, _ in enumerate(self.sections, start=1)]

    def add_levels(self) -> None:
        for name, section, level in zip(self.level_names, self.sections, self.levels, strict=False):
            element = section.element
            title = f"{element.number}. {element.title}" if element else name
            self.fields[name] = forms.ChoiceField(
                label=title, choices=LEVELS, initial=str(level), required=False
            )

    def chosen_levels(self) -> list[int]:
        """As before where nothing was chosen."""
        return [
            int(self.cleaned_data.get(name) or level)
            for name, level in zip(self.level_names, self.levels, strict=False)
        ]

    def explanation(self) -> rules.Explanation:
        """What the rating would be, and why (R7.4)."""
        facts = [
            rules.RatingFacts(section.element.number, section.element.title, level)
            for section, level in zip(self.sections, self.chosen_levels(), strict=False)
            if section.element
        ]
        return rules.explain_rating(facts, self.policy)

    def check_levels(self, *, reason: str, was_asked: bool) -> None:
        for problem in rules.amendment_problems(
            self.chosen_levels(),
            self.levels,
            reason=reason,
            was_asked=was_asked,
            approved_by=self.cleaned_data.get("approved_by", ""),
            policy=self.policy,
        ):
            names_approver = "R8.1" in problem
            self.add_error("approved_by" if names_approver else None, problem)


def _approved_by() -> forms.CharField:
    return forms.CharField(
        label="Who approved a rating of Unacceptable",
        max_length=AUTHORITY,
        required=False,
        help_text="Only when the changed rating is Unacceptable (R8.1).",
    )


class ChangeRatingForm(LevelsForm):
    """R11.5: by a decision that was made elsewhere, or to put right what was recorded wrongly."""

    reason = forms.ChoiceField(
        label="What changes the rating",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what changes the rating."},
    )
    authority = authority_field("Who decided")
    decided_on = day_field("Day of the decision")
    explanation_text = text_field(
        "What the decision says",
        "Say what was decided and why. The employee reads it.",
        help_text="In a few sentences, with the number of the case if it has one. The employee reads it.",
    )
    approved_by = _approved_by()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grievable = self.policy.rating_grievable
        choice = self.fields["reason"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [
                (value, label)
                for value, label in AmendmentReason.choices
                if value != AmendmentReason.INFORMAL
                and (grievable or value != AmendmentReason.GRIEVANCE)
            ]
        self.add_levels()
        back = kwargs["back"]
        self.helper.layout = Layout(
            Fieldset("The decision", "reason", "authority", "decided_on", "explanation_text"),
            Fieldset("The ratings of the elements", *self.level_names, "approved_by"),
            ButtonHolder(
                Submit("save", "Change the rating"),
                Submit("look", "See what it comes to", css_class="btn--quiet"),
                cancel(back),
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason"):
            self.check_levels(reason=cleaned["reason"], was_asked=False)
        return cleaned

    def decision(self) -> Decision:
        cleaned = self.cleaned_data
        return Decision(
            levels=self.chosen_levels(),
            reason=AmendmentReason(cleaned["reason"]),
            authority=cleaned["authority"],
            decided_on=cleaned["decided_on"],
            explanation=cleaned["explanation_text"],
            approved_by=cleaned["approved_by"],
        )


class AnswerForm(LevelsForm):
    """R7.11: the rating stands, or it is changed on the employee's request."""

    outcome = forms.ChoiceField(
        label="Answer",
        choices=[(STANDS, "The rating stands"), (CHANGED, "The rating is changed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the rating stands or is changed."},
    )
    answer = text_field(
        "Reasons", "Give the reasons. The employee reads them.", help_text="The employee reads it."
    )
    authority = authority_field("Who decided")
    decided_on = day_field("Day of the decision")
    approved_by = _approved_by()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"decided_on": clock.today()})
        super().__init__(*args, **kwargs)
        self.add_levels()
        self.helper.layout = Layout(
            Div("outcome", "answer", "authority", "decided_on"),
            Fieldset("If it is changed: the elements", *self.level_names, "approved_by"),
            ButtonHolder(Submit("save", "Record the answer"), cancel(kwargs["back"])),
        )

    def clean_decided_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise forms.ValidationError("This day has not come yet. Record it afterwards.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_changed = self.chosen_levels() != list(self.levels)
        if cleaned.get("outcome") == CHANGED:
            self.check_levels(reason=AmendmentReason.INFORMAL, was_asked=True)
        elif cleaned.get("outcome") == STANDS and is_changed:
            self.add_error(
                "outcome",
                "An element has another rating below, but the rating is to stand. Choose one of the two.",
            )
        return cleaned

    def decision(self) -> Decision | None:
        cleaned = self.cleaned_data
        if cleaned["outcome"] == STANDS:
            return None
        return Decision(
            levels=self.chosen_levels(),
            reason=AmendmentReason.INFORMAL,
            authority=cleaned["authority"],
            decided_on=cleaned["decided_on"],
            explanation=cleaned["answer"],
            approved_by=cleaned["approved_by"],
        )
