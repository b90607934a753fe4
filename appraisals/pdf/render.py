"""From content to pages. WeasyPrint reaches our own static files and nothing else."""

import threading
import unicodedata
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.text import slugify
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from appraisals.models import Appraisal
from appraisals.pdf.content import FormContent, form_content
from orgchart.models import Person

SCHEME = "static:"
VARIANT = "pdf/ua-1"


class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Whatever a text smuggles in, nothing leaves this machine and no other file is read."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        found = finders.find(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if found is None:
            raise ValueError(f"Refused: {url}")
        return URLFetcherResponse(url, Path(found).read_bytes(), Message())


class Look(threading.local):
    """Style sheet and fonts, read once in each thread: unpacking fonts is a third of a form's time."""

    fonts: FontConfiguration | None = None
    style: CSS | None = None

    def read(self) -> dict[str, object]:
        if self.style is None:
            self.fonts = FontConfiguration()
            self.style = CSS(
                url="static:css/pdf.css", url_fetcher=StaticFilesOnly(), font_config=self.fonts
            )
        return {"stylesheets": [self.style], "font_config": self.fonts}


LOOK = Look()
# How far down the last page its text must reach, in CSS pixels, before closer lines are tried.
NEARLY_EMPTY = 300


def form_html(appraisal: Appraisal, *, reader: Person) -> str:
    return _html(form_content(appraisal, reader=reader))


def _html(form: FormContent, *, is_close: bool = False) -> str:
    return render_to_string(
        "pdf/form.html",
        {"form": form, "designation": settings.CUI_DESIGNATION, "is_close": is_close},
    )


def render_form(appraisal: Appraisal, *, reader: Person) -> bytes:
    """The form as a tagged PDF (PDF/UA-1), with what `reader` may see."""
    form = form_content(appraisal, reader=reader)
    document = _laid_out(_html(form))
    if _ends_early(document):
        closer = _laid_out(_html(form, is_close=True))
        if len(closer.pages) < len(document.pages):
            document = closer
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
    return pdf


def _laid_out(html: str) -> Document:
    source = HTML(string=html, url_fetcher=StaticFilesOnly())
    return source.render(**LOOK.read(), pdf_variant=VARIANT)


def _ends_early(document: Document) -> bool:
    """The last page holds little more than the end mark."""
    end: tuple[float, float] | None = document.pages[-1].anchors.get("end")
    return end is not None and end[1] < NEARLY_EMPTY


def form_name(appraisal: Appraisal) -> str:
    """dd2906-fy-2027-ortega-maria.pdf: plain ASCII whatever the name."""
    person = appraisal.employee
    name = f"{appraisal.cycle.name} {person.last_name} {person.first_name}"
    plain = unicodedata.normalize("NFKD", name)
    return f"dd2906-{slugify(plain) or appraisal.pk}.pdf"
