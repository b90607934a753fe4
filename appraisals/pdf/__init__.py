"""The printed record: DD Form 2906, as its reader may see it today, or as it was stored when final."""

from appraisals.pdf.blank import blank_form
from appraisals.pdf.content import FormContent, form_content
from appraisals.pdf.render import form_html, form_name, render_form, rendered_form
from appraisals.pdf.stored import (
    FormLost,
    NotFinal,
    PrintedForm,
    form_for,
    keep_form,
    note_final,
    open_form,
    printed_form,
    stored_form,
    stored_forms,
)

__all__ = [
    "FormContent",
    "FormLost",
    "NotFinal",
    "PrintedForm",
    "blank_form",
    "form_content",
    "form_for",
    "form_html",
    "form_name",
    "keep_form",
    "note_final",
    "open_form",
    "printed_form",
    "render_form",
    "rendered_form",
    "stored_form",
    "stored_forms",
]
