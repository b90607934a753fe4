"""What a person may be told of, and which of it policy makes mandatory to be mailed."""

from collections.abc import Mapping
from types import MappingProxyType

NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "to_acknowledge": "A document was discussed with you and waits for your acknowledgment",
        "acknowledged_for_you": "An acknowledgment was recorded for you",
        "signed_for_you": "A signature of yours on paper was recorded",
        "approved_for_you": "An approval of yours was recorded",
        "entered_for_you": "A step of yours was entered by HR from a paper form",
        "difference": "An employee says that something entered for them differs",
        "element_put_in": "HR put a mandatory element into a plan you discuss",
        "closed": "A plan, a change of a plan or a statement was closed without effect",
        "input_sent": "An employee sent their input",
        "to_review": "A document waits for your higher level review",
        "taken_back": "A document was taken back from your higher level review",
        "approved": "A document you wrote was approved and is to be discussed",
        "returned": "A document you wrote came back for change",
        "acknowledged": "An employee acknowledged a document",
        "goals_published": "A unit above published its mission and goals",
        "policy_edition": "A policy edition was scheduled or withdrawn where you administer",
        "nudge": "Your second-level supervisor reminds you",
        "record_handed_over": "A record came to you or went to somebody else",
        "delegation": "Somebody drafts for a rating official, or does no longer",
        "draft_ready": "Your delegate says that a draft is ready for you",
        "extension_asked": "A rating official asks for more time for an employee",
        "extension_decided": "An appraisal period was extended, or not",
        "year_closed": "A year was closed without a rating, or opened again",
        "cycle_changed": "A record follows another cycle now",
        "reconsideration_asked": "An employee asks that a rating be looked at again",
        "disagreement_noted": "An employee disagrees with a rating you gave or reviewed",
        "reconsideration_answered": "Your request about a rating was answered",
        "rating_changed": "A rating of yours was changed",
        "reorganized": "A reorganization touches you",
        "departure": "Somebody leaves or moves, and it touches you",
        "departure_owed": "Somebody leaves, and something is yours to write before",
        "reminder": "Something is due soon",
        "late": "Something is late",
        "late_below": "Something is late below you or in your organization",
        "prompt": "Human resources reminds you",
        "destruction_to_confirm": "A list of records to be destroyed waits for a second person",
        "record_destroyed": "A record of yours was destroyed because its years are over",
        "record_sent": "Your records were sent to another installation",
        "record_received": "Records came from another installation",
        "export_ready": "An export you asked for is ready",
    }
)
