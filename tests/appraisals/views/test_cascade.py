"""Goals come down: written, published, taken over below, changed, retired, carried over (R14.1)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from appraisals.models import (
    AppraisalCycle,
    Element,
    Goal,
    GoalPublication,
    GoalVersion,
    Kind,
    MissionStatement,
    State,
    Way,
)
from appraisals.problems import plan_of
from appraisals.selectors import goals_for
from appraisals.services.writing import copied_values
from orgchart import clock
from orgchart.models import Person
from tests.appraisals.views.opening import opened, posted, text_of
from tests.cast import CYCLE_ENDS, CYCLE_STARTS, PRACTICE_DAY, Cast, make_cast, make_document

ON = dt.date(2026, 6, 1)
LATER = dt.date(2026, 6, 8)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(ON):
        yield


def goal(code: str) -> Goal:
    return Goal.objects.filter(organization__code=code).latest("pk")


def page(user: Person, name: str, *args: object, on: dt.date = ON, **query: object) -> str:
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return text_of(opened(user, f"{reverse(name, args=args)}?{words}", on=on))


def do(user: Person, name: str, *args: object, on: dt.date = ON, **data: object) -> str:
    return text_of(posted(user, reverse(name, args=args), data, on=on))


# ------------------------------------------------------------------------- adopt, adapt, add


def test_a_leader_below_adopts_adapts_and_adds(cast: Cast) -> None:
    head, above = cast.higher_level_reviewer, goal("CMD")
    assert "From above Adopt a goal as it is" in page(head, "goals", "FIRE")
    do(head, "goal_adopt", "FIRE", goal=above.pk)
    adopted = goal("FIRE")
    assert (adopted.title, adopted.serves, adopted.way) == (above.title, above, Way.ADOPTED)
    assert adopted.published_at is None

    form = opened(head, f"{reverse('goal_new', args=['FIRE'])}?above={above.pk}", on=ON)
    assert "Protect the installation" in form.content.decode()
    given = {"title": "Put out every fire", "serves": above.pk, "position": 2}
    address = f"{reverse('goal_new', args=['FIRE'])}?above={above.pk}"
    posted(head, address, given, on=ON)
    assert (goal("FIRE").way, goal("FIRE").serves) == (Way.ADAPTED, above)

    given = {"title": "A fire station open to schools", "position": 3}
    assert "or say below why it serves none" in do(head, "goal_new", "FIRE", **given)
    do(head, "goal_new", "FIRE", **given, serves_none="Asked of us by the county")
    assert (goal("FIRE").way, goal("FIRE").serves_none) == (Way.ADDED, "Asked of us by the county")
    assert Goal.objects.filter(organization__code="FIRE").count() == 3


def test_adopting_twice_adopts_once(cast: Cast) -> None:
    for _ in range(2):
        do(cast.higher_level_reviewer, "goal_adopt", "FIRE", goal=goal("CMD").pk)
    assert Goal.objects.filter(organization__code="FIRE").count() == 1


def test_an_adopted_goal_in_other_words_is_adapted(cast: Cast) -> None:
    head = cast.higher_level_reviewer
    do(head, "goal_adopt", "FIRE", goal=goal("CMD").pk)
    mine = goal("FIRE")
    given = {"title": "In our words", "serves": mine.serves_id, "position": 1}
    do(head, "goal_edit", mine.pk, **given)
    assert goal("FIRE").way == Way.ADAPTED


@pytest.mark.parametrize("asked", ["", "x", "0", "999999999", "1" * 40])
def test_what_is_not_offered_is_not_adopted(cast: Cast, asked: str) -> None:
    shown = do(cast.higher_level_reviewer, "goal_adopt", "FIRE", goal=asked)
    assert "not offered any more" in shown
    assert not Goal.objects.filter(organization__code="FIRE").exists()


def test_a_draft_above_is_neither_seen_nor_offered(cast: Cast) -> None:
    Goal.objects.filter(organization__code="CMD").update(published_at=None)
    MissionStatement.objects.create(
        cycle=cast.cycle, organization=cast.places["CMD"], text="Secret mission"
    )
    head = cast.higher_level_reviewer
    for shown in (page(head, "goals", "CMD"), page(head, "goals", "FIRE")):
        assert "Protect the installation" not in shown
        assert "Secret mission" not in shown
    assert "not offered" in do(head, "goal_adopt", "FIRE", goal=goal("CMD").pk)
    assert "Secret mission" in page(cast.leader, "goals", "CMD")
    assert not goals_for(cast.places["FIRE"], cast.cycle).filter(organization__code="CMD").exists()


# ------------------------------------------------------------------------------- publishing


def test_publishing_tells_those_below_until_they_open_it(cast: Cast) -> None:
    head = cast.higher_level_reviewer
    do(cast.leader, "goal_new", "CMD", title="Care", serves=goal("ARMY").pk, position=2)
    assert "1 goal still to be published" in page(cast.leader, "goals", "CMD")
    news = "Lena Leader published goals of Installation Command for FY 2027, on 1 June 2026."
    assert news not in page(head, "home")
    assert "Care" in page(cast.leader, "goals_publish", "CMD")
    do(cast.leader, "goals_publish", "CMD")
    assert goal("CMD").published_at is not None
    assert GoalPublication.objects.get().details["goals"] == ["Care"]
    for person in (head, cast.employee, cast.hr):
        assert news in page(person, "home", on=LATER)
    for person in (cast.leader, cast.army_chief, cast.leader_elsewhere):
        assert "News for you" not in page(person, "home", on=LATER)
    assert "Care" in page(cast.employee, "goals", "CMD", on=LATER)
    assert news not in page(cast.employee, "home", on=LATER)
    assert news in page(head, "home", on=LATER)
    assert news not in page(cast.employee, "home", on=PRACTICE_DAY)


def test_a_change_is_seen_at_once_and_told_when_published_again(cast: Cast) -> None:
    do(cast.leader, "goal_new", "CMD", title="Care", serves=goal("ARMY").pk, position=2)
    do(cast.leader, "goals_publish", "CMD")
    mine = goal("CMD")
    given = {"title": "Care well", "serves": mine.serves_id, "position": 2}
    do(cast.leader, "goal_edit", mine.pk, on=LATER, **given)
    assert "Care well" in page(cast.employee, "goals", "CMD", on=LATER)
    assert "1 change since those below were told" in page(cast.leader, "goals", "CMD", on=LATER)
    do(cast.leader, "goals_publish", "CMD", on=LATER)
    assert GoalPublication.objects.count() == 2
    assert "8 June 2026" in page(cast.employee, "home", on=LATER)
    assert "1 June 2026" not in page(cast.employee, "home", on=LATER)
    assert "Nothing is new" in do(cast.leader, "goals_publish", "CMD", on=LATER)
    assert GoalPublication.objects.count() == 2


def test_a_goal_without_link_or_reason_is_not_published(cast: Cast) -> None:
    bare = Goal.objects.create(cycle=cast.cycle, organization=cast.places["CMD"], title="Alone")
    assert "Not ready yet" in page(cast.leader, "goals_publish", "CMD")
    assert "Still missing: “Alone”" in do(cast.leader, "goals_publish", "CMD")
    bare.refresh_from_db()
    assert bare.published_at is None
    assert not GoalPublication.objects.exists()


def test_the_top_needs_no_link(cast: Cast) -> None:
    do(cast.secretary, "goal_new", "DOD", title="Care for people", position=2)
    do(cast.secretary, "goals_publish", "DOD")
    assert goal("DOD").published_at is not None


def test_a_mission_is_published_too(cast: Cast) -> None:
    do(cast.leader, "mission_edit", "CMD", text="Hold the fort.")
    assert "Hold the fort." not in page(cast.employee, "goals", "FIRE")
    do(cast.leader, "goals_publish", "CMD")
    assert "Hold the fort." in page(cast.employee, "goals", "FIRE")


# --------------------------------------------------------------------------------- history


def test_the_history_shows_each_change_word_by_word(cast: Cast) -> None:
    mine = goal("CMD")
    given = {"title": "Protect the whole installation", "serves": mine.serves_id, "position": 1}
    do(cast.leader, "goal_edit", mine.pk, **given)
    do(cast.leader, "goal_retire", mine.pk, reason="Merged")
    shown = page(cast.army_chief, "goals_history", "CMD")
    assert "Changed: “Protect the whole installation” Lena Leader" in shown
    assert "Protect the [added] whole [end]" in shown
    version = GoalVersion.objects.get()
    assert version.before["title"] == "Protect the installation"
    assert version.after["title"] == "Protect the whole installation"
    for reader in (cast.employee, cast.navy_chief, cast.auditor):
        assert opened(reader, reverse("goals_history", args=["CMD"]), on=ON).status_code == 403


@pytest.mark.parametrize("model", [GoalVersion, GoalPublication])
def test_histories_are_only_ever_added_to(cast: Cast, model: type) -> None:
    do(cast.leader, "goal_new", "CMD", title="Care", serves=goal("ARMY").pk, position=2)
    do(cast.leader, "goals_publish", "CMD")
    row = model.objects.latest("pk")
    for spoil in (row.save, row.delete):
        with transaction.atomic(), pytest.raises(IntegrityError, match="append_only"):
            spoil()


# -------------------------------------------------------------------------------- retiring


def test_a_goal_in_use_is_retired_stays_on_plans_and_is_not_offered(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    mine, leader = goal("CMD"), cast.leader
    assert "Choose a day from today" in do(
        leader, "goal_retire", mine.pk, retired_on="2026-05-31", reason="x"
    )
    assert "Say why" in do(leader, "goal_retire", mine.pk, retired_on="2026-06-15")
    do(leader, "goal_retire", mine.pk, retired_on="2026-06-15", reason="Merged into another.")
    offered = goals_for(cast.places["FIRE"], cast.cycle)
    assert mine in offered
    retired = dt.date(2026, 6, 15)
    with clock.frozen(retired):
        assert mine not in goals_for(cast.places["FIRE"], cast.cycle)
        assert mine in goals_for(cast.places["FIRE"], cast.cycle, chosen=mine.pk)
        assert copied_values(plan.elements.latest("pk"), plan)["goal_id"] is None
    seen = page(cast.employee, "appraisal_detail", plan.appraisal_id, on=retired)
    assert "Protect the installation (retired)" in seen
    shown = page(leader, "goals", "CMD", on=retired)
    assert "Retired since 15 June 2026: Merged into another. 2 elements still serve it." in shown
    assert "not offered" in do(
        cast.higher_level_reviewer, "goal_adopt", "FIRE", goal=mine.pk, on=retired
    )
    # The draft that serves it can still be saved.
    element = Element.objects.filter(plan=plan).latest("pk")
    given = {"title": "New", "version": element.version, "goal_id": mine.pk}
    posted(cast.rating_official, reverse("element_edit", args=[element.pk]), given, on=retired)
    element.refresh_from_db()
    assert (element.title, element.goal_id) == ("New", mine.pk)
    do(leader, "goal_retire", mine.pk, on=retired)
    assert goal("CMD").retired_on is None
    assert [each.what for each in GoalVersion.objects.all()] == ["retired", "kept"]


def test_a_draft_is_not_retired(cast: Cast) -> None:
    Goal.objects.filter(pk=goal("CMD").pk).update(published_at=None)
    shown = do(cast.leader, "goal_retire", goal("CMD").pk, retired_on="2026-06-15", reason="x")
    assert "This goal is a draft. Delete it instead." in shown


# ---------------------------------------------------------------------------- carrying over


@pytest.fixture
def next_year(cast: Cast) -> AppraisalCycle:
    return AppraisalCycle.objects.create(
        name="FY 2028",
        organization=cast.places["DOD"],
        starts_on=CYCLE_STARTS.replace(year=2027),
        ends_on=CYCLE_ENDS.replace(year=2028),
        effective_on=dt.date(2028, 6, 1),
        opened_at=clock.now(),
    )


def test_last_years_goals_are_carried_over_as_drafts_in_one_step(
    cast: Cast, next_year: AppraisalCycle
) -> None:
    query = f"?cycle={next_year.pk}"
    address = reverse("goals_carry_over", args=["DOD"]) + query
    offer = "Carry over from FY 2027"
    assert offer in page(cast.secretary, "goals", "DOD", cycle=next_year.pk)
    posted(cast.secretary, address, on=ON)
    posted(cast.secretary, reverse("goals_publish", args=["DOD"]) + query, on=ON)
    posted(cast.army_chief, address.replace("DOD", "ARMY"), on=ON)
    carried = goal("ARMY")
    assert (carried.cycle, carried.title, carried.published_at) == (
        next_year,
        "Project power",
        None,
    )
    assert carried.serves == goal("DOD")
    assert goal("DOD").cycle == next_year
    assert MissionStatement.objects.filter(cycle=next_year, organization__code="DOD").exists()
    assert offer not in page(cast.army_chief, "goals", "ARMY", cycle=next_year.pk)
    posted(cast.army_chief, address.replace("DOD", "ARMY"), on=ON)
    assert Goal.objects.filter(cycle=next_year, organization__code="ARMY").count() == 1


def test_where_nothing_above_is_published_the_link_is_to_be_chosen(
    cast: Cast, next_year: AppraisalCycle
) -> None:
    address = reverse("goals_carry_over", args=["ARMY"]) + f"?cycle={next_year.pk}"
    posted(cast.army_chief, address, on=ON)
    assert goal("ARMY").serves is None


def test_there_must_be_a_cycle_before(cast: Cast) -> None:
    assert "no cycle before" in do(cast.leader, "goals_carry_over", "CMD")


# ------------------------------------------------------------------------ line of sight, alignment


def test_line_of_sight_reaches_the_mission(client: Client, cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.ACKNOWLEDGED)
    shown = page(cast.employee, "line_of_sight", on=LATER)
    for words in ("Deter war.", "Provide the forces needed to deter war", "Project power"):
        assert words in shown
    assert "2 elements of your plan serve a goal" in shown
    assert "you alone, so far" in shown
    drawn = opened(cast.employee, reverse("line_of_sight"), on=LATER).content.decode()
    assert "sight-drawing" in drawn
    assert "1 person serves it" in drawn


def test_line_of_sight_without_a_plan(client: Client, cast: Cast) -> None:
    assert "No plan yet" in page(cast.colleague, "line_of_sight")
    client.force_login(cast.colleague)
    assert client.post(reverse("line_of_sight")).status_code == 405


def test_alignment_counts_who_serves_what_and_names_the_gaps(cast: Cast) -> None:
    plan = make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    Element.objects.create(plan=plan, number=3, title="Filing")
    shown = page(cast.army_chief, "alignment", "CMD", on=LATER)
    assert "67% of elements serve a goal" in shown
    assert "Protect the installation 1 person · 2 elements, 67% of elements here" in shown
    assert "1 element serves none of 3 elements" in shown
    assert "Fire Division has no goals of its own for its 3 elements" in shown
    above = page(cast.secretary, "alignment", "DOD", on=LATER)
    assert "Provide the forces needed to deter war 1 person · 2 elements, 67%" in above
    unserved = page(cast.navy_chief, "alignment", "NAVY", on=LATER)
    assert "No goals for this cycle" in unserved


def test_alignment_shows_goals_to_everybody_and_numbers_to_leaders_and_hr(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    for person in (cast.leader, cast.army_chief, cast.hr):
        assert "of elements serve a goal" in page(person, "alignment", "CMD", on=LATER)
    for person in (cast.employee, cast.navy_chief, cast.hr_elsewhere, cast.auditor):
        shown = page(person, "alignment", "CMD", on=LATER)
        assert "Protect the installation" in shown
        for number in ("person", "2 elements", "%", "Where the gaps are"):
            assert number not in shown


def test_the_tree_opens_level_by_level(cast: Cast) -> None:
    make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT)
    top = Goal.objects.get(organization__code="DOD")
    first = opened(cast.secretary, reverse("alignment", args=["DOD"]), on=LATER).content.decode()
    address = reverse("goal_below", args=[top.pk])
    assert f'hx-get="{address}"' in first
    shown = page(cast.secretary, "goal_below", top.pk, on=LATER)
    assert "Project power Department of the Army 1 person · 2 elements, 100%" in shown
    client = Client(headers={"HX-Request": "true"})
    client.force_login(cast.secretary)
    with clock.frozen(LATER):
        part = client.get(address).content.decode()
    assert "Project power" in part
    assert "<main" not in part
    lowest = page(cast.secretary, "goal_below", goal("CMD").pk, on=LATER)
    assert "2 elements serve it straight" in lowest
    seen = page(cast.leader, "goal_below", top.pk, on=LATER)
    assert "Project power" in seen
    assert "2 elements" not in seen
    mine = page(cast.leader, "goal_below", goal("ARMY").pk, on=LATER)
    assert "Protect the installation Installation Command 1 person · 2 elements" in mine


def test_a_draft_has_no_branch(cast: Cast) -> None:
    Goal.objects.filter(pk=goal("CMD").pk).update(published_at=None)
    address = reverse("goal_below", args=[goal("CMD").pk])
    assert opened(cast.employee, address, on=ON).status_code == 404


def test_an_element_linked_by_the_supervisor_is_counted(cast: Cast) -> None:
    plan = plan_of(make_document(cast, Kind.PERFORMANCE_PLAN, State.DRAFT).appraisal)
    assert plan is not None
    do(cast.rating_official, "element_new", plan.pk, title="Inspections", goal_id=goal("ARMY").pk)
    assert "1 person · 3 elements" in page(cast.army_chief, "alignment", "ARMY", on=LATER)
