"""Who hears of goals, reminders, officials and reorganizations; and what is undone is untold."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from appraisals.models import Goal, Kind, Notice, NudgePurpose, State
from appraisals.notifications import tell
from appraisals.services.coaching import answer_nudge, send_nudge
from appraisals.services.goals import note_opened, publish
from appraisals.services.officials import name_officials
from appraisals.services.reorganizing import decide, rehearse
from orgchart import clock
from orgchart.errors import Refused
from tests.appraisals.reorganizing import AHEAD, TODAY, hr_of_all, unit, wanted
from tests.cast import Cast, make_document, make_record, take

pytestmark = pytest.mark.django_db


def heard(kind: str) -> dict[str, str]:
    """Who heard of it, by e-mail address before the @, and its title."""
    rows = Notice.objects.filter(kind=kind).values_list("recipient__email", "title")
    return {email.partition("@")[0]: title for email, title in rows}


@pytest.fixture
def published(cast: Cast) -> Cast:
    Goal.objects.create(
        cycle=cast.cycle,
        organization=cast.places["FIRE"],
        title="Faster",
        serves=cast.goals[2],
    )
    with clock.frozen(dt.date(2027, 3, 1)):
        publish(cast.places["FIRE"], cast.cycle, by=cast.higher_level_reviewer)
    return cast


def test_goals_are_told_to_the_unit_and_the_heads_below(published: Cast) -> None:
    title = "Fire Division published its mission and goals"
    assert heard("goals_published") == dict.fromkeys(
        ["dana.official", "fern.former", "maria.employee", "carl.colleague"], title
    )


def test_a_command_tells_the_heads_of_its_divisions_not_everybody(cast: Cast) -> None:
    Goal.objects.create(
        cycle=cast.cycle, organization=cast.places["CMD"], title="Safer", serves=cast.goals[1]
    )
    with clock.frozen(dt.date(2027, 3, 1)):
        publish(cast.places["CMD"], cast.cycle, by=cast.leader)
    assert set(heard("goals_published")) == {"henry.reviewer", "rita.otherreviewer", "hanna.human"}


def test_whoever_opened_the_goals_has_read_of_them(published: Cast) -> None:
    note_opened(published.places["FIRE"], published.cycle, by=published.employee)

    mine = Notice.objects.filter(recipient=published.employee)
    assert not mine.unread().exists()
    assert not mine.to_be_posted().exists()


def test_a_reminder_is_told_and_answered(cast: Cast) -> None:
    nudge = send_nudge(
        cast.rating_official,
        by=cast.higher_level_reviewer,
        purpose=NudgePurpose.TALK,
        words="",
        cycle=None,
    )
    assert heard("nudge") == {"dana.official": "Henry Reviewer reminds you: Let us talk"}

    answer_nudge(nudge, by=cast.rating_official, answer="done")
    assert not Notice.objects.unread().exists()


def test_a_refused_reminder_is_not_told(cast: Cast) -> None:
    given: dict[str, Any] = {
        "by": cast.higher_level_reviewer,
        "purpose": NudgePurpose.TALK,
        "cycle": None,
    }
    send_nudge(cast.rating_official, words="", **given)
    with pytest.raises(Refused):
        send_nudge(cast.rating_official, words="", **given)
    assert Notice.objects.filter(kind="nudge").count() == 1


def test_new_officials_are_told_to_all_whom_it_touches(cast: Cast) -> None:
    record = make_record(cast)
    name_officials(
        record,
        rating_official=cast.official_elsewhere,
        higher_level_reviewer=cast.reviewer_elsewhere,
        by=cast.hr,
        reason="Reassigned.",
    )
    assert heard("record_handed_over") == {
        "maria.employee": "Otto Otherofficial is your rating official",
        "otto.otherofficial": "Maria Employee is rated by you now",
        "rita.otherreviewer": "You are the higher level reviewer of Maria Employee now",
        "dana.official": "Maria Employee is rated by Otto Otherofficial now",
        "henry.reviewer": "Maria Employee has another higher level reviewer now",
    }
    former = Notice.objects.get(recipient=cast.rating_official, kind="record_handed_over")
    assert former.link == "/"


def test_the_same_officials_again_tell_nobody(cast: Cast) -> None:
    record = make_record(cast)
    name_officials(
        record,
        rating_official=record.rating_official,
        higher_level_reviewer=record.higher_level_reviewer,
        by=cast.hr,
        reason="Nothing new.",
    )
    assert heard("record_handed_over") == {}


def test_a_merger_is_told_to_its_people(cast: Cast) -> None:
    with clock.frozen(TODAY):
        decide(wanted(cast, "merge", target=unit("WORKS")), by=hr_of_all(cast))
    told = heard("reorganized")
    assert set(told) == {
        "henry.reviewer",
        "dana.official",
        "fern.former",
        "maria.employee",
        "carl.colleague",
    }
    assert set(told.values()) == {"Fire Division became a part of Works Division"}


def test_a_new_supervisor_is_told_to_both_sides(cast: Cast) -> None:
    make_record(cast)
    with clock.frozen(TODAY):
        decide(
            wanted(
                cast,
                "supervisor",
                person=cast.former_rating_official,
                former_supervisor=cast.rating_official,
                whole_team=True,
                officials_follow=True,
            ),
            by=hr_of_all(cast),
        )
    assert heard("reorganized") == {
        "maria.employee": "You answer to Fern Former now",
        "carl.colleague": "You answer to Fern Former now",
        "fern.former": "2 people answer to you now",
    }
    assert heard("record_handed_over") == {
        "maria.employee": "Fern Former is your rating official",
        "fern.former": "Maria Employee is rated by you now",
        "dana.official": "Maria Employee is rated by Fern Former now",
    }


@pytest.mark.parametrize("step", ["ahead", "rehearsed"])
def test_what_has_not_happened_is_not_told(cast: Cast, step: str) -> None:
    with clock.frozen(TODAY):
        by = hr_of_all(cast)
        if step == "ahead":
            decide(wanted(cast, "merge", target=unit("WORKS"), effective_on=AHEAD), by=by)
        else:
            rehearse(wanted(cast, "merge", target=unit("WORKS")), by=by)
    assert heard("reorganized") == {}


def test_a_new_name_is_told_to_nobody(cast: Cast) -> None:
    with clock.frozen(TODAY):
        decide(wanted(cast, "rename", name="Fire and Rescue"), by=hr_of_all(cast))
    assert heard("reorganized") == {}


def test_acting_on_a_document_reads_what_was_told_of_its_record(cast: Cast) -> None:
    document = make_document(cast, Kind.PERFORMANCE_PLAN, State.APPROVED)
    official = cast.rating_official
    tell(
        official,
        "record_handed_over",
        key="x",
        link=document.appraisal.get_absolute_url(),
        employee="Maria Employee",
        part="official",
    )
    assert Notice.objects.unread().filter(recipient=official).count() == 2

    take(document, "communicate", cast=cast, on=dt.date(2026, 6, 20))
    assert not Notice.objects.unread().filter(recipient=official).exists()


def test_a_step_that_did_not_happen_is_told_nobody(cast: Cast) -> None:
    """The notice is written with its cause, so it is gone with it as well."""
    with transaction.atomic():
        make_document(cast, Kind.PERFORMANCE_PLAN, State.IN_REVIEW)
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
