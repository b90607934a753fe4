"""What HR of the garrison is about to change: one edition that is scheduled, one still being written."""

import datetime as dt
from typing import Any

from appraisals.demonstration.place import Place
from appraisals.editions import reach_of_draft
from appraisals.models import PolicyDraft
from appraisals.selectors import policy_for
from appraisals.services.foreseeing import forecast_of
from appraisals.services.policy import begin_draft, save_draft, schedule_edition
from orgchart import clock
from orgchart.models import Organization

MORNING = dt.time(9, 15)


def build_editions(place: Place, *, until: dt.date) -> None:
    """Nothing that is decided after `until`."""
    decided = dt.date(until.year, 3, 29)
    if decided > until:
        return
    with clock.frozen(decided, at=MORNING):
        scheduled = _draft(
            place,
            "DES",
            name="Emergency Services: two progress reviews",
            effective_on=dt.date(until.year, 6, 1),
            values={"progress_reviews_minimum": 2},
            reason="Crews on shift see their supervisor seldom. Agreed with the union on 18 March.",
        )
        forecast_of(scheduled, reach_of_draft(scheduled))
        schedule_edition(
            scheduled,
            expected_version=scheduled.version,
            by=place.people["miriam.castellano"],
        )
    with clock.frozen(until, at=MORNING):
        _draft(
            place,
            "CALLOWAY",
            name="Calloway supplement",
            effective_on=dt.date(until.year, 5, 1),
            values={
                "elements_maximum": 4,
                "narrative_required_levels": [5, 3, 1],
                "progress_review_needs_review": True,
                "appraisal_opens_days_before_end": 45,
                "minimum_period_days": 100,
            },
            reason="Fewer elements, and a few words for everybody.",
        )


def _draft(
    place: Place,
    code: str,
    *,
    name: str,
    effective_on: dt.date,
    values: dict[str, Any],
    reason: str,
) -> PolicyDraft:
    unit = Organization.objects.get(code=code)
    by = place.people["miriam.castellano"]
    held = policy_for(unit, on=clock.today())
    draft = begin_draft(unit, name=name, copy_of=held, by=by)
    return save_draft(
        draft,
        expected_version=draft.version,
        name=name,
        effective_on=effective_on,
        values={**held.values, **values},
        core_values=held.core_values,
        reason=reason,
        by=by,
    )
