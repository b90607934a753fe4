"""The printed record: DD Form 2906, as its reader may see it today."""

from appraisals.pdf.content import FormContent, form_content
from appraisals.pdf.render import form_html, form_name, render_form

__all__ = ["FormContent", "form_content", "form_html", "form_name", "render_form"]
