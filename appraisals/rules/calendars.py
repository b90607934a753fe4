"""Appraisal calendars that are known (R1.1, R1.12, R1.14): what a new cycle's dates start from. HR sets every one."""

from dataclasses import dataclass, replace

from appraisals.rules.policy import Policy


@dataclass(frozen=True)
class KnownCalendar:
    key: str
    label: str
    note: str
    month: int

    def policy(self, policy: Policy) -> Policy:
        return replace(policy, cycle_start_month=self.month, cycle_start_day=1)


CALENDARS: tuple[KnownCalendar, ...] = (
    KnownCalendar(
        "dod", "DoD, from 1 April", "R1.1: everybody covered who elects no other cycle.", 4
    ),
    KnownCalendar(
        "school",
        "School year, from 1 May",
        "R1.12: DoD Education Activity, 1 May to 30 April.",
        5,
    ),
    KnownCalendar(
        "academic",
        "Academic year, from 1 July",
        "R1.12: an institution elects its own dates; these are only a beginning.",
        7,
    ),
    KnownCalendar(
        "fiscal",
        "Fiscal year, from 1 October",
        "R1.14: proposed for the government as a whole, not in force for DPMAP.",
        10,
    ),
)
