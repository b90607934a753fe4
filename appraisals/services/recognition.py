"""Recognition at any time of the year (R12.1). It carries no amount: those are decided elsewhere (R12.6)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from appraisals.models import Element, Recognition, RecognitionKind
from appraisals.notifications import tell
from appraisals.rules import normalize_text
from appraisals.services.talk import note_on_record
from appraisals.talk_permissions import may_record_award, may_thank
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


@transaction.atomic
def recognize(
    recipient: Person,
    *,
    by: Person,
    kind: RecognitionKind,
    text: str,
    given_on: dt.date,
    element: Element | None = None,
) -> Recognition:
    allowed = may_thank if kind == RecognitionKind.THANKS else may_record_award
    if not allowed(by, recipient):
        raise PermissionDenied
    if given_on > clock.today():
        raise Refused("This day has not come yet. Record what was given when it was given.")
    said = Recognition.objects.create(
        recipient=recipient,
        giver=by,
        kind=kind,
        text=normalize_text(text),
        element=element,
        given_on=given_on,
        written_at=clock.now(),
    )
    note_on_record(
        recipient, name="recognize", by=by, details={"recognition": said.get_kind_display().lower()}
    )
    tell(
        recipient,
        "recognized",
        key=f"recognition:{said.pk}",
        link=reverse("recognition_list"),
        by=by.full_name,
        what=said.get_kind_display().lower(),
    )
    return said
