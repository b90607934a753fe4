from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from appraisals.models import TextVersion
from orgchart.templatetags.ui import moment


class CompareForm(forms.Form):
    """Which two versions of one text to compare; a reader who has not chosen compares the newest two."""

    old = forms.ChoiceField(label="Compare this version")
    new = forms.ChoiceField(label="with this version")

    def __init__(self, *args: Any, versions: list[TextVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.version): version for version in versions}
        numbers = list(self.versions)
        for name, initial in (("old", numbers[1:2]), ("new", numbers[:1])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(number, _words(self.versions[number])) for number in numbers]
            field.initial = initial[0] if initial else ""
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        self.helper.add_input(Submit("compare", "Compare", css_class="btn--quiet"))

    def chosen(self) -> tuple[TextVersion | None, TextVersion | None]:
        if self.is_bound and not self.is_valid():
            return None, None
        asked = self.cleaned_data if self.is_bound else self.get_initial()
        return self.versions.get(asked["old"]), self.versions.get(asked["new"])

    def get_initial(self) -> dict[str, str]:
        return {name: str(field.initial) for name, field in self.fields.items()}


def _words(version: TextVersion) -> str:
    return f"Version {version.version}, {version.credit}, {moment(version.written_at)}"
