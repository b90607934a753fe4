"""Who hears that somebody leaves: who leaves, who takes over, whom they rate; of what is owed who writes it."""

from collections.abc import Sequence
from typing import Protocol

from django.urls import reverse

from appraisals import rules
from appraisals.models import Appraisal, Departure, Kind, Part
from appraisals.notifications.telling import Telling, tell_each
from orgchart import clock
from orgchart.models import Person
from orgchart.selectors import administrators_of


class Handed(Protocol):
    """A line of `services.departing`."""

    @property
    def appraisal(self) -> Appraisal: ...
    @property
    def part(self) -> Part: ...
    @property
    def owes(self) -> rules.Departure: ...
    @property
    def official(self) -> Person: ...
    @property
    def writer(self) -> Person: ...


def tell_of_plan(departure: Departure, lines: Sequence[Handed]) -> None:
    """The person, whoever takes over, and everybody whose rating official changes."""
    rated = [line for line in lines if line.part == Part.RATES]
    told = [_telling(departure, departure.person, "leaver", departure.get_absolute_url())]
    for heir in departure.heirs:
        taken = sum(line.official == heir for line in lines)
        told += [_telling(departure, heir, "successor", departure.get_absolute_url(), count=taken)]
    told += [
        _telling(
            departure,
            line.appraisal.employee,
            "employee",
            line.appraisal.get_absolute_url(),
            official=line.official.full_name,
            owed=line.owes.owed or "",
        )
        for line in rated
    ]
    _tell(departure, told)


def tell_what_is_owed(departure: Departure, lines: Sequence[Handed]) -> None:
    """One notice for each who has something to write, however many records."""
    writers = {line.writer.pk: line.writer for line in lines}
    told = []
    for writer in writers.values():
        kinds = [line.owes.owed for line in lines if line.writer == writer]
        told.append(
            Telling(
                recipient=writer,
                kind="departure_owed",
                key=f"departure:{departure.pk}:owed:{len(kinds)}",
                link=departure.get_absolute_url(),
                words={
                    **_words(departure),
                    "is_own": writer.pk == departure.person_id,
                    "statements": kinds.count(Kind.NARRATIVE_STATEMENT),
                    "appraisals": kinds.count(Kind.ANNUAL_APPRAISAL),
                },
            )
        )
    tell_each(told)


def tell_of_hand_over(departure: Departure, lines: Sequence[Handed]) -> None:
    """Of `lines` that changed hands: the pack is there. Each change was told with its record."""
    heirs = {line.official.pk: line.official for line in lines}
    _tell(
        departure,
        [
            _telling(
                departure,
                heir,
                "pack",
                reverse("departure_pack", args=[departure.pk]),
                count=sum(line.official == heir for line in lines),
            )
            for heir in heirs.values()
        ],
    )


def tell_of_arrival(departure: Departure) -> None:
    """HR of the place they came to, where it is not HR of the place they left: what has to go along is there (R9.8)."""
    place = departure.gaining_organization
    if place is None:
        return
    link = reverse("departure_goes_along", args=[departure.pk])
    _tell(
        departure,
        [
            _telling(departure, each, "came", link)
            for each in administrators_of(place, on=clock.today())
            if Departure.objects.arrived_at(each).filter(pk=departure.pk).exists()
        ],
    )


def tell_of_failure(departure: Departure) -> None:
    tell_each([_telling(departure, departure.by, "failed", departure.get_absolute_url())])


def _tell(departure: Departure, told: list[Telling]) -> None:
    """Nobody hears of what they decided themselves."""
    tell_each([each for each in told if each.recipient.pk != departure.by_id])


def _telling(
    departure: Departure, somebody: Person, part: str, link: str, **words: object
) -> Telling:
    return Telling(
        recipient=somebody,
        kind="departure",
        key=f"departure:{departure.pk}:{part}:{link}",
        link=link,
        words={**_words(departure), "part": part, **words},
    )


def _words(departure: Departure) -> dict[str, object]:
    return {
        "leaver": departure.person.full_name,
        "what": departure.kind,
        "last_day": f"{departure.last_day:%-d %B %Y}",
        "first_day": f"{departure.effective_on:%-d %B %Y}",
    }
