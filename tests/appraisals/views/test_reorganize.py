"""HR reorganizes in the browser: the form, what it does, the decision, the list, taking back."""

import datetime as dt

import pytest
from django.urls import reverse

from appraisals.models import AppraisalEvent
from appraisals.services.reorganizing import apply_due, decide
from orgchart import clock
from orgchart.models import Assignment, Organization, OrgEvent, Reorganization
from orgchart.services.reorganizing import Wanted
from tests.cast import Cast, make_cast, make_record
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 2, 1)
AHEAD = "2027-03-01"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    Organization.objects.filter(code="FIRE").update(name="Fire Division")
    Organization.objects.filter(code="WORKS").update(name="Works Division")
    return cast


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def hr(client, cast):
    client.force_login(cast.hr)
    return client


def step(kind: str, code: str = "FIRE") -> str:
    return reverse("reorganize_step", args=[code, kind])


def answers(decision: str = "", **more: object) -> dict[str, object]:
    given = {"effective_on": AHEAD, "reason": "One division.", "decision": decision}
    return given | more


def test_the_unit_says_what_can_be_done_and_what_lies_ahead(hr, cast):
    hr.post(step("rename"), answers("confirm", name="Fire and Rescue"))
    page = hr.get(reverse("reorganize", args=["FIRE"]))
    kinds = [action["words"].kind for action in page.context["actions"]]
    assert kinds == ["move", "rename", "head", "supervisor", "merge", "close"]
    assert "FIRE is called Fire and Rescue" in page.content.decode()


def test_what_the_unit_above_has_a_say_in_is_not_offered_at_the_top_of_a_scope(hr, cast):
    """Their own command they rename; somebody above moves it."""
    page = hr.get(reverse("reorganize", args=["CMD"]))
    kinds = [action["words"].kind for action in page.context["actions"]]
    assert kinds == ["rename", "head", "supervisor"]
    assert hr.get(step("move", "CMD")).status_code == 403
    assert hr.post(step("close", "CMD"), answers()).status_code == 403


def test_the_preview_changes_nothing_and_names_people_units_and_records(hr, cast):
    record = make_record(cast)
    response = hr.post(step("merge"), answers(target="WORKS", head="stays"))
    assert response.status_code == 200
    numbers = {each["words"]: each["value"] for each in response.context["numbers"]}
    assert numbers == {
        "people move along": "5",
        "units get another place": "0",
        "open appraisals concerned": "1",
    }
    assert list(response.context["records"]) == [record]
    assert "1 open appraisal goes along to Works Division" in response.content.decode()
    assert not Reorganization.objects.exists()
    assert not AppraisalEvent.objects.filter(name="change_organization").exists()


def test_confirmed_ahead_it_is_listed_and_waits(hr, cast):
    response = hr.post(step("merge"), answers("confirm", target="works", head="stays"), follow=True)
    row = Reorganization.objects.get()
    assert response.redirect_chain == [(reverse("reorganization_detail", args=[row.pk]), 302)]
    text = response.content.decode()
    assert "Planned for 1 March 2027: Fire Division becomes part of Works Division" in text
    assert "Take it back" in text
    page = hr.get(reverse("reorganization_list"))
    assert [each["row"] for each in page.context["rows"]] == [row]


def test_confirmed_for_today_it_is_done(hr, cast):
    response = hr.post(
        step("rename"), answers("confirm", name="Fire", effective_on=TODAY), follow=True
    )
    assert "Done: FIRE is called Fire." in response.content.decode()
    assert Organization.objects.get(code="FIRE").name == "Fire"


def test_change_something_brings_the_form_back_as_it_was_filled_in(hr, cast):
    page = hr.post(step("merge"), answers("change", target="WORKS", head="goes along"))
    assert page.status_code == 200
    html = page.content.decode()
    assert 'value="WORKS"' in html
    assert "One division." in html
    assert page.context["form"].errors == {}


def test_confirmed_twice_it_counts_once(hr, cast):
    key = str(hr.get(step("rename")).context["form"]["request_key"].value())
    for _ in range(2):
        response = hr.post(step("rename"), answers("confirm", name="Fire", request_key=key))
        assert response.status_code == 302
    assert Reorganization.objects.count() == 1


WRONG = {
    "no unit": ("merge", {"target": "", "head": "stays"}, "Enter the unit it shall become part of"),
    "unknown unit": ("move", {"target": "NOWHERE"}, "No open unit in your scope"),
    "outside the scope": ("move", {"target": "YARD"}, "No open unit in your scope"),
    "itself": ("move", {"target": "FIRE"}, "This is the unit itself"),
    "more than one": ("move", {"target": "Division"}, None),
    "no reason": ("rename", {"name": "A", "reason": ""}, "Say why this changes"),
    "no day": ("rename", {"name": "A", "effective_on": ""}, "Enter a day"),
    "yesterday": (
        "rename",
        {"name": "A", "effective_on": "2027-01-31"},
        "the past is not rewritten",
    ),
    "far too long": ("rename", {"name": "x" * 201}, "at most 200 characters"),
    "same name": ("rename", {"name": "Fire Division"}, "is called Fire Division already"),
    "people inside": ("close", {}, "still holds 5 people"),
    "unknown person": ("head", {"person": "Nobody Known"}, "Nobody was found"),
    "no such person": ("head", {"person": "0000000000"}, "Nobody was found"),
}


@pytest.mark.parametrize(("kind", "fields", "sentence"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("decision", ["", "confirm"])
def test_a_wrong_answer_gets_a_sentence_and_nothing_changes(
    hr, cast, kind, fields, sentence, decision
):
    OrganizationFactory(code="WORKS-1", name="Second Works Division", parent=cast.places["WORKS"])
    before = list(Organization.objects.order_by("pk").values_list())
    response = hr.post(step(kind), answers(decision) | fields)
    assert response.status_code == 422
    expected = sentence or "More than one unit matches “Division”"
    assert expected in response.content.decode()
    assert list(Organization.objects.order_by("pk").values_list()) == before
    assert not Reorganization.objects.exists()


def test_no_such_kind(hr):
    assert hr.get(step("paint")).status_code == 404


def team_url(supervisor: str = "") -> str:
    url = reverse("reorganize_team", args=["CMD"])
    return f"{url}?supervisor={supervisor}" if supervisor else url


def test_a_supervisor_is_chosen_by_name_or_from_the_list(hr, cast):
    page = hr.get(team_url())
    assert cast.rating_official in page.context["page"].object_list
    for asked in (cast.rating_official.dod_id, cast.rating_official.full_name):
        form = hr.get(team_url(asked)).context["form"]
        ticked = {label.split(",")[0] for _, label in form.fields["people"].choices}
        assert ticked == {cast.employee.full_name, cast.colleague.full_name}


@pytest.mark.parametrize("asked", ["nobody", "0000000000", "Secretary Top"])
def test_a_supervisor_without_people_here_gets_a_sentence(hr, cast, asked):
    page = hr.get(team_url(asked))
    assert page.status_code == 422
    assert page.context["form"].errors


def test_chosen_people_get_another_supervisor(hr, cast):
    url = team_url(cast.rating_official.dod_id)
    new = cast.people["former_rating_official"]
    given = answers(people=[cast.colleague.pk], person=new.email, effective_on=TODAY)
    preview = hr.post(url, given)
    assert "supervises 1 person of" in preview.context["words"]
    kept = [value for name, value in preview.context["kept"] if name == "people"]
    assert kept == [str(cast.colleague.pk)]
    hr.post(url, given | {"decision": "confirm"})
    now = Assignment.objects.on(TODAY)
    assert now.get(employee=cast.colleague).supervisor == new
    assert now.get(employee=cast.employee).supervisor == cast.rating_official


TEAM_WRONG = {
    "nobody ticked": ({"person": "WHO"}, "Tick the whole team"),
    "no supervisor": ({"whole_team": "on", "person": ""}, "Name the new supervisor"),
    "the same": ({"whole_team": "on", "person": "FORMER"}, "is their supervisor now"),
    "their own": ({"people": ["OWN"], "person": "OWN ADDRESS"}, "cannot be their own supervisor"),
    "somebody else's": ({"people": ["999999"], "person": "WHO"}, "Select a valid choice"),
}


@pytest.mark.parametrize(("fields", "sentence"), TEAM_WRONG.values(), ids=TEAM_WRONG)
def test_a_wrong_team_gets_a_sentence(hr, cast, fields, sentence):
    names = {
        "WHO": cast.people["former_rating_official"].dod_id,
        "FORMER": cast.rating_official.dod_id,
        "OWN": str(cast.colleague.pk),
        "OWN ADDRESS": cast.colleague.email,
    }
    given = {
        key: [names.get(each, each) for each in value]
        if isinstance(value, list)
        else names.get(value, value)
        for key, value in fields.items()
    }
    response = hr.post(team_url(cast.rating_official.dod_id), answers("confirm") | given)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Reorganization.objects.exists()


def planned(cast: Cast, **fields) -> Reorganization:
    given = {
        "kind": "rename",
        "organization": Organization.objects.get(code="FIRE"),
        "name": "Fire",
        "effective_on": dt.date(2027, 3, 1),
        "reason": "A shorter name.",
    }
    return decide(Wanted(**given | fields), by=cast.hr)


def test_taken_back_in_the_browser(hr, cast):
    row = planned(cast)
    response = hr.post(reverse("reorganization_undo", args=[row.pk]), follow=True)
    assert "Taken back. Nothing was changed." in response.content.decode()
    assert [each["row"] for each in response.context["rows"]] == [row]
    again = hr.post(reverse("reorganization_undo", args=[row.pk]))
    assert again.status_code == 409
    assert "no longer ahead" in again.content.decode()


def test_what_failed_is_shown_on_hr_home_and_with_its_reason(hr, cast):
    row = planned(cast)
    Organization.objects.filter(code="FIRE").update(name="Fire")
    with clock.frozen(dt.date(2027, 3, 1)):
        apply_due()
        home = hr.get(reverse("hr_home")).content.decode()
        assert "A reorganization could not be done on its day" in home
        detail = hr.get(reverse("reorganization_detail", args=[row.pk])).content.decode()
        assert "is called Fire already" in detail
    with clock.frozen(dt.date(2027, 4, 1)):
        assert "could not be done" not in hr.get(reverse("hr_home")).content.decode()


def test_hr_sees_those_of_their_scope_only(client, cast):
    row = planned(cast)
    client.force_login(cast.people["hr_elsewhere"])
    page = client.get(reverse("reorganization_list"))
    assert page.context["rows"] == []
    assert client.get(reverse("reorganization_detail", args=[row.pk])).status_code == 404


def test_the_list_costs_the_same_however_long(hr, cast, django_assert_max_num_queries):
    for number in range(6):
        planned(cast, name=f"Name {number}")
    with django_assert_max_num_queries(15):
        hr.get(reverse("reorganization_list"))
    with django_assert_max_num_queries(15):
        hr.get(reverse("reorganize", args=["FIRE"]))
    with django_assert_max_num_queries(15):
        hr.get(team_url())


def test_the_history_of_a_unit_tells_it_in_words(hr, cast):
    planned(cast, effective_on=TODAY)
    planned(cast, kind="merge", target=Organization.objects.get(code="WORKS"), name="")
    with clock.frozen(dt.date(2027, 3, 1)):
        apply_due()
    rows = hr.get(reverse("organization_events", args=["FIRE"])).context["rows"]
    assert [row["words"] for row in rows] == [
        "Merged into Works Division and closed from 1 March 2027 on",
        "Planned for 1 March 2027: Merge into another unit",
        "Renamed from “Fire Division” to “Fire”",
    ]
    people = hr.get(f"{reverse('organization_events', args=['WORKS'])}?show=people")
    words = [row["words"] for row in people.context["rows"]]
    assert len(words) == 5
    assert any(
        each.startswith(f"{cast.employee.full_name}: Firefighter in Works Division under")
        and "before: Fire under" in each
        for each in words
    )


def test_every_event_there_is_has_its_words(hr, cast):
    """Also of what happens outside reorganizations: roles, rosters, people."""
    unit = Organization.objects.get(code="FIRE")
    details = {
        "organization_created": {},
        "organization_moved": {"was": None, "parent": unit.pk},
        "organization_closed": {"on": "2027-02-01", "head": None},
        "organization_reopened": {"closed_on": "2027-02-01"},
        "head_appointed": {"was": cast.employee.pk},
        "reorganization_undone": {"kind": "move", "effective_on": "2027-03-01"},
        "reorganization_failed": {
            "kind": "move",
            "effective_on": "2027-03-01",
            "outcome": "It lies there already.",
        },
        "roster_imported": {"effective_on": "2027-02-01", "employees_created": 3},
        "role_granted": {"role": "auditor"},
        "role_revoked": {"role": "auditor", "on": "2027-02-01"},
        "exported": {"table": "People", "rows": 12},
        "separated": {"on": "2027-02-01"},
        "something_new": {},
    }
    for what, detail in details.items():
        OrgEvent.objects.create(
            at=clock.now(), what=what, detail=detail, organization=unit, person=cast.colleague
        )
    url = reverse("organization_events", args=["FIRE"])
    page = hr.get(f"{url}?show=below").content.decode()
    assert "Moved from nothing above to Fire Division" in page
    assert f"{cast.colleague.full_name} became head; before: {cast.employee.full_name}" in page
    assert "Could not be done on 1 March 2027: Move under another unit. It lies there" in page
    assert "3 people new" in page
    assert f"{cast.colleague.full_name} left" in hr.get(f"{url}?show=people").content.decode()
