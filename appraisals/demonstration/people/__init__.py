"""Everybody in the demonstration: invented, each of them."""

from appraisals.demonstration.people import elsewhere, garrison, public_works, services
from appraisals.demonstration.people.cast import PersonText

PEOPLE: tuple[PersonText, ...] = (
    *elsewhere.ABOVE,
    *garrison.PEOPLE,
    *public_works.PEOPLE,
    *services.PEOPLE,
    *elsewhere.NAVY,
)
