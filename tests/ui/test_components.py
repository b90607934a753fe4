from datetime import UTC, datetime

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from dpmap.gallery import MARIA

AT = datetime(2027, 4, 6, 14, 42, tzinfo=UTC)


def component(name, request=None, **given):
    html = render_to_string(f"components/{name}.html", given, request)
    return " ".join(html.split())


def test_answer_to_a_kept_autosave_moves_the_version():
    html = component("_saved", saved_at=AT, version=8, version_id="id_s12-version", form_id="s12")
    assert html.startswith("Saved 10:42 · version 8")
    assert (
        '<input type="hidden" name="version" id="id_s12-version" value="8" hx-swap-oob="true">'
        in html
    )
    assert '<div id="s12-conflict" class="conflict-slot" hx-swap-oob="true"></div>' in html


def test_answer_to_a_refused_autosave_says_why():
    html = component("_not_saved", problems=["It is 12 characters too long.", "Say <b>what</b>."])
    assert html == "Not saved: It is 12 characters too long. Say &lt;b&gt;what&lt;/b&gt;."


def test_answer_to_a_conflict_holds_both_texts_escaped():
    html = component(
        "_conflict",
        form_id="s12",
        mine="Mine <script>",
        theirs="Theirs",
        theirs_by="Maria Ortega",
        theirs_at=AT,
        version=9,
        version_id="id_version",
        field_id="id_text",
    )
    assert html.startswith("Not saved: there is a newer version.")
    assert '<div id="s12-conflict" class="conflict-slot" hx-swap-oob="true">' in html
    assert "Mine &lt;script&gt;" in html
    assert "data-theirs>Theirs</div>" in html
    assert html.count('data-version="9"') == 2
    assert html.count('data-field="id_text"') == 1


def test_conflict_without_javascript_has_no_dead_buttons():
    html = component("conflict", mine="a", theirs="b", theirs_by="Maria Ortega", theirs_at=AT)
    assert "<button" not in html
    assert "Maria Ortega saved this text at 10:42" in html


def test_pages_keep_the_rest_of_the_query(rf):
    page = Paginator(range(120), 50).page(2)
    html = component("pagination", rf.get("/", {"q": "or", "page": 2}), page=page, noun="people")
    assert "51 to 100 of 120 people" in html
    assert 'href="?q=or&amp;page=3"' in html
    assert 'aria-current="page"><span class="sr">Page </span>2' in html


def test_one_page_has_no_links(rf):
    html = component("pagination", rf.get("/"), page=Paginator(range(3), 50).page(1), noun="people")
    assert "3 people" in html
    assert " of " not in html
    assert "<a" not in html


def test_post_button_carries_token_and_hidden_fields():
    html = component(
        "post_button", url="/x/", label="Approve", csrf_token="tok", fields={"key": "k1"}
    )
    assert 'name="csrfmiddlewaretoken" value="tok"' in html
    assert '<input type="hidden" name="key" value="k1">' in html
    assert 'method="post" action="/x/"' in html


@pytest.mark.parametrize(
    ("kind", "role"), [("error", "alert"), ("success", "status"), ("info", "status")]
)
def test_alert_speaks_up_only_for_an_error(kind, role):
    assert f'role="{role}"' in component("alert", kind=kind, text="Said.")


def test_timeline_entry_names_who_when_for_whom_and_why():
    html = component(
        "timeline_entry",
        what="Acknowledgment recorded",
        who="Dana Whitfield",
        behalf="Maria Ortega",
        at=AT,
        reason="On leave",
    )
    assert "Dana Whitfield, on behalf of Maria Ortega" in html
    assert ">6 April 2027, 10:42</time>" in html
    assert 'datetime="2027-04-06T10:42:00-04:00"' in html
    assert "On leave" in html


def test_person_is_shown_by_initials_that_are_not_read_out():
    html = component("person", person=MARIA, detail="Fire <Chief> · GS-0081-12", url="/m/")
    assert 'aria-hidden="true">MO</span>' in html
    assert '<a href="/m/">Maria Ortega</a>' in html
    assert 'Fire &lt;Chief&gt; · <span class="nowrap">GS-0081-12</span>' in html


def test_steps_say_where_it_stands():
    steps = [
        {"title": "Plan", "detail": "22 April", "state": "done"},
        {"title": "Review", "detail": "", "state": "other"},
        {"title": "Rating", "detail": "", "state": ""},
    ]
    html = component("steps", steps=steps)
    assert html.count("Done: ") == 1
    assert html.count("Now: ") == 1
    assert html.count('aria-current="step"') == 1


def test_problems_that_are_not_of_a_form():
    problems = [{"text": "Element 2 has no standard.", "url": "/plan/1/#e2"}, {"text": "Late.", "url": ""}]  # fmt: skip
    html = component("error_summary", problems=problems, title="The plan cannot be sent yet")
    assert "The plan cannot be sent yet</h2>" in html
    assert '<a href="/plan/1/#e2">Element 2 has no standard.</a>' in html
    assert component("error_summary", problems=[]) == ""


def test_line_of_sight_without_a_goal_says_so():
    assert "No goal chosen yet" in component("line_of_sight", goals=None)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_error_page_needs_no_request_and_helps(status):
    html = render_to_string(f"{status}.html", {"status": status, "reference": "ref-1"})
    assert html.count("<h1>") == 1
    assert "ref-1" in html
    assert "Traceback" not in html
    assert 'href="/"' in html


def test_error_page_says_the_reason_escaped():
    html = render_to_string("409.html", {"message": "Already approved by <b>Reyes</b>."})
    assert "Already approved by &lt;b&gt;Reyes&lt;/b&gt;." in html
