"""What stands on the form: everything its reader may see, and nothing else.

Only Parts A, B and C and their block numbers are known (R15); what follows them has titles alone.
The form is of a whole record or of one document of it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from appraisals.models import (
    CONFIDENTIAL,
    OF_THE_YEAR,
    PLANNING,
    Appraisal,
    Document,
    Element,
    Kind,
    Section,
    State,
)
from appraisals.pdf.administrative import Cover, cover_of
from appraisals.pdf.afterwards import Afterwards, afterwards_of, differences
from appraisals.pdf.assistance import confidential_groups
from appraisals.pdf.discussions import Discussion, discussions_of, events_by_document
from appraisals.pdf.drafting import DRAFTS
from appraisals.pdf.parts import (
    Entry,
    GoalsOf,
    Group,
    PlanElement,
    Summary,
    comments_of,
    core_values_of,
    goals_served,
    input_groups,
    of_kind,
    plan_elements,
    ratings_of,
    readable_sections,
    review_groups,
    summary_of,
)
from appraisals.pdf.plan_changes import change_groups
from appraisals.pdf.text import Paragraph
from appraisals.rules.words import date_words
from appraisals.selectors import lines_of_sight
from orgchart import clock
from orgchart.models import Person

EDITION = "dpmap form 2"
"""Of the way content is written down to be hashed; printed hashes stay good only while it stands."""


@dataclass(frozen=True)
class Copy:
    """This print and not the record: who it was made for, and when. In no hash."""

    reader: str
    on: dt.date


@dataclass(frozen=True)
class FormContent:
    """Plain values only, so that the same content has the same hash whatever template prints it.

    `kind` empty: the whole record. `not_final` says why it is not; then `final_since` is None.
    """

    kind: str
    title: str
    address: str
    not_final: str
    final_since: dt.datetime | None
    cover: Cover
    discussions: list[Discussion]
    core_values: list[Paragraph]
    goals: list[GoalsOf]
    elements: list[PlanElement]
    employee_input: list[Group]
    reviews: list[Group]
    statements: list[Group]
    ratings: Group | None
    summary: Summary | None
    comments: list[Entry]
    copy: Copy
    changes: list[Group] = field(default_factory=list)
    """Of the plan, in the order in which they were begun (R3.9)."""
    afterwards: Afterwards = field(default_factory=Afterwards)
    ends: str = ""
    """Why the year ends later than others, or without a rating."""
    has_begun: bool = field(default=True)
    """The year has gone on beyond the plan."""

    @property
    def has_plan(self) -> bool:
        return self.kind in ("", Kind.PERFORMANCE_PLAN)

    @property
    def has_elements(self) -> bool:
        return self.has_plan or self.kind == Kind.ANNUAL_APPRAISAL

    @property
    def has_year(self) -> bool:
        return self.kind not in PLANNING

    @property
    def has_rating(self) -> bool:
        return self.kind in ("", Kind.ANNUAL_APPRAISAL)

    @property
    def is_confidential(self) -> bool:
        return self.kind in CONFIDENTIAL

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything the form says."""
        said = {name: value for name, value in asdict(self).items() if name != "copy"}
        written = json.dumps(
            [EDITION, said], default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()

    @property
    def comments_are_short(self) -> bool:
        return sum(len(line.text) for entry in self.comments for line in entry.text) < 500


def form_content(
    appraisal: Appraisal,
    *,
    reader: Person,
    document: Document | None = None,
    as_told: bool = False,
) -> FormContent:
    """Fourteen queries, whatever the length of the record. `as_told`: a copy for `reader` of what the employee
    has been told (R9.8)."""
    eyes = appraisal.employee if as_told else reader
    every = list(appraisal.documents.select_related("policy"))
    documents = [
        each
        for each in every
        if each == document
        or (not document and each.kind in OF_THE_YEAR and each.state != State.CLOSED)
    ]
    sections = readable_sections(appraisal, documents, eyes)
    kind = Kind(document.kind) if document else ""
    discussions = discussions_of(appraisal, documents, events_by_document(appraisal), only=kind)
    afterwards = afterwards_of(appraisal)
    form = FormContent(
        kind=kind,
        title=document.title if document else "",
        address=(document or appraisal).get_absolute_url(),
        not_final=why_not_final(documents, is_whole=document is None),
        final_since=final_since(
            documents,
            is_whole=document is None,
            afterwards=afterwards,
            differed=differences(documents),
        ),
        cover=cover_of(appraisal),
        discussions=discussions,
        core_values=core_values_of(sections),
        goals=[],
        elements=[],
        employee_input=input_groups(documents, sections),
        reviews=review_groups(of_kind(documents, Kind.PROGRESS_REVIEW), sections),
        statements=[
            *review_groups(of_kind(documents, Kind.NARRATIVE_STATEMENT), sections),
            *confidential_groups(
                [each for each in documents if each.kind in CONFIDENTIAL], sections
            ),
        ],
        ratings=None,
        summary=None,
        comments=comments_of(documents, sections, discussions),
        changes=change_groups(documents, sections),
        copy=Copy(reader.full_name, clock.today()),
        has_begun=any(each.kind not in PLANNING for each in documents),
    )
    form = _with_plan(form, appraisal) if form.has_elements else form
    if not form.has_rating:
        return form
    return _with_rating(form, appraisal, documents, sections, eyes, afterwards)


def _with_plan(form: FormContent, appraisal: Appraisal) -> FormContent:
    elements = Element.objects.standing().filter(plan__appraisal=appraisal)
    rows = list(elements.select_related("goal", "mandatory").prefetch_related(DRAFTS))
    lines = lines_of_sight(element.goal_id for element in rows)
    goals = goals_served(lines.values()) if form.has_plan else []
    return replace(form, goals=goals, elements=plan_elements(rows, lines))


def _with_rating(
    form: FormContent,
    appraisal: Appraisal,
    documents: list[Document],
    sections: dict[int, list[Section]],
    reader: Person,
    afterwards: Afterwards,
) -> FormContent:
    return replace(
        form,
        ratings=ratings_of(appraisal, documents, sections, reader),
        summary=summary_of(appraisal, documents, sections),
        afterwards=afterwards,
        ends=_ends(appraisal),
    )


def _ends(appraisal: Appraisal) -> str:
    """R1.11, R7.8"""
    if appraisal.not_rated:
        return f"Closed without a rating of record: {appraisal.get_not_rated_display().lower()}."
    if appraisal.extended_until:
        return f"The appraisal period was extended until {date_words(appraisal.extended_until)}."
    return ""


def why_not_final(documents: list[Document], *, is_whole: bool) -> str:
    """Empty when nothing on the form can change any more (R7.11)."""
    if is_whole and not of_kind(documents, Kind.ANNUAL_APPRAISAL):
        return "The annual appraisal has not begun."
    still_open = [each for each in documents if each.state != State.ACKNOWLEDGED]
    if not still_open:
        return ""
    last = still_open[-1]
    return f"{last.title}: {State(last.state).label.lower()}."


def final_since(
    documents: list[Document],
    *,
    is_whole: bool,
    afterwards: Afterwards,
    differed: Mapping[int, list[dt.datetime]],
) -> dt.datetime | None:
    """The moment of the last acknowledgment, once all are given, or of what was said since: after the rating
    (R11.5), or by an employee for whom something was entered that differs (R4.6; by document). Each makes it
    later, also where the clock was set back meanwhile."""
    if why_not_final(documents, is_whole=is_whole):
        return None
    since = max(each.state_since for each in documents)
    said = [moment for each in documents for moment in differed.get(each.pk, ())]
    if of_kind(documents, Kind.ANNUAL_APPRAISAL):
        said += afterwards.moments
    for moment in sorted(said):
        since = max(moment, since + dt.timedelta.resolution)
    return since
