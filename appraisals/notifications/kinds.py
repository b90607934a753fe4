"""What there is to tell, and how urgent it is. The words stand in templates/post/notices/."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from appraisals import rules


class Group(StrEnum):
    """As the preferences page and an e-mail put them together."""

    TURN = "What waits for you"
    MINE = "About you"
    NEWS = "What happened"


@dataclass(frozen=True)
class Kind:
    """`is_awaited`: somebody asked for it and waits, so it does not wait for a digest.
    `is_worked_off`: it names work, so whoever did the work has read it.
    """

    name: str
    group: Group
    is_awaited: bool = False

    @property
    def label(self) -> str:
        return rules.NOTICES[self.name]

    @property
    def is_worked_off(self) -> bool:
        return self.group == Group.TURN


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("to_review", Group.TURN),
            Kind("approved", Group.TURN),
            Kind("returned", Group.TURN),
            Kind("element_put_in", Group.TURN),
            Kind("element_adapted", Group.MINE),
            Kind("to_acknowledge", Group.TURN),
            Kind("draft_ready", Group.TURN),
            Kind("nudge", Group.TURN),
            Kind("support_asked", Group.TURN),
            Kind("feedback_asked", Group.TURN),
            Kind("reminder", Group.TURN),
            Kind("late", Group.TURN),
            Kind("late_below", Group.TURN),
            Kind("prompt", Group.TURN),
            Kind("departure_owed", Group.TURN),
            Kind("acknowledged_for_you", Group.MINE),
            Kind("signed_for_you", Group.MINE),
            Kind("approved_for_you", Group.MINE),
            Kind("entered_for_you", Group.MINE),
            Kind("record_handed_over", Group.MINE),
            Kind("delegation", Group.MINE),
            Kind("extension_asked", Group.TURN),
            Kind("reconsideration_asked", Group.TURN),
            Kind("extension_decided", Group.MINE),
            Kind("year_closed", Group.MINE),
            Kind("cycle_changed", Group.MINE),
            Kind("reconsideration_answered", Group.MINE),
            Kind("rating_changed", Group.MINE),
            Kind("disagreement_noted", Group.NEWS),
            Kind("reorganized", Group.MINE),
            Kind("destruction_to_confirm", Group.TURN),
            Kind("record_destroyed", Group.MINE),
            Kind("record_sent", Group.MINE),
            Kind("record_received", Group.MINE),
            Kind("departure", Group.MINE),
            Kind("assistance", Group.MINE),
            Kind("support_answered", Group.MINE),
            Kind("recognized", Group.MINE),
            Kind("check_in", Group.NEWS),
            Kind("feedback_given", Group.NEWS),
            Kind("difference", Group.NEWS),
            Kind("closed", Group.NEWS),
            Kind("input_sent", Group.NEWS),
            Kind("taken_back", Group.NEWS),
            Kind("acknowledged", Group.NEWS),
            Kind("goals_published", Group.NEWS),
            Kind("policy_edition", Group.NEWS),
            Kind("export_ready", Group.NEWS, is_awaited=True),
        )
    }
)
