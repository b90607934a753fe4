"""Who rated and who reviewed a record, from which day to which (R9.9)."""

import datetime as dt
from dataclasses import dataclass

from appraisals.models import Appraisal, Office, OfficialChange
from orgchart.models import Person

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody in an office of a record; `first` None: since the record began, `last` None: until now.

    `change` is how it ended.
    """

    office: Office
    person: Person | None
    first: dt.date | None = None
    last: dt.date | None = None
    change: OfficialChange | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def terms_of(appraisal: Appraisal) -> list[Term]:
    """Everybody who rated and reviewed this record, each office's newest first. One query.

    What was entered late, for a day before an earlier change, ends the terms it goes over.
    """
    changes = appraisal.official_changes.select_related("former", "successor", "event__by")
    found: list[Term] = []
    for office in Office:
        until: dt.date | None = None
        person: Person | None = getattr(appraisal, office.value)
        ended_by: OfficialChange | None = None
        for change in sorted(
            (each for each in changes if each.office == office), key=lambda each: -each.pk
        ):
            first = change.effective_on if until is None else min(change.effective_on, until)
            found.append(Term(office, person, first, until and until - ONE_DAY, ended_by))
            person, until, ended_by = change.former, first, change
        found.append(Term(office, person, None, until and until - ONE_DAY, ended_by))
    return found


def official_on(appraisal: Appraisal, office: Office, day: dt.date) -> Person | None:
    """Who held this office of the record on that day (R9.9)."""
    return next(
        (term.person for term in terms_of(appraisal) if term.office == office and term.holds(day)),
        None,
    )
