"""The buttons at the end of a form."""

from crispy_forms.layout import HTML


def cancel(back: str) -> HTML:
    return HTML(f'<a class="btn btn--text" href="{back}">Cancel</a>')
