"""Who hears of a step, of new officials, of a reorganization: the parties, never more than they may see."""

from collections.abc import Mapping

from django.urls import reverse

from appraisals.models import CONFIDENTIAL, Appraisal, AppraisalEvent, Document, Notice
from appraisals.models.scope import Party
from appraisals.notifications.kinds import KINDS
from appraisals.notifications.telling import Telling, tell_each
from orgchart import clock
from orgchart.models import Person

PARTIES = (Party.EMPLOYEE, Party.RATING_OFFICIAL, Party.HIGHER_LEVEL_REVIEWER)
ENTERED = "entered_for_you"


def tell_of_step(
    document: Document,
    event: AppraisalEvent,
    tells: Mapping[Party, str],
    *,
    for_whom: Person | None,
) -> None:
    _settle(document, event.by)
    tell_each(step_told(document, event, tells, for_whom=for_whom))


def step_told(
    document: Document,
    event: AppraisalEvent,
    tells: Mapping[Party, str],
    *,
    for_whom: Person | None,
) -> list[Telling]:
    """`tells` is the row's own. Whoever took the step hears nothing; whose part it was, and had it entered
    by somebody else, hears of that at least."""
    appraisal, by = document.appraisal, event.by
    told: dict[int, tuple[Person, str]] = {
        person.pk: (person, kind)
        for party, kind in tells.items()
        if (person := getattr(appraisal, party.value)) is not None
    }
    if for_whom is not None:
        told.setdefault(for_whom.pk, (for_whom, ENTERED))
    told.pop(by.pk, None)
    policy = document.policy.rules()
    words = {
        # A title may stand on a screen that others see, and in a mailbox.
        "what": "A document" if document.kind in CONFIDENTIAL else document.title,
        "employee": appraisal.employee.full_name,
        "by": by.full_name,
    }
    return [
        Telling(
            recipient=person,
            kind=kind,
            key=f"step:{event.pk}",
            link=document.get_absolute_url(),
            policy=policy,
            words={**words, "is_own": person.pk == appraisal.employee_id},
        )
        for person, kind in told.values()
    ]


def _settle(document: Document, by: Person) -> None:
    """Work that was told of this document is done or somebody else's now; the actor knows all of it."""
    people = [getattr(document.appraisal, f"{party.value}_id") for party in PARTIES]
    about = Notice.objects.filter(link=document.get_absolute_url())
    worked_off = [kind.name for kind in KINDS.values() if kind.is_worked_off]
    about.filter(recipient__in=[pk for pk in people if pk], kind__in=worked_off).note_read(
        clock.now()
    )
    links = [document.get_absolute_url(), document.appraisal.get_absolute_url()]
    Notice.objects.filter(recipient=by, link__in=links).note_read(clock.now())


def officials_told(
    appraisal: Appraisal,
    former_official: Person,
    former_reviewer: Person | None,
    event: AppraisalEvent,
) -> list[Telling]:
    """A record went to other hands: the employee, those who have it now and those who had it."""
    official, reviewer = appraisal.rating_official, appraisal.higher_level_reviewer
    told: dict[int, tuple[Person, str]] = {}
    if reviewer != former_reviewer:
        if former_reviewer:
            told[former_reviewer.pk] = (former_reviewer, "former_reviewer")
        if reviewer:
            told[reviewer.pk] = (reviewer, "reviewer")
    if official != former_official:
        told.setdefault(former_official.pk, (former_official, "former_official"))
        told[official.pk] = (official, "official")
    if told:
        told[appraisal.employee.pk] = (appraisal.employee, "employee")
    told.pop(event.by_id, None)
    words = {
        "employee": appraisal.employee.full_name,
        "official": official.full_name,
        "reviewer": reviewer.full_name if reviewer else "",
        "cycle": appraisal.cycle.name,
    }
    return [
        Telling(
            recipient=person,
            kind="record_handed_over",
            key=f"officials:{event.pk}",
            # Who had it may not open it any more.
            link=reverse("home") if part.startswith("former") else appraisal.get_absolute_url(),
            words={**words, "part": part},
        )
        for person, part in told.values()
    ]
