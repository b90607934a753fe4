"""What makes a form quick changes nothing on it, and nothing beside it."""

import gc
import threading
from typing import Any

import pytest
from weasyprint import HTML

from appraisals.models import Appraisal, Kind, State
from appraisals.pdf import blank_form, render
from orgchart import clock
from orgchart.unhurried import garbage_later
from tests.cast import PRACTICE_DAY, Cast, make_cast, make_document


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def pdfs(appraisal: Appraisal, cast: Cast) -> list[bytes]:
    with clock.frozen(PRACTICE_DAY):
        form = render.render_form(appraisal, reader=cast.employee)
        return [form, blank_form(appraisal, reader=cast.rating_official).pdf]


@pytest.mark.parametrize("state", [State.DRAFT, State.ACKNOWLEDGED])
def test_a_form_is_the_same_by_weasyprints_own_reader_and_sheet_for_all_of_html(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    appraisal = make_document(cast, Kind.ANNUAL_APPRAISAL, state).appraisal
    ours = pdfs(appraisal, cast)
    sheets: list[Any] = []

    class Plain(HTML):  # type: ignore[misc]
        def __init__(self, html: str) -> None:
            super().__init__(string=html, url_fetcher=render.StaticFilesOnly())

        def _ua_stylesheets(self, forms: bool = False) -> Any:
            sheets.append(super()._ua_stylesheets(forms))
            return sheets[-1]

    monkeypatch.setattr(render, "FormSource", Plain)
    theirs = pdfs(appraisal, cast)
    assert len(sheets) >= len(theirs), "WeasyPrint no longer asks for its sheet there."
    assert theirs == ours


def test_garbage_is_collected_again_after_the_last_of_those_who_print() -> None:
    second_in, first_out = threading.Event(), threading.Event()
    seen: list[bool] = []

    def second() -> None:
        with garbage_later():
            second_in.set()
            first_out.wait(10)
            seen.append(gc.isenabled())

    other = threading.Thread(target=second)
    with garbage_later():
        other.start()
        assert second_in.wait(10)
        assert not gc.isenabled()
    first_out.set()
    other.join()
    assert seen == [False]
    assert gc.isenabled()


def test_garbage_is_collected_again_after_a_form_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), garbage_later():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_where_nobody_collects_nobody_begins_to() -> None:
    gc.disable()
    try:
        with garbage_later():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
