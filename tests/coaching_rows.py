"""A note and a reminder for `test_permission_matrix`, and what its addresses need to reach them.

The supervisor is the rating official, the note and the reminder are the higher level reviewer's.
"""

from appraisals.models import CoachingNote, Nudge, NudgePurpose
from appraisals.services.coaching import send_nudge, write_note
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast


def make_coaching(cast: Cast) -> None:
    supervisor, reviewer = cast.rating_official, cast.higher_level_reviewer
    with clock.frozen(PRACTICE_DAY):
        write_note(supervisor, by=reviewer, noted_on=PRACTICE_DAY, text=SECRET)
        send_nudge(supervisor, by=reviewer, purpose=NudgePurpose.TALK, words=SECRET, cycle=None)


def coaching_arguments(cast: Cast) -> dict[str, list[object]]:
    return {
        **{key: [cast.rating_official.dod_id] for key in ("supervisor", "note_new", "nudge_new")},
        "note_delete": [CoachingNote.objects.get().pk],
        **{key: [Nudge.objects.get().pk] for key in ("nudge", "nudge_answer")},
    }
