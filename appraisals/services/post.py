"""What a person chooses about mail, and what HR does with mail that did not arrive."""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

from appraisals.models import Letter, LetterResend, LetterState, Notice, PostPreference, Rhythm
from appraisals.models.post import LetterQuerySet
from appraisals.notifications import policy_over, time_for
from appraisals.tasks import deliver_post
from orgchart import clock
from orgchart.models import Person
from orgchart.waking import wake

BATCH = 1000


@transaction.atomic
def choose_rhythm(person: Person, rhythm: Rhythm) -> None:
    """From now on, also for what is written and has not gone out."""
    PostPreference.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    mandatory, now = policy_over(person).mandatory_notices, clock.now()
    waiting = Notice.objects.visible_to(person).to_be_posted()
    for kind in waiting.values_list("kind", flat=True).distinct():
        at = time_for(kind, rhythm, mandatory=kind in mandatory, now=now)
        waiting.filter(kind=kind).update(post_at=at)
    wake(deliver_post)


@transaction.atomic
def resend(letters: LetterQuerySet, *, by: Person) -> int:
    """How many go out once more, to the address their people have now; each is noted."""
    again = letters.visible_to(by).undelivered().filter(recipient__is_active=True)
    held = list(
        again.exclude(recipient__email="")
        .select_for_update(of=("self",))
        .values_list("pk", "last_error")
    )
    at = clock.now()
    LetterResend.objects.bulk_create(
        (LetterResend(letter_id=pk, by=by, at=at, error=error) for pk, error in held),
        batch_size=BATCH,
    )
    address = Person.objects.filter(pk=OuterRef("recipient")).values("email")
    Letter.objects.filter(pk__in=[pk for pk, _ in held]).update(
        state=LetterState.WAITING,
        address=Subquery(address),
        attempts=0,
        next_try_at=Now(),
        ended_at=None,
    )
    wake(deliver_post)
    return len(held)
