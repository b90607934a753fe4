"""What a second-level supervisor keeps and says about the first-level supervisors below."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    CoachingNote,
    Nudge,
    NudgeAnswer,
    NudgePurpose,
)
from appraisals.notifications import tell, withdraw
from appraisals.permissions import may_coach, works_under
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


def supervisors_below(user: Person) -> QuerySet[Person]:
    """Who rates or rated people whose records `user` reviews, or leads people and answers to `user`."""
    reviewed = Appraisal.objects.filter(rating_official=OuterRef("pk"), higher_level_reviewer=user)
    return Person.objects.filter(Exists(reviewed) | works_under(user)).exclude(pk=user.pk)


def write_note(supervisor: Person, *, by: Person, noted_on: dt.date, text: str) -> CoachingNote:
    if not may_coach(by, supervisor):
        raise PermissionDenied
    return CoachingNote.objects.create(
        writer=by, about=supervisor, noted_on=noted_on, text=text, written_at=clock.now()
    )


def delete_note(note: CoachingNote, *, by: Person) -> None:
    """For good: nothing of it is kept anywhere."""
    if note.writer_id != by.pk:
        raise PermissionDenied
    note.delete()


def send_nudge(
    supervisor: Person,
    *,
    by: Person,
    purpose: NudgePurpose,
    words: str,
    cycle: AppraisalCycle | None,
    employee_ids: Sequence[int] = (),
    late: int = 0,
) -> Nudge:
    """`employee_ids`: who the purpose stands on; nobody for a talk, somebody for everything else."""
    if not may_coach(by, supervisor):
        raise PermissionDenied
    if purpose != NudgePurpose.TALK and not employee_ids:
        raise Refused(f"{purpose.label}: there is nothing left. Nothing was sent.")
    try:
        with transaction.atomic():
            nudge = Nudge.objects.create(
                sender=by,
                supervisor=supervisor,
                purpose=purpose,
                cycle=cycle,
                employee_ids=sorted(employee_ids),
                late=late,
                words=words,
                sent_on=clock.today(),
                sent_at=clock.now(),
            )
            # Its own words are for the page: an e-mail carries no text that somebody wrote.
            tell(
                supervisor,
                "nudge",
                key=f"nudge:{nudge.pk}",
                link=nudge.get_absolute_url(),
                by=by.full_name,
                what=nudge.title,
            )
            return nudge
    except IntegrityError as error:
        if "one_nudge_a_day_and_purpose" not in str(error):
            raise
        raise Refused(
            f"{supervisor.full_name} was reminded of this today already; once a day is enough. "
            "Nothing was sent."
        ) from None


@transaction.atomic
def answer_nudge(nudge: Nudge, *, by: Person, answer: str) -> NudgeAnswer:
    """The first answer stands; giving one again changes nothing."""
    if nudge.supervisor_id != by.pk:
        raise PermissionDenied
    given, _ = NudgeAnswer.objects.get_or_create(
        nudge=nudge, defaults={"answer": answer, "answered_at": clock.now()}
    )
    withdraw(by, link=nudge.get_absolute_url())
    return given


def open_nudges(user: Person) -> QuerySet[Nudge]:
    """What this supervisor was reminded of and has not answered, the newest first."""
    return Nudge.objects.filter(supervisor=user).unanswered().select_related("sender", "cycle")
