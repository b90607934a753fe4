from appraisals.models.appraisal import (
    PLANNING,
    WALK,
    Appraisal,
    ApprovalWay,
    Document,
    Kind,
    Method,
    State,
)
from appraisals.models.archive import (
    Archive,
    ArchiveDownload,
    ArchiveEntry,
    ArchivePart,
)
from appraisals.models.coaching import (
    CoachingNote,
    Nudge,
    NudgeAnswer,
    NudgePurpose,
    Reading,
)
from appraisals.models.cycle import (
    AppraisalCycle,
    MandatoryElement,
    Milestone,
    MilestoneKind,
    PolicyEdition,
)
from appraisals.models.feed import (
    FeedAnswer,
    FeedBatch,
    FeedLine,
    FeedReceipt,
    FeedRetry,
)
from appraisals.models.goal import (
    Goal,
    GoalPublication,
    GoalVersion,
    LibraryElement,
    MissionStatement,
    PublicationRead,
    Way,
)
from appraisals.models.goal_counts import (
    GoalCount,
    GoalDifference,
    UnitElements,
    UnitElementsDifference,
)
from appraisals.models.officials import Delegation, Office, OfficialChange
from appraisals.models.on_paper import Scan
from appraisals.models.paper import StoredForm
from appraisals.models.plan_change import ElementAction, ElementChange
from appraisals.models.post import (
    Letter,
    LetterResend,
    LetterState,
    Notice,
    PostPreference,
    Rhythm,
)
from appraisals.models.rating import (
    AmendmentReason,
    CurrentRating,
    RatingAmendment,
    RatingOfRecord,
    current_rating,
)
from appraisals.models.record import AppraisalEvent, RecordView, ReturnReason
from appraisals.models.reminder import (
    CalendarAddress,
    Prompt,
    ReminderRule,
    ReminderRun,
    ReminderSchedule,
)
from appraisals.models.standing import CountDifference, KeptCount, RecordStanding
from appraisals.models.talk import JournalEntry, rated_by
from appraisals.models.writing import Element, Section, SectionKind, TextVersion, Versioned

__all__ = [
    "PLANNING",
    "WALK",
    "AmendmentReason",
    "Appraisal",
    "AppraisalCycle",
    "AppraisalEvent",
    "ApprovalWay",
    "Archive",
    "ArchiveDownload",
    "ArchiveEntry",
    "ArchivePart",
    "CalendarAddress",
    "CoachingNote",
    "CountDifference",
    "CurrentRating",
    "Delegation",
    "Document",
    "Element",
    "ElementAction",
    "ElementChange",
    "FeedAnswer",
    "FeedBatch",
    "FeedLine",
    "FeedReceipt",
    "FeedRetry",
    "Goal",
    "GoalCount",
    "GoalDifference",
    "GoalPublication",
    "GoalVersion",
    "JournalEntry",
    "KeptCount",
    "Kind",
    "Letter",
    "LetterResend",
    "LetterState",
    "LibraryElement",
    "MandatoryElement",
    "Method",
    "Milestone",
    "MilestoneKind",
    "MissionStatement",
    "Notice",
    "Nudge",
    "NudgeAnswer",
    "NudgePurpose",
    "Office",
    "OfficialChange",
    "PolicyEdition",
    "PostPreference",
    "Prompt",
    "PublicationRead",
    "RatingAmendment",
    "RatingOfRecord",
    "Reading",
    "RecordStanding",
    "RecordView",
    "ReminderRule",
    "ReminderRun",
    "ReminderSchedule",
    "ReturnReason",
    "Rhythm",
    "Scan",
    "Section",
    "SectionKind",
    "State",
    "StoredForm",
    "TextVersion",
    "UnitElements",
    "UnitElementsDifference",
    "Versioned",
    "Way",
    "current_rating",
    "rated_by",
]
