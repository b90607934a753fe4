"""Rows of `test_permission_matrix` for the second-level supervisor's pages, in its columns.

The supervisor is the rating official, the note and the reminder are the higher level reviewer's.
"""

from appraisals.models import CoachingNote, Nudge, NudgePurpose
from appraisals.services.coaching import send_nudge, write_note
from orgchart import clock
from tests.cast import PRACTICE_DAY, SECRET, Cast

ROWS = """
approve_several         GET  in   200  200  200  200  200  200  200  200  200  200  200
approve_several         POST in   405  405  405  405  405  405  405  405  405  405  405
approve_chosen          GET  in   422  422  422  422  422  422  422  422  422  422  422
approve_chosen          POST in   422  422  422  422  422  422  422  422  422  422  422
supervisor              GET  in   404  404  404  404  200  404  404  404  404  404  404
supervisor              POST in   405  405  405  405  405  405  405  405  405  405  405
note_new                GET  in   405  405  405  405  405  405  405  405  405  405  405
note_new                POST in   404  404  404  404  422  404  404  404  404  404  404
nudge_new               GET  in   404  404  404  404  200  404  404  404  404  404  404
nudge_new               POST in   404  404  404  404  422  404  404  404  404  404  404
notes                   GET  in   200  200  200  200  200  200  200  200  200  200  200
notes                   POST in   405  405  405  405  405  405  405  405  405  405  405
note_delete             GET  in   404  404  404  404  200  404  404  404  404  404  404
note_delete             POST in   404  404  404  404  302  404  404  404  404  404  404
nudge                   GET  in   404  404  200  404  200  404  404  404  404  404  404
nudge                   POST in   405  405  405  405  405  405  405  405  405  405  405
nudge_answer            GET  in   405  405  405  405  405  405  405  405  405  405  405
nudge_answer            POST in   404  404  409  404  403  404  404  404  404  404  404
"""


def make_coaching(cast: Cast) -> None:
    supervisor, reviewer = cast.rating_official, cast.higher_level_reviewer
    with clock.frozen(PRACTICE_DAY):
        write_note(supervisor, by=reviewer, noted_on=PRACTICE_DAY, text=SECRET)
        send_nudge(supervisor, by=reviewer, purpose=NudgePurpose.TALK, words=SECRET, cycle=None)


def arguments(cast: Cast) -> dict[str, list[object]]:
    return {
        **{key: [cast.rating_official.dod_id] for key in ("supervisor", "note_new", "nudge_new")},
        "note_delete": [CoachingNote.objects.get().pk],
        **{key: [Nudge.objects.get().pk] for key in ("nudge", "nudge_answer")},
    }
