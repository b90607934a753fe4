"""Which schedule of reminders holds where and on which day, read once for all organizations."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from appraisals import rules
from appraisals.models import PolicyEdition, ReminderSchedule
from appraisals.rules.reminders import Mark, Occasion, Rule, default_rules, marks_between

BOOK = ""
"""The path that every other begins with: where no organization has written anything the rule book holds."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of an occasion in a place; `schedule` None: they follow the policy in force."""

    rules: tuple[Rule, ...]
    schedule: ReminderSchedule | None


@dataclass
class Schedules:
    """What HR wrote and the policy editions, by the path of the organization they were written for."""

    editions: Sequence[PolicyEdition]
    written: Sequence[ReminderSchedule]
    _held: dict[tuple[str, Occasion, int], InForce] = field(default_factory=dict)

    @cached_property
    def places(self) -> list[str]:
        """Paths where the schedules begin to differ from those above; the rule book's first."""
        editions = (each.organization.path for each in self.editions)
        written = (each.organization.path for each in self.written)
        return sorted({BOOK, *editions, *written})

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[ReminderSchedule]]:
        found: dict[tuple[str, str], list[ReminderSchedule]] = defaultdict(list)
        for each in self.written:
            found[each.organization.path, each.occasion].append(each)
        return found

    @cached_property
    def _changes(self) -> list[dt.date]:
        """Days on which anything begins to hold: between two of them nothing changes."""
        editions = {each.effective_on for each in self.editions}
        return sorted(editions | {each.effective_on for each in self.written})

    @cached_property
    def _policies(self) -> dict[int, rules.Policy]:
        return {edition.pk: edition.rules() for edition in self.editions}

    def policy_of(self, edition: int | None) -> rules.Policy:
        return self._policies.get(edition or 0, rules.Policy())

    def edition_at(self, path: str, on: dt.date) -> int | None:
        """The key of the edition in force, as `selectors.policy_for` finds it."""
        held = [
            (len(each.organization.path), each.effective_on, each.pk)
            for each in self.editions
            if each.effective_on <= on and path.startswith(each.organization.path)
        ]
        return max(held)[2] if held else None

    def in_force(self, path: str, occasion: Occasion, on: dt.date) -> InForce:
        """The nearest organization's newest; one that went back to the schedule above has none."""
        key = (path, occasion, bisect_right(self._changes, on))
        if key not in self._held:
            self._held[key] = self._find(path, occasion, on)
        return self._held[key]

    def _find(self, path: str, occasion: Occasion, on: dt.date) -> InForce:
        for place in reversed([each for each in self.places if path.startswith(each)]):
            held = [
                each
                for each in self._by_place.get((place, occasion), ())
                if each.effective_on <= on
            ]
            newest = max(held, key=lambda each: (each.effective_on, each.pk), default=None)
            if newest is not None and not newest.as_above:
                return InForce(newest.as_rules(), newest)
        policy = self.policy_of(self.edition_at(path, on))
        return InForce(default_rules(occasion, policy), None)

    def marks(self, path: str, occasion: Occasion, *, after: dt.date, until: dt.date) -> list[Mark]:
        def schedule(day: dt.date) -> tuple[Rule, ...]:
            return self.in_force(path, occasion, day).rules

        return marks_between(occasion, schedule, after=after, until=until)


def load_policies() -> Schedules:
    """One query, for what hangs on the policy in force alone."""
    return Schedules(
        editions=list(PolicyEdition.objects.select_related("organization")), written=()
    )


def load_schedules() -> Schedules:
    """Three queries, however many organizations wrote their own."""
    return Schedules(
        editions=load_policies().editions,
        written=list(
            ReminderSchedule.objects.select_related("organization", "written_by").prefetch_related(
                "rules"
            )
        ),
    )
