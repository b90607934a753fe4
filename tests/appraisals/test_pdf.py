"""The printed form: nothing leaks, nothing is lost, and it is a page one can sign."""

import datetime as dt
import io
import itertools
import re
import unicodedata

import pytest
from pypdf import PdfReader

from appraisals.models import Appraisal, Document, Element, Kind, Section, SectionKind, State
from appraisals.pdf import form_content, form_html, form_name, render_form
from appraisals.permissions import may_read_section
from appraisals.problems import plan_of
from appraisals.services.writing import add_element, save_section
from orgchart import clock
from orgchart.models import Person
from tests.cast import (
    PATH,
    PRACTICE_DAY,
    SECRET,
    Cast,
    fill_sections,
    make_cast,
    make_document,
    make_record,
    take,
)

ACCENTS = "Zoë Łukasiewicz-Ñandú São Tomé Đặng"
HEBREW = "העובד עמד בכל הדרישות"
ARABIC = "أنجز الموظف العمل في موعده"
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 9


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def loaded(pk: int) -> Appraisal:
    return Appraisal.objects.with_people().get(pk=pk)


def printed(appraisal: Appraisal, *, reader: Person) -> PdfReader:
    with clock.frozen(PRACTICE_DAY):
        return PdfReader(io.BytesIO(render_form(loaded(appraisal.pk), reader=reader)))


def html(appraisal: Appraisal, *, reader: Person) -> str:
    with clock.frozen(PRACTICE_DAY):
        return form_html(loaded(appraisal.pk), reader=reader)


MARGINS = re.compile(r"CUI|DD Form 2906, March 2016|Page \d+ of \d+|Not final", re.IGNORECASE)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
