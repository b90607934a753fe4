"""What the uswds form templates need to know about a field."""

from typing import Any

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def widget(field: BoundField, css: str) -> SafeString:
    """The control with our class and its hint, count and error tied to it.

    Never a maxlength attribute: it would cut a pasted text without a word.
    """
    control = field.field.widget
    if isinstance(control, forms.DateInput):
        control.input_type = "date"
        control.format = "%Y-%m-%d"
    attrs: dict[str, Any] = {
        "class": f"{css} {control.attrs.get('class', '')}".strip(),
        "maxlength": False,
        "data-look": False,
        "aria-describedby": described_by(field) or False,
    }
    if limit := text_limit(field):
        attrs["data-limit"] = limit
    return field.as_widget(attrs=attrs)


@register.filter
def text_limit(field: BoundField) -> int | None:
    """Characters the text may have: data-limit on the widget, else a text area's max_length."""
    control = field.field.widget
    if "data-limit" in control.attrs:
        return int(control.attrs["data-limit"])
    if isinstance(control, forms.Textarea):
        return getattr(field.field, "max_length", None)
    return None


@register.filter
def described_by(field: BoundField) -> str:
    own = field.field.widget.attrs.get("aria-describedby")
    parts = [
        own,
        field.help_text and f"{field.auto_id}_helptext",
        text_limit(field) and f"{field.auto_id}_count",
        field.errors and f"{field.auto_id}_error",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def look(field: BoundField) -> str:
    """How a choice is shown: data-look="rate" or "combo" on its widget."""
    return str(field.field.widget.attrs.get("data-look", ""))


@register.filter
def is_textarea(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.Textarea)


@register.filter
def first_word(text: str) -> str:
    return str(text).partition(" ")[0]


@register.filter
def other_words(text: str) -> str:
    return str(text).partition(" ")[2]


@register.filter
def problems(form: forms.BaseForm) -> list[dict[str, str]]:
    """Each error with the address of its field on this page, in the order of the fields."""
    if not form.is_bound:
        return []
    whole = [{"text": str(text), "url": ""} for text in form.non_field_errors()]
    return whole + [
        {"text": _named(field, str(text)), "url": _address(field)}
        for field in form
        if field.name in form.errors and field.name != NON_FIELD_ERRORS
        for text in field.errors
    ]


@register.filter
def formset_problems(formset: BaseFormSet[Any]) -> list[dict[str, str]]:
    if not formset.is_bound:
        return []
    found = [{"text": str(text), "url": ""} for text in formset.non_form_errors()]
    for form in formset.forms:
        found += problems(form)
    return found


def _named(field: BoundField, text: str) -> str:
    label = str(field.label)
    return text if label.lower() in text.lower() else f"{label}: {text}"


def _address(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    many = isinstance(field.field.widget, forms.RadioSelect)
    return f"#{field.auto_id}_0" if many else f"#{field.id_for_label}"


def autosave_attrs(form_id: str, url: str) -> dict[str, str]:
    """For `helper.attrs`: the form is saved at `url` while it is typed in (see docs/screens.md)."""
    return {
        "id": form_id,
        "data-autosave": "",
        "hx-post": url,
        "hx-trigger": "autosave",
        "hx-target": f"#{form_id}-save-state",
        "hx-swap": "innerHTML",
    }


@register.simple_tag
def autosave(form_id: str, url: str) -> SafeString:
    """The same for a form tag written by hand: <form method="post" {% autosave "x" url %}>."""
    return flatatt(autosave_attrs(form_id, url))
