"""A private journal: written by one, read by one, brought into texts by one click."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from appraisals.models import (
    Appraisal,
    Document,
    Element,
    JournalEntry,
    Kind,
    Section,
    SectionKind,
    State,
)
from appraisals.services.journal import NewerEntry, change_entry, delete_entry, write_entry
from orgchart import clock
from orgchart.models import Assignment, Person
from tests.appraisals.views.opening import opened, posted, queries, text_of
from tests.cast import PEOPLE, PRACTICE_DAY, Cast, make_cast, make_document

NOTE = "Engine 2 re-based: turnout fell from 2:10 to 1:29."
OTHERS = sorted(set(PEOPLE) - {"employee"})


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    make_document(cast, Kind.ANNUAL_APPRAISAL, State.DRAFT)
    return cast


def elements() -> list[Element]:
    return list(Element.objects.order_by("number"))


def noted(
    writer: Person,
    text: str = NOTE,
    *,
    about: Person | None = None,
    on: dt.date = dt.date(2026, 6, 11),
    elements: tuple[Element, ...] = (),
) -> JournalEntry:
    with clock.frozen(PRACTICE_DAY):
        return write_entry(about or writer, by=writer, noted_on=on, text=text, elements=elements)


def text_for(kind: SectionKind, element: Element | None) -> Section:
    return Section.objects.get(document__kind=Kind.ANNUAL_APPRAISAL, kind=kind, element=element)


def address(section: Section) -> str:
    return f"/sections/{section.pk}/"


# ------------------------------------------------------------------------------- writing a note


def test_a_note_is_kept_with_its_day_and_elements_for_its_writer(cast: Cast) -> None:
    first, second = elements()
    data = {"noted_on": "6/11/2026", "text": NOTE, "elements": [first.pk, second.pk]}
    page = text_of(posted(cast.employee, "/journal/new/", data))
    assert "Kept, for you alone." in page
    assert f"11 June 2026 {NOTE}" in page
    entry = JournalEntry.objects.get()
    assert (entry.writer, entry.about) == (cast.employee, cast.employee)
    assert set(entry.elements.all()) == {first, second}


def test_a_supervisor_notes_about_those_they_rate(cast: Cast) -> None:
    data = {"noted_on": "6/11/2026", "text": NOTE}
    url = f"/journal/new/?about={cast.employee.dod_id}"
    assert f"11 June 2026 {NOTE}" in text_of(posted(cast.rating_official, url, data))
    assert JournalEntry.objects.get().about == cast.employee


@pytest.mark.parametrize(
    "who", ["former_rating_official", "higher_level_reviewer", "hr", "colleague", "auditor"]
)
def test_nobody_else_may_note_about_them(cast: Cast, who: str) -> None:
    data = {"noted_on": "6/11/2026", "text": NOTE}
    url = f"/journal/new/?about={cast.employee.dod_id}"
    assert posted(cast.people[who], url, data).status_code == 404
    with pytest.raises(PermissionDenied):
        noted(cast.people[who], about=cast.employee)
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"noted_on": "6/11/2026", "text": " "}, "Write something."),
        ({"noted_on": "", "text": NOTE}, "Give the day."),
        ({"noted_on": "the other day", "text": NOTE}, "Give a day, for example 4/15/2027."),
        ({"noted_on": "4/7/2027", "text": NOTE}, "This day has not come yet."),
        ({"noted_on": "6/11/2026", "text": "x" * 4001}, "The note"),
        ({"noted_on": "6/11/2026", "text": NOTE, "elements": [999]}, "no longer in the plan"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: Cast, data: dict[str, object], sentence: str
) -> None:
    answer = posted(cast.employee, "/journal/new/", data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert str(data["text"]).strip() in answer.content.decode()
    assert not JournalEntry.objects.exists()


# ------------------------------------------------------------------------------------ who reads it


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_its_writer_comes_to_a_note(cast: Cast, who: str) -> None:
    """Neither the supervisor nor the reviewer, HR or an auditor; nor does a page of theirs show it."""
    entry, user = noted(cast.employee), cast.people[who]
    assert not JournalEntry.objects.visible_to(user).exists()
    for url in (f"/journal/{entry.pk}/", f"/journal/{entry.pk}/delete/"):
        assert opened(user, url).status_code == 404
        assert posted(user, url).status_code == 404
    record = Appraisal.objects.get()
    for url in (
        "/",
        "/journal/?about=all",
        record.get_absolute_url(),
        f"{record.get_absolute_url()}timeline/",
    ):
        assert NOTE not in opened(user, url).content.decode()
    assert JournalEntry.objects.get() == entry


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"rating_official"}))
def test_whom_a_note_is_about_never_sees_it(cast: Cast, who: str) -> None:
    noted(cast.rating_official, about=cast.employee, elements=tuple(elements()))
    assert not JournalEntry.objects.visible_to(cast.people[who]).exists()
    for section in Section.objects.filter(document__kind=Kind.ANNUAL_APPRAISAL):
        assert NOTE not in opened(cast.people[who], address(section)).content.decode()


def test_notes_stay_with_their_writer_when_somebody_else_takes_over(cast: Cast) -> None:
    """The successor gets the record, not the journal; the writer can still read and delete."""
    entry = noted(cast.rating_official, about=cast.employee)
    Appraisal.objects.update(rating_official=cast.former_rating_official)
    Assignment.objects.filter(supervisor=cast.rating_official).update(
        supervisor=cast.former_rating_official
    )
    assert NOTE not in text_of(opened(cast.former_rating_official, "/journal/?about=all"))
    assert (
        opened(cast.rating_official, f"/journal/?about={cast.employee.dod_id}").status_code == 404
    )
    assert f"Maria Employee 11 June 2026 {NOTE}" in text_of(
        opened(cast.rating_official, "/journal/?about=all")
    )
    assert posted(cast.rating_official, f"/journal/{entry.pk}/delete/").status_code == 200
    assert not JournalEntry.objects.exists()


# --------------------------------------------------------------------------------------- searching


def test_notes_are_found_by_words_element_and_person(cast: Cast) -> None:
    first, second = elements()
    noted(
        cast.rating_official,
        "Dispatch data, her own analysis.",
        about=cast.employee,
        elements=(first,),
    )
    noted(
        cast.rating_official, "Ladder 1: told me on day 3.", about=cast.employee, elements=(second,)
    )
    noted(cast.rating_official, "Took a course in dispatch data.")
    noted(cast.rating_official, "Dispatch data of Carl.", about=cast.colleague)

    def found(query: str) -> str:
        return text_of(opened(cast.rating_official, f"/journal/{query}"))

    every = found("?about=all&q=DATA+dispatch")
    assert "3 notes found" in every
    assert "Ladder" not in every
    hers = found(f"?about={cast.employee.dod_id}&element={second.pk}")
    assert "1 note found" in hers
    assert "Ladder 1" in hers
    assert "No note says so" in found("?q=ladder")
    assert found("?element=nonsense").count("Took a course") == 1


def test_the_journal_costs_the_same_at_any_length(cast: Cast) -> None:
    noted(cast.rating_official, about=cast.employee, elements=tuple(elements()))
    one = queries(cast.rating_official, "/journal/?about=all")
    for number in range(12):
        noted(cast.rating_official, f"Note {number}", about=cast.colleague)
        noted(
            cast.rating_official, f"Note {number}", about=cast.employee, elements=tuple(elements())
        )
    assert queries(cast.rating_official, "/journal/?about=all") == one
    assert queries(cast.rating_official, f"/journal/?about={cast.employee.dod_id}") <= 15


# ------------------------------------------------------------------------- changing and deleting


def test_a_note_is_changed_with_its_day_and_elements(cast: Cast) -> None:
    first, second = elements()
    entry = noted(cast.employee, elements=(first,))
    data = {
        "version": "1",
        "noted_on": "6/12/2026",
        "text": "Better words.",
        "elements": [second.pk],
    }
    assert "12 June 2026 Better words." in text_of(
        posted(cast.employee, f"/journal/{entry.pk}/", data)
    )
    assert list(entry.elements.all()) == [second]


def test_two_windows_do_not_write_over_each_other(cast: Cast) -> None:
    entry = noted(cast.employee)
    url = f"/journal/{entry.pk}/"
    day = {"noted_on": "6/11/2026", "version": "1"}
    posted(cast.employee, url, {**day, "text": "From the other window."})
    answer = posted(cast.employee, url, {**day, "text": "From this window."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "From the other window." in page
    assert "From this window." in page
    entry.refresh_from_db()
    assert entry.text == "From the other window."
    again = posted(cast.employee, url, {**day, "version": "2", "text": "From this window."})
    assert "From this window." in text_of(again)
    with pytest.raises(NewerEntry), clock.frozen(PRACTICE_DAY):
        change_entry(
            entry,
            by=cast.employee,
            expected_version=2,
            noted_on=PRACTICE_DAY,
            text="x",
            elements=(),
        )


def test_a_deleted_note_is_gone_for_good(cast: Cast) -> None:
    entry = noted(cast.employee, elements=tuple(elements()))
    assert NOTE in text_of(opened(cast.employee, f"/journal/{entry.pk}/delete/"))
    page = text_of(posted(cast.employee, f"/journal/{entry.pk}/delete/"))
    assert "The note is deleted for good." in page
    assert not JournalEntry.objects.exists()
    with pytest.raises(PermissionDenied):
        delete_entry(entry, by=cast.employee)


# ----------------------------------------------------------------------------- beside the texts


def test_notes_stand_beside_the_input_of_their_element(cast: Cast) -> None:
    first, second = elements()
    noted(cast.employee, elements=(first,))
    noted(cast.employee, "Acted for Dana two weeks.")
    noted(cast.employee, "Of the year before.", on=dt.date(2026, 3, 31))
    noted(cast.rating_official, "Not for her eyes.", about=cast.employee, elements=(first,))
    page = text_of(opened(cast.employee, address(text_for(SectionKind.EMPLOYEE_INPUT, first))))
    assert f"From your journal · only you see this 11 June: {NOTE}" in page
    assert "1 note of this cycle, tied to no element 11 June: Acted for Dana two weeks." in page
    assert "Of the year before." not in page
    assert "Not for her eyes." not in page
    other = text_of(opened(cast.employee, address(text_for(SectionKind.EMPLOYEE_INPUT, second))))
    assert NOTE not in other


def test_a_supervisors_notes_stand_beside_the_narrative(cast: Cast) -> None:
    first, _ = elements()
    noted(cast.rating_official, about=cast.employee, elements=(first,))
    noted(cast.rating_official, "About somebody else.", about=cast.colleague)
    page = text_of(opened(cast.rating_official, address(text_for(SectionKind.RATING, first))))
    assert f"11 June: {NOTE}" in page
    assert "About somebody else." not in page


def put(user: Person, section: Section, button: str, text: str) -> str:
    section.refresh_from_db()
    data = {"version": section.version, "text": text, "put": button, "level": section.level or ""}
    posted(user, address(section), data)
    section.refresh_from_db()
    return section.text


def test_one_click_puts_a_note_into_the_text_and_keeps_what_was_typed(cast: Cast) -> None:
    """The button sends the text as it stands on the page, so this needs no JavaScript."""
    first, _ = elements()
    entry = noted(cast.employee, elements=(first,))
    section = text_for(SectionKind.EMPLOYEE_INPUT, first)
    typed = "What I did this year,\r\nmonth by month."
    expected = f"What I did this year,\nmonth by month.\n11 June: {NOTE}"
    assert put(cast.employee, section, f"journal:{entry.pk}", typed) == expected
    assert "In the text" in text_of(opened(cast.employee, address(section)))
    assert put(cast.employee, section, f"journal:{entry.pk}", section.text) == expected
    assert section.versions.latest("pk").content["text"] == expected


def test_all_notes_of_an_element_go_in_in_the_order_of_the_year(cast: Cast) -> None:
    first, second = elements()
    noted(cast.employee, "Last.", on=dt.date(2027, 3, 2), elements=(first,))
    noted(cast.employee, "First.", on=dt.date(2026, 5, 2), elements=(first, second))
    noted(cast.employee, "Of the other element.", elements=(second,))
    section = text_for(SectionKind.EMPLOYEE_INPUT, first)
    assert put(cast.employee, section, "journal:all", "") == "2 May: First.\n2 March: Last."


def test_a_narrative_keeps_its_level_when_a_note_goes_in(cast: Cast) -> None:
    first, _ = elements()
    entry = noted(cast.rating_official, about=cast.employee, elements=(first,))
    section = text_for(SectionKind.RATING, first)
    assert put(cast.rating_official, section, f"journal:{entry.pk}", "") == f"11 June: {NOTE}"
    assert section.level == 5


@pytest.mark.parametrize("button", ["journal:", "journal:999999", "journal:x", "feedback:1", "'"])
def test_a_note_that_is_not_there_puts_nothing_in(cast: Cast, button: str) -> None:
    section = text_for(SectionKind.EMPLOYEE_INPUT, elements()[0])
    assert put(cast.employee, section, button, "As typed.") == "As typed."


def test_nobody_puts_in_what_somebody_else_noted(cast: Cast) -> None:
    first, _ = elements()
    entry = noted(cast.rating_official, about=cast.employee, elements=(first,))
    section = text_for(SectionKind.EMPLOYEE_INPUT, first)
    assert put(cast.employee, section, f"journal:{entry.pk}", "Mine.") == "Mine."


def test_both_texts_are_shown_when_the_text_was_saved_elsewhere(cast: Cast) -> None:
    first, _ = elements()
    entry = noted(cast.employee, elements=(first,))
    section = text_for(SectionKind.EMPLOYEE_INPUT, first)
    data = {"version": section.version - 1, "text": "Typed.", "put": f"journal:{entry.pk}"}
    answer = posted(cast.employee, address(section), data)
    assert answer.status_code == 409
    assert f"Typed.\n11 June: {NOTE}" in answer.content.decode()
    assert section.text in answer.content.decode()
    assert Document.objects.filter(kind=Kind.ANNUAL_APPRAISAL, state=State.DRAFT).exists()
