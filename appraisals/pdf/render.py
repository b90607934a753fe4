"""From content to pages. WeasyPrint reaches our own static files and nothing else."""

import unicodedata
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.text import slugify
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from appraisals.models import Appraisal
from appraisals.pdf.content import form_content
from orgchart.models import Person

SCHEME = "static:"


class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Whatever a text smuggles in, nothing leaves this machine and no other file is read."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        found = finders.find(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if found is None:
            raise ValueError(f"Refused: {url}")
        return URLFetcherResponse(url, Path(found).read_bytes(), Message())


def form_html(appraisal: Appraisal, *, reader: Person) -> str:
    return render_to_string(
        "pdf/form.html",
        {
            "form": form_content(appraisal, reader=reader),
            "designation": settings.CUI_DESIGNATION,
        },
    )


def render_form(appraisal: Appraisal, *, reader: Person) -> bytes:
    """The form as a tagged PDF (PDF/UA-1), with what `reader` may see."""
    fetcher = StaticFilesOnly()
    fonts = FontConfiguration()
    style = CSS(url="static:css/pdf.css", url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=form_html(appraisal, reader=reader), url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


def form_name(appraisal: Appraisal) -> str:
    """dd2906-fy-2027-ortega-maria.pdf: plain ASCII whatever the name."""
    person = appraisal.employee
    name = f"{appraisal.cycle.name} {person.last_name} {person.first_name}"
    plain = unicodedata.normalize("NFKD", name)
    return f"dd2906-{slugify(plain) or appraisal.pk}.pdf"
