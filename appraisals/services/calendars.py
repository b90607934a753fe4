"""The secret address of a person's calendar: made, renewed, removed."""

import secrets

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from appraisals.models import CalendarAddress
from orgchart import clock
from orgchart.models import Person

BYTES = 24
_SIGNER = "appraisals.calendar"


def _signer() -> Signer:
    return Signer(sep=".", salt=_SIGNER)


def make_address(person: Person) -> CalendarAddress:
    """A new one; whoever knew the old one sees nothing any more."""
    name = secrets.token_urlsafe(BYTES)
    address, _ = CalendarAddress.objects.update_or_create(
        person=person, defaults={"name": name, "made_at": clock.now()}
    )
    return address


def remove_address(person: Person) -> None:
    CalendarAddress.objects.filter(person=person).delete()


def path_of(address: CalendarAddress) -> str:
    """Who reads the table alone cannot write this: it is signed with the key of the installation."""
    return reverse("calendar_feed", args=[_signer().sign(address.name)])


def address_behind(token: str) -> CalendarAddress | None:
    try:
        name = _signer().unsign(token)
    except BadSignature:
        return None
    held = CalendarAddress.objects.select_related("person").filter(
        name=name, person__is_active=True
    )
    return held.first()
