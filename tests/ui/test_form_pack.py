import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from dpmap.gallery import WRONG, EveryFieldForm, RatingForm
from orgchart.templatetags.form_pack import formset_problems, problems, text_limit


def shown(form, source="{{ form|crispy }}"):
    return Template("{% load crispy_forms_tags form_pack %}" + source).render(
        Context({"form": form})
    )


def element(html, wanted):
    """The opening tag that holds this text."""
    found = [tag for tag in re.findall(r"<[^>]+>", html) if wanted in tag]
    assert len(found) == 1, found
    return found[0]


class Plain(forms.Form):
    text = forms.CharField(
        label="Narrative", max_length=2000, help_text="Say it.", widget=forms.Textarea
    )
    short = forms.CharField(label="Title", max_length=80, required=False)
    counted = forms.CharField(widget=forms.TextInput(attrs={"data-limit": 80}), required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_text_area_is_tied_to_hint_and_count_and_never_cuts():
    html = shown(Plain())
    area = element(html, 'name="text"')
    assert 'aria-describedby="id_text_helptext id_text_count"' in area
    assert 'data-limit="2000"' in area
    assert "required" in area
    assert 'for="id_text"' in html
    assert "(required)" in html
    assert "up to 2,000 characters" in html
    assert "maxlength" not in html


def test_error_is_tied_to_the_field():
    area = element(shown(Plain({})), 'name="text"')
    assert 'aria-describedby="id_text_helptext id_text_count id_text_error"' in area
    assert 'aria-invalid="true"' in area


def test_short_text_is_counted_only_when_asked():
    form = Plain()
    assert text_limit(form["short"]) is None
    assert text_limit(form["counted"]) == 80
    assert "aria-describedby" not in element(shown(form), 'name="short"')


def test_hidden_field_has_no_label():
    html = shown(Plain())
    assert element(html, 'name="key"').startswith('<input type="hidden"')
    assert "Key" not in html


def test_summary_links_to_each_field():
    html = render_crispy_form(EveryFieldForm(WRONG))
    assert "7 problems" in html
    assert re.findall(r'<a href="(#\w+)">', html) == [
        "#id_name",
        "#id_reason",
        "#id_method",
        "#id_held_on",
        "#id_kind_0",
        "#id_topics_0",
        "#id_agreed",
    ]
    for target in re.findall(r'<a href="#(\w+)">', html):
        element(html, f'id="{target}"')
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_one_problem_is_said_in_the_singular():
    html = shown(Plain({}))
    assert "There is a problem" in html
    assert "problems</h2>" not in html


def test_no_summary_before_anything_is_sent():
    assert "data-error-summary" not in shown(Plain())
    assert problems(Plain()) == []


def test_error_of_the_whole_form_and_label_not_said_twice():
    form = Plain({})
    form.add_error(None, "The cycle is over.")
    form.add_error("short", "Give the title.")
    assert problems(form) == [
        {"text": "The cycle is over.", "url": ""},
        {"text": "Narrative: This field is required.", "url": "#id_text"},
        {"text": "Give the title.", "url": "#id_short"},
    ]


def test_date_is_a_date_input_with_the_iso_value():
    html = shown(EveryFieldForm({"held_on": "2026-10-14"}))
    field = element(html, 'name="held_on"')
    assert 'type="date"' in field
    assert 'value="2026-10-14"' in field


def test_groups_are_fieldsets_with_legend_hint_and_error():
    html = shown(EveryFieldForm(WRONG))
    group = element(html, 'id="div_id_topics"')
    assert group.startswith("<fieldset")
    assert 'aria-describedby="id_topics_helptext id_topics_error"' in group
    assert re.search(r"<legend[^>]*>Topics you spoke about", html)


def test_rating_cards_show_the_level_big():
    html = shown(RatingForm(initial={"level": "5"}))
    assert html.count('class="rate__card"') == 4
    assert re.search(r"<b>5</b>\s*<small>Outstanding</small>", html)
    assert "checked" in element(html, 'id="id_level_0"')


def test_combo_and_file():
    html = render_crispy_form(EveryFieldForm())
    assert re.search(r'<div class="usa-combo-box"[^>]*>\s*<select', html)
    assert 'enctype="multipart/form-data"' in html


def test_form_is_checked_by_the_server_and_its_buttons_are_buttons():
    html = render_crispy_form(EveryFieldForm())
    assert "novalidate" in element(html, "<form")
    assert re.search(r'<button type="submit" name="send" value="Send" class="[^"]*btn[^"]*"', html)


def test_autosave_form_carries_what_the_script_needs():
    html = render_crispy_form(RatingForm())
    form = element(html, "data-autosave")
    for attribute in (
        'id="rating"',
        'hx-trigger="autosave"',
        'hx-target="#rating-save-state"',
        'method="post"',
    ):
        assert attribute in form
    assert "Saved 10:42 · version 7" in html
    element(html, 'id="rating-save-state"')
    element(html, 'id="rating-conflict"')


def test_autosave_tag_writes_the_same_attributes():
    html = shown(Plain(), '<form {% autosave "x" "/save/" %}>')
    assert 'hx-post="/save/"' in html
    assert 'id="x"' in html


def test_formset_problems_of_all_its_forms():
    plain_set = forms.formset_factory(Plain)
    formset = plain_set(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "0",
            "form-0-short": "x",
            "form-1-short": "y",
        }
    )
    assert [found["url"] for found in formset_problems(formset)] == [
        "#id_form-0-text",
        "#id_form-1-text",
    ]
    assert formset_problems(plain_set()) == []
    html = render_crispy_form(formset, FormHelper())
    assert "2 problems" in html
    assert 'name="form-TOTAL_FORMS"' in html
    assert "2 problems" in shown(formset)


@pytest.mark.parametrize("field", ["text", "short"])
def test_one_field_alone(field):
    html = Template("{% load crispy_forms_tags %}{{ field|as_crispy_field }}").render(
        Context({"field": Plain()[field]})
    )
    assert f'name="{field}"' in html
    assert "<label" in html
