"""What a record consists of: one table, read by destruction, by export and import, and by a person's own file.

Each model of this app stands in `PARTS` or in `ELSEWHERE`, and `tests/appraisals/test_parts.py` names the one
that does not. So nothing of a record is forgotten: not when it is destroyed, not when it moves, and not when the
employee asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from graphlib import TopologicalSorter
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from appraisals import models
from orgchart.models import Reorganization


class Own(Enum):
    """What of a part its employee takes along in a file of their own."""

    ALL = auto()
    WHAT_THEY_READ = auto()
    """Row by row, as the screens would show it (`appraisals.transfer.own`)."""
    AS_FILES = auto()
    """Not the rows, but the PDF files behind them."""
    NOTHING = auto()


@dataclass(frozen=True)
class Part:
    """`record`: the way from a row to its record. `travels`: goes to another installation; if not, `stays`
    says why. `keys`: where a JSON field holds the primary key of a row, "details.element", and of which model.
    `marks`: a number that says up to which row of that part something had come. `document`: where it goes along
    on a transfer (R9.8), the way from a row to its document; "" where it is of the record as a whole.
    `only_here`: columns that say something only where they were written; they travel empty.
    """

    model: type[Model]
    record: str
    own: Own
    stays: str = ""
    keys: Mapping[str, type[Model]] = field(default_factory=lambda: MappingProxyType({}))
    marks: Mapping[str, type[Model]] = field(default_factory=lambda: MappingProxyType({}))
    document: str | None = None
    only_here: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        return str(self.model._meta.label)

    @property
    def travels(self) -> bool:
        return not self.stays

    def of(self, record_ids: Iterable[int]) -> QuerySet[Model]:
        way = f"{self.record}__in" if self.record else "pk__in"
        return self.model._default_manager.filter(**{way: list(record_ids)}).order_by("pk")

    @property
    def way_to_document(self) -> str:
        """From a row to its document, "" where it is of the record as a whole."""
        if self.model is models.Document:
            return "pk"
        way, _, _record = self.record.rpartition("__")
        model: type[Model] = self.model
        for name in way.split("__") if way else []:
            column = model._meta.get_field(name)
            model = column.related_model  # type: ignore[assignment]  # each is a foreign key
        if way and model is models.Document:
            return way
        names = {column.name for column in self.model._meta.concrete_fields}
        return "document" if "document" in names else ""

    def parents(self) -> Iterator[ForeignKey[Model, Model]]:
        """Its columns that point to other parts."""
        for each in self.model._meta.concrete_fields:
            if isinstance(each, ForeignKey) and each.related_model in _models():
                yield each


_OF_THE_FEED = "It belongs to a batch that was sent from here."
_OF_THE_TALK = "It is between people who work together here; it goes into the employee’s own file."
_OF_AN_ARCHIVE = "It belongs to a ZIP that was made here."

PARTS: tuple[Part, ...] = (
    Part(models.Appraisal, "", Own.ALL, document=""),
    Part(models.Document, "appraisal", Own.ALL, document="pk"),
    Part(models.Element, "plan__appraisal", Own.ALL, document="plan"),
    Part(models.Section, "document__appraisal", Own.WHAT_THEY_READ, document="document"),
    Part(
        models.ElementChange,
        "document__appraisal",
        Own.WHAT_THEY_READ,
        keys=MappingProxyType({"was.goal_id": models.Goal}),
    ),
    Part(
        models.TextVersion,
        "document__appraisal",
        Own.WHAT_THEY_READ,
        keys=MappingProxyType({"content.goal_id": models.Goal}),
    ),
    Part(
        models.AppraisalEvent,
        "appraisal",
        Own.WHAT_THEY_READ,
        keys=MappingProxyType(
            {"details.element": models.Element, "details.reorganization": Reorganization}
        ),
        marks=MappingProxyType({"text_mark": models.TextVersion}),
        document="document",
        only_here=frozenset({"request_key"}),
    ),
    Part(models.OfficialChange, "appraisal", Own.ALL),
    Part(models.Extension, "appraisal", Own.ALL),
    Part(models.NotRated, "appraisal", Own.ALL),
    Part(models.RecordView, "appraisal", Own.ALL),
    Part(models.RatingOfRecord, "appraisal", Own.ALL, document=""),
    Part(models.RatingAmendment, "rating__appraisal", Own.ALL, document=""),
    Part(models.Disagreement, "rating__appraisal", Own.ALL),
    Part(models.OpportunityPeriod, "notice__appraisal", Own.ALL),
    Part(models.OpportunityExtension, "period__notice__appraisal", Own.ALL),
    Part(models.OpportunityMeeting, "period__notice__appraisal", Own.ALL),
    Part(models.MeetingWord, "meeting__period__notice__appraisal", Own.ALL),
    Part(models.ProposedAction, "document__appraisal", Own.ALL),
    Part(models.ActionInstance, "action__document__appraisal", Own.ALL),
    Part(models.MoreCurrentRating, "document__appraisal", Own.ALL, document="document"),
    Part(models.Reading, "sent__appraisal", Own.ALL),
    Part(models.StoredForm, "appraisal", Own.AS_FILES, document="document"),
    Part(models.Scan, "document__appraisal", Own.AS_FILES, document="document"),
    Part(
        models.ReceivedRecord,
        "appraisal",
        Own.ALL,
        stays="It says how the record came here; whoever gets it next writes their own.",
    ),
    Part(
        models.DepartureRecord,
        "appraisal",
        Own.NOTHING,
        stays="It belongs to a departure that was decided here.",
    ),
    Part(models.SupportRequest, "element__plan__appraisal", Own.NOTHING, stays=_OF_THE_TALK),
    Part(models.Recognition, "element__plan__appraisal", Own.NOTHING, stays=_OF_THE_TALK),
    Part(models.FeedbackRequest, "element__plan__appraisal", Own.NOTHING, stays=_OF_THE_TALK),
    Part(models.Letter, "invitation__element__plan__appraisal", Own.NOTHING, stays=_OF_THE_TALK),
    Part(
        models.LetterResend,
        "letter__invitation__element__plan__appraisal",
        Own.NOTHING,
        stays=_OF_THE_TALK,
    ),
    Part(models.FeedLine, "appraisal", Own.NOTHING, stays=_OF_THE_FEED),
    Part(models.FeedAnswer, "line__appraisal", Own.NOTHING, stays=_OF_THE_FEED),
    Part(models.FeedRetry, "line__appraisal", Own.NOTHING, stays=_OF_THE_FEED),
    Part(models.ArchiveEntry, "appraisal", Own.NOTHING, stays=_OF_AN_ARCHIVE),
)


@dataclass(frozen=True)
class Personal:
    """`whose`: the column that says of whom it is. `nouns`: one of it, many of it, as its owner calls them."""

    whose: str
    nouns: str


PERSONAL: Mapping[type[Model], Personal] = MappingProxyType(
    {
        models.JournalEntry: Personal("writer", "journal note,journal notes"),
        models.Situation: Personal("employee", "special situation,special situations"),
        models.CheckIn: Personal("employee", "check-in,check-ins"),
        models.AgendaItem: Personal("employee", "agenda item,agenda items"),
        models.AgreedAction: Personal("employee", "agreed action,agreed actions"),
        models.SupportRequest: Personal("employee", "request for support,requests for support"),
        models.Recognition: Personal("recipient", "recognition,recognitions"),
        models.FeedbackRequest: Personal("about", "feedback request,feedback requests"),
    }
)
"""What is of a person: it goes into their own file. Some of it speaks of an element, so it is a part of that
record as well and is destroyed with it."""

_OF_AN_ORGANIZATION = "Of an organization or of the program, not of a record."
_KEPT = "Counts that triggers keep: they follow the rows they count."
_OF_A_READER = "Of whoever is told or asked: names and links, no text and no rating."
_OF_DESTRUCTION = (
    "What is left to say that something was destroyed, sent or received, or must be kept."
)

ELSEWHERE: Mapping[type[Model], str] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                models.AppraisalCycle,
                models.Milestone,
                models.PolicyEdition,
                models.PolicyDraft,
                models.PolicyForecast,
                models.MandatoryElement,
                models.MandatoryWording,
                models.MandatoryPush,
                models.MissionStatement,
                models.Goal,
                models.GoalVersion,
                models.GoalPublication,
                models.PublicationRead,
                models.LibraryElement,
                models.ReminderSchedule,
                models.ReminderRule,
                models.ReminderRun,
                models.FeedBatch,
                models.FeedReceipt,
                models.Archive,
                models.ArchivePart,
                models.ArchiveDownload,
            ),
            _OF_AN_ORGANIZATION,
        ),
        **dict.fromkeys(
            (
                models.GoalCount,
                models.GoalDifference,
                models.UnitElements,
                models.UnitElementsDifference,
                models.RecordStanding,
                models.KeptCount,
                models.CountDifference,
            ),
            _KEPT,
        ),
        **dict.fromkeys(
            (
                models.Notice,
                models.PostPreference,
                models.CalendarAddress,
                models.Prompt,
                models.Nudge,
                models.NudgeAnswer,
            ),
            _OF_A_READER,
        ),
        models.SupervisorTraining: "A course somebody took, of them as a supervisor.",
        **dict.fromkeys(
            (models.Departure, models.DepartureShare),
            "A decision about somebody who leaves, of their unit and not of one record.",
        ),
        models.Delegation: "Between a rating official and who drafts for them, whatever the record.",
        models.CoachingNote: "A second-level supervisor’s own memory aid about a supervisor.",
        **dict.fromkeys(
            (
                models.Hold,
                models.DestructionList,
                models.DestructionItem,
                models.RowToDestroy,
                models.KeptStatistic,
                models.SentFile,
                models.ReceivedFile,
                models.Counterpart,
            ),
            _OF_DESTRUCTION,
        ),
    }
)


@cache
def _models() -> frozenset[type[Model]]:
    return frozenset(part.model for part in PARTS)


def part_of(model: type[Model]) -> Part:
    return next(part for part in PARTS if part.model is model)


@cache
def pointing_in() -> tuple[ForeignKey[Any, Any], ...]:
    """Columns of what is no part, which let go of a record when it is destroyed: links to an element of
    something that stays its writer’s, and columns that may be empty."""
    return tuple(
        each
        for model in apps.get_models(include_auto_created=True)
        if model not in _models()
        for each in model._meta.concrete_fields
        if isinstance(each, ForeignKey)
        and each.related_model in _models()
        and getattr(each, "db_constraint", True)
    )


@cache
def in_order() -> tuple[Part, ...]:
    """Each after what its columns point to."""
    known = {part.model: part for part in PARTS}
    graph = {
        part.model: {
            model
            for model in (
                *(each.related_model for each in part.parents()),
                *part.keys.values(),
                *part.marks.values(),
            )
            if model in known and model is not part.model
        }
        for part in PARTS
    }
    return tuple(known[model] for model in TopologicalSorter(graph).static_order())
