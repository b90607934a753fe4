from typing import Any

from django import forms


class ChosenDocumentsField(forms.MultipleChoiceField):
    """Numbers of documents, whether or not they still wait: what became of each is said afterwards."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and len(str(value)) < 19


class ChosenForm(forms.Form):
    """Which documents are approved together; `batch` makes the same form sent twice count once."""

    documents = ChosenDocumentsField(
        error_messages={
            "required": "Tick at least one document.",
            "invalid_choice": "The page is damaged. Open it again.",
        }
    )
    batch = forms.UUIDField(required=False)

    def chosen(self) -> list[int]:
        return [int(pk) for pk in dict.fromkeys(self.cleaned_data["documents"])]
