"""The figures about supervisors as cells and rows of tables, each number with its list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from appraisals import rules
from appraisals.models import AppraisalCycle, ReturnReason
from appraisals.supervision import Figures, OnTime, Share
from orgchart.templatetags.ui import plural

Link = Callable[[str], str]
"""The address of the list behind a number, by its name in `supervisor_standing.MISSING`."""

NOTHING = "–"
LEVELS = ((rules.OUTSTANDING, "b1"), (rules.FULLY_SUCCESSFUL, "b3"), (rules.UNACCEPTABLE, "b5"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value, and what it is made of."""

    value: str
    small: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is counted, how a cell shows it, and which list stands behind what is missing."""

    label: str
    short: str
    meaning: str
    cell: Callable[[Figures], Cell]
    missing: Callable[[Figures], int] = lambda figures: 0
    show: str = ""
    left_out: str = ""


def _percent(share: Share) -> str:
    return NOTHING if share.percent is None else f"{share.percent}%"


def _of(share: Share) -> str:
    return f"{share.done:,} of {share.of:,}" if share.of else ""


def _share_cell(share: Share, small: str = "") -> Cell:
    return Cell(value=_percent(share), small=" · ".join(filter(None, (_of(share), small))))


def _on_time_cell(on_time: OnTime) -> Cell:
    late = on_time.late_days
    return _share_cell(on_time.share, "" if late is None else f"{plural(late, 'day')} late")


def _days_cell(days: int | None) -> Cell:
    return Cell(value=NOTHING if days is None else plural(days, "day"))


def _came_back_cell(share: Share) -> Cell:
    if share.of == 0:
        return Cell(value=NOTHING)
    back = share.of - share.done
    return Cell(value=f"{100 * back / share.of:.0f}%", small=f"{back:,} of {share.of:,} sent up")


MEASURES = (
    Measure(
        label="Plans approved on time",
        short="Plans on time",
        meaning="By the day plans are due; somebody without a plan after it counts as late.",
        cell=lambda each: _on_time_cell(each.plans),
        missing=lambda each: len(each.plans.share.missing),
        show="late_plans",
        left_out="late,late",
    ),
    Measure(
        label="Progress reviews held on time",
        short="Reviews on time",
        meaning="Discussed by the day progress reviews are due.",
        cell=lambda each: _on_time_cell(each.reviews),
        missing=lambda each: len(each.reviews.share.missing),
        show="late_reviews",
        left_out="late,late",
    ),
    Measure(
        label="Ratings sent up on time",
        short="Ratings on time",
        meaning="Sent to you, the first time, by the day appraisals are due.",
        cell=lambda each: _on_time_cell(each.ratings),
        missing=lambda each: len(each.ratings.share.missing),
        show="late_ratings",
        left_out="late,late",
    ),
    Measure(
        label="Progress reviews held",
        short="Reviews held",
        meaning="Of those the policy asks for in the whole cycle.",
        cell=lambda each: _share_cell(each.held),
        missing=lambda each: len(each.held.missing),
        show="not_held",
        left_out="still owed,still owed",
    ),
    Measure(
        label="Documents that came back",
        short="Came back",
        meaning="Of those this supervisor sent up, returned for change once or more.",
        cell=lambda each: _came_back_cell(each.first_time),
        missing=lambda each: len(each.first_time.missing),
        show="came_back",
        left_out="person,people",
    ),
    Measure(
        label="Required narratives written",
        short="Narratives",
        meaning="Of rated elements whose level asks for one, in ratings that were sent up.",
        cell=lambda each: _share_cell(each.required),
        missing=lambda each: len(each.required.missing),
        show="no_narrative",
        left_out="missing,missing",
    ),
    Measure(
        label="Input answered",
        short="Input answered",
        meaning="Elements with the employee’s input on which the supervisor wrote as well.",
        cell=lambda each: _share_cell(each.answered),
        missing=lambda each: len(each.answered.missing),
        show="unanswered",
        left_out="without an answer,without an answer",
    ),
)

MORE = (
    Measure(
        label="Narratives of other ratings",
        short="",
        meaning="Of rated elements whose level asks for none.",
        cell=lambda each: _share_cell(each.further),
    ),
    Measure(
        label="From plan begun to approved",
        short="",
        meaning="The median of plans that are approved.",
        cell=lambda each: _days_cell(each.plan_days),
    ),
    Measure(
        label="From rating begun to approved",
        short="",
        meaning="The median of ratings that are approved.",
        cell=lambda each: _days_cell(each.rating_days),
    ),
    Measure(
        label="Of that, with you",
        short="",
        meaning="The median from sent up to your decision.",
        cell=lambda each: _days_cell(each.days_with_you),
    ),
)


def brief_rows(now: Figures, then: Figures, link: Link) -> list[dict[str, Any]]:
    """One supervisor's row in the list of all: a value, the one before beside it, and its list."""
    return [
        {
            "label": each.short,
            "value": each.cell(now).value,
            "before": each.cell(then).value,
            "url": link(each.show) if each.missing(now) else "",
            "said": f"{each.label}, {plural(each.missing(now), each.left_out)} behind it",
        }
        for each in MEASURES
    ]


def measure_rows(now: Figures, then: Figures, whole: Figures, link: Link) -> list[dict[str, Any]]:
    """One supervisor's page: each measure in this cycle, the one before, and of all supervisors."""
    return [
        {
            "label": each.label,
            "meaning": each.meaning,
            "now": each.cell(now),
            "then": each.cell(then),
            "whole": each.cell(whole),
            "missing": plural(each.missing(now), each.left_out),
            "url": link(each.show) if each.missing(now) else "",
        }
        for each in (*MEASURES, *MORE)
    ]


def reason_rows(now: Figures, then: Figures) -> list[dict[str, Any]]:
    """What came back for what, the most frequent first."""
    found = now.returns + then.returns
    return [
        {
            "label": ReturnReason(name).label,
            "now": now.returns[name],
            "then": then.returns[name],
        }
        for name, _ in found.most_common()
    ]


def level_rows(
    of: Sequence[tuple[AppraisalCycle | None, Figures]],
) -> list[dict[str, Any]]:
    """Ratings of record of the cycles that are finished, level by level."""
    return [
        {
            "cycle": cycle,
            "people": figures.rated,
            "parts": [
                {"label": rules.LEVEL_NAMES[level], "count": figures.levels[level], "css": css}
                for level, css in LEVELS
            ],
        }
        for cycle, figures in of
        if cycle is not None and figures.levels is not None
    ]
