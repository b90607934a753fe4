"""From content to pages. WeasyPrint reaches our own static files and nothing else."""

import threading
import unicodedata
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.text import slugify
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from appraisals.models import Appraisal, Document
from appraisals.pdf.content import FormContent, form_content
from appraisals.pdf.exact import finish, make_exact
from appraisals.rules.text import UNPRINTABLE
from orgchart.models import Person
from orgchart.unhurried import garbage_later

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
    """Style sheets and fonts, read once in each thread: unpacking fonts is a third of a form's time."""

    fonts: FontConfiguration | None = None

    def read(self) -> None:
        if self.fonts is None:
            self.fonts = FontConfiguration()
            self.plain, self.style, self.watermark = map(
                self._sheet, ("pdf-plain", "pdf", "pdf-not-final")
            )

    def _sheet(self, name: str) -> CSS:
        return CSS(
            url=f"static:css/{name}.css", url_fetcher=StaticFilesOnly(), font_config=self.fonts
        )


LOOK = Look()


class FormSource(HTML):  # type: ignore[misc]  # weasyprint has no types
    """A page that is XML too, read as such, with defaults for the elements a form has: WeasyPrint's reader
    and its sheet, for whatever calls itself HTML, would cost a tenth of a form's time each. It reaches
    under WeasyPrint, which is why its version is pinned below the next one."""

    def __init__(self, html: str) -> None:
        page = fromstring(UNPRINTABLE.sub(" ", html))  # noqa: S314  our own page: every text in it is escaped
        self.base_url, self.media_type = None, "print"
        self.url_fetcher = StaticFilesOnly()
        self.wrapper_element = ElementWrapper.from_html_root(page, content_language=None)
        self.etree_element = page

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [LOOK.plain]


# How far down the last page its text must reach, in CSS pixels, before closer lines are tried.
NEARLY_EMPTY = 300
# Of so many pages one less is worth laying them all out again.
FEW = 12


@dataclass(frozen=True)
class RenderedForm:
    pdf: bytes
    pages: int
    content_hash: str


def form_html(appraisal: Appraisal, *, reader: Person, document: Document | None = None) -> str:
    return html_of(form_content(appraisal, reader=reader, document=document))


def html_of(form: FormContent, *, is_close: bool = False) -> str:
    return render_to_string(
        "pdf/form.html",
        {
            "form": form,
            "designation": settings.CUI_DESIGNATION,
            "site": settings.SITE_ADDRESS,
            "is_close": is_close,
        },
    )


def rendered_form(
    appraisal: Appraisal,
    *,
    reader: Person,
    document: Document | None = None,
    as_told: bool = False,
) -> RenderedForm:
    """A tagged PDF (PDF/UA-1) of the record or of one document, with what `reader` may see."""
    return print_form(form_content(appraisal, reader=reader, document=document, as_told=as_told))


def print_form(form: FormContent) -> RenderedForm:
    with garbage_later():
        return _printed(form)


def _printed(form: FormContent) -> RenderedForm:
    laid_out = lay_out(html_of(form), is_final=not form.not_final)
    if len(laid_out.pages) <= FEW and _ends_early(laid_out):
        closer = lay_out(html_of(form, is_close=True), is_final=not form.not_final)
        if len(closer.pages) < len(laid_out.pages):
            laid_out = closer
    return RenderedForm(as_pdf(laid_out), len(laid_out.pages), form.content_hash)


def render_form(appraisal: Appraisal, *, reader: Person, document: Document | None = None) -> bytes:
    return rendered_form(appraisal, reader=reader, document=document).pdf


def lay_out(html: str, *, is_final: bool = True) -> Any:
    LOOK.read()
    sheets = [LOOK.style] if is_final else [LOOK.style, LOOK.watermark]
    laid_out = FormSource(html).render(
        stylesheets=sheets, font_config=LOOK.fonts, pdf_variant=VARIANT
    )
    return make_exact(laid_out)


def as_pdf(laid_out: Any) -> bytes:
    pdf: bytes = laid_out.write_pdf(pdf_variant=VARIANT, finisher=finish)
    return pdf


def _ends_early(laid_out: Any) -> bool:
    """The last page holds little more than the end mark."""
    end: tuple[float, float] | None = laid_out.pages[-1].anchors.get("end")
    return end is not None and end[1] < NEARLY_EMPTY


def form_name(appraisal: Appraisal, document: Document | None = None) -> str:
    """dd2906-fy-2027-ortega-maria.pdf: plain ASCII whatever the name."""
    person = appraisal.employee
    parts = [appraisal.cycle.name, person.last_name, person.first_name]
    parts += [document.title] if document else []
    plain = unicodedata.normalize("NFKD", " ".join(parts))
    return f"dd2906-{slugify(plain) or appraisal.pk}.pdf"
