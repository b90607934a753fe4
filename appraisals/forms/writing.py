"""Input of texts and elements. They check shape only: what keeps a document from being sent on is for
the rules to say, so that a draft may be saved half done or too long."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Field, Layout, Submit
from django import forms
from django.db.models import QuerySet

from appraisals.models import Document, Element, ElementChange, Goal, Section, SectionKind
from appraisals.rules import Policy
from appraisals.sections import SectionSpec
from orgchart.templatetags.form_pack import autosave_attrs

MOST_CHARACTERS = 50_000
"""Of one text as typed. Far above every limit of policy: a draft is kept even when it is too long."""


class GoalField(forms.ModelChoiceField[Goal]):
    def label_from_instance(self, obj: Goal) -> str:
        return f"{obj.organization.name}: {obj.title}"


def _text_area(limit: int, *, short: bool = False) -> forms.Textarea:
    css = {"class": "usa-textarea--short"} if short else {}
    return forms.Textarea(attrs={"data-limit": limit, "rows": 4 if short else 8, **css})


class VersionedForm(forms.Form):
    """A form for one version of a text (design §3)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def at_version(self, version: int) -> None:
        """Keep what was typed, on top of the version that is newest now."""
        self.data = {name: self.data[name] for name in self.data} | {"version": str(version)}

    def sentences(self) -> list[str]:
        """What is wrong, for an answer to an autosave."""
        return [str(text) for texts in self.errors.values() for text in texts]


class SectionForm(VersionedForm):
    """One text; a rating also has its level. `next_label` names the button that goes on in the walk,
    `save_label` the one that does not."""

    text = forms.CharField(required=False, max_length=MOST_CHARACTERS)

    def __init__(
        self,
        *args: Any,
        section: Section,
        spec: SectionSpec,
        policy: Policy,
        url: str,
        next_label: str = "",
        save_label: str = "Save",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault(
            "initial",
            {"version": section.version, "text": section.text, "level": section.level},
        )
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label = spec.label
        text.help_text = spec.hint
        text.widget = _text_area(getattr(policy, spec.limit))
        if spec.kind == SectionKind.RATING:
            needed = " or ".join(str(level) for level in policy.narrative_required_levels)
            text.help_text = f"Required for a {needed}. {spec.hint}"
        if spec.levels:
            text.label = "Narrative"
            self.fields["level"] = forms.TypedChoiceField(
                label=spec.label,
                choices=spec.levels,
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect(
                    attrs={"data-look": "rate"} if spec.kind == SectionKind.RATING else {}
                ),
            )
        self.save_state = {
            "field": "text",
            "form_id": f"section-{section.pk}",
            "saved_at": section.written_at,
            "version": section.version,
        }
        self.helper = self._helper(section, url, next_label, save_label)

    def _helper(self, section: Section, url: str, next_label: str, save_label: str) -> FormHelper:
        helper = FormHelper()
        helper.form_action = url
        helper.attrs = autosave_attrs(f"section-{section.pk}", url)
        helper.disable_csrf = False
        buttons = [Submit("save", save_label, css_class="btn--quiet" if next_label else "")]
        if next_label:
            buttons.insert(0, Submit("save_next", next_label))
        fields = [Field("level")] if "level" in self.fields else []
        why = HTML(
            '{% if explanation %}{% include "appraisals/writing/_why.html" with explanation=explanation only %}{% endif %}'
        )
        helper.layout = Layout("version", *fields, Field("text"), why, ButtonHolder(*buttons))
        return helper


class ElementForm(VersionedForm):
    """A performance element with its standards and the goal it serves."""

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        required=False,
        max_length=400,
        help_text="A main area of the work, in a few words: “Emergency response readiness”.",
    )
    description = forms.CharField(
        required=False, max_length=MOST_CHARACTERS, help_text="What the element covers."
    )
    standards = forms.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        label="Standards at the Fully Successful level",
        help_text="What good work on this element looks like: specific, measurable, achievable, "
        "relevant and with a time. One standard to a line.",
    )
    goal_id = GoalField(
        queryset=Goal.objects.none(),
        required=False,
        label="The goal it serves",
        empty_label="No goal chosen",
        help_text="It links this work, goal by goal, to the mission of the Department.",
    )
    is_supervisory = forms.BooleanField(
        required=False,
        label="This is a supervisory element",
        help_text="A supervisor’s supervisory elements equal or outnumber the others.",
    )

    def __init__(
        self,
        *args: Any,
        document: Document,
        goals: QuerySet[Goal],
        url: str,
        element: Element | ElementChange | None = None,
        form_id: str = "",
        submit: str = "Save element",
        **kwargs: Any,
    ) -> None:
        form_id = form_id or (f"element-{element.pk}" if element else "")
        if element is not None:
            kwargs.setdefault("initial", _element_initial(element))
        super().__init__(*args, **kwargs)
        policy = document.policy.rules()
        self.fields["title"].widget.attrs["data-limit"] = policy.title_limit
        self.fields["description"].widget = _text_area(policy.description_limit, short=True)
        self.fields["standards"].widget = _text_area(policy.standards_limit)
        goal_field = self.fields["goal_id"]
        if isinstance(goal_field, GoalField):
            goal_field.queryset = goals
        if not document.appraisal.is_supervisor:
            del self.fields["is_supervisory"]
        self.fields["title"].required = element is None
        if element is not None:
            del self.fields["request_key"]
            self.save_state = {
                "field": "standards",
                "form_id": form_id,
                "saved_at": element.written_at,
                "version": element.version,
            }
        self.helper = FormHelper()
        self.helper.form_action = url
        if element is not None:
            self.helper.attrs = autosave_attrs(form_id, url)
        self.helper.add_input(Submit("save", submit))

    def values(self) -> dict[str, Any]:
        """What `services.writing` takes: Element.CONTENT."""
        cleaned = self.cleaned_data
        goal = cleaned["goal_id"]
        return {
            "title": cleaned["title"],
            "description": cleaned["description"],
            "standards": cleaned["standards"],
            "goal_id": goal.pk if goal else None,
            "is_supervisory": cleaned.get("is_supervisory", False),
        }


def _element_initial(element: Element | ElementChange) -> dict[str, Any]:
    return {
        "version": element.version,
        "title": element.title,
        "description": element.description,
        "standards": element.standards,
        "goal_id": element.goal_id,
        "is_supervisory": element.is_supervisory,
    }
