"""The address by which somebody outside gives the feedback they were asked for: signed, and good for once."""

import secrets

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from appraisals.models import FeedbackRequest

BYTES = 24


def _signer() -> Signer:
    return Signer(sep=".", salt="appraisals.feedback")


def new_link_name() -> str:
    return secrets.token_urlsafe(BYTES)


def path_of(asked: FeedbackRequest) -> str:
    """Who reads the table alone cannot write this: it is signed with the key of the installation."""
    return reverse("feedback_answer", args=[_signer().sign(asked.link_name)])


def request_behind(token: str) -> FeedbackRequest | None:
    """Also one that is over: who follows an old link is told so."""
    try:
        name = _signer().unsign(token)
    except BadSignature:
        return None
    if not name:
        return None
    asked = FeedbackRequest.objects.select_related("about", "asked_by", "giver")
    return asked.filter(link_name=name).first()
