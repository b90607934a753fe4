"""Whom a policy draft meets: counted once for what it says, at once where few people are, else by a worker."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from appraisals.editions import Reach, foresee, question_of, reach_of_draft
from appraisals.models import PolicyDraft, PolicyForecast
from orgchart import clock
from orgchart.headcounts import headcounts
from orgchart.heart import Heart

AT_ONCE = 5_000
"""So many people are counted in half a second; a page waits for that, and for no more."""


def forecast_of(draft: PolicyDraft, reach: Reach) -> PolicyForecast:
    """For the draft as it is now; at work still where many are met."""
    forecast = _asked(draft, question_of(draft, reach))
    if forecast.heartbeat is None and forecast.state == PolicyForecast.State.WORKING:
        here = headcounts([draft.organization_id], on=clock.today())
        _, people = here.get(draft.organization_id, (0, 0))
        mine = claim(forecast.pk) if people <= AT_ONCE else None
        if mine is not None:
            work_on(mine)
            forecast.refresh_from_db()
    return forecast


def count_again(draft: PolicyDraft) -> None:
    """As things stand now; what was counted before is gone."""
    PolicyForecast.objects.filter(draft=draft).update(question="")


@transaction.atomic
def _asked(draft: PolicyDraft, question: str) -> PolicyForecast:
    """A worker that still counts for another question has lost it: its attempt is over."""
    forecast, _ = PolicyForecast.objects.select_for_update().get_or_create(
        draft=draft, defaults={"question": question}
    )
    if forecast.question != question:
        forecast.question, forecast.state = question, PolicyForecast.State.WORKING
        forecast.found, forecast.counted_at = [], None
        forecast.step, forecast.done, forecast.total, forecast.heartbeat = "", 0, 0, None
        forecast.attempts += 1
        forecast.save()
    return forecast


def due() -> list[int]:
    """Forecasts that nobody is at work on."""
    return list(PolicyForecast.objects.filter(PolicyForecast.free()).values_list("pk", flat=True))


def claim(pk: int) -> PolicyForecast | None:
    """This worker's, if nobody else is at work on it. Heartbeats go by the database's clock, not the practice clock."""
    mine = PolicyForecast.objects.filter(PolicyForecast.free(), pk=pk).update(
        heartbeat=Now(), attempts=F("attempts") + 1
    )
    if not mine:
        return None
    return PolicyForecast.objects.select_related("draft__organization").get(pk=pk)


def work_on(forecast: PolicyForecast) -> None:
    """Counting changes nothing, so whoever lost it counts to the end and is not heard."""
    draft = forecast.draft
    with Heart(forecast, "attempts") as heart:
        found = foresee(reach_of_draft(draft), draft.rules(), heart)
    PolicyForecast.objects.filter(
        pk=forecast.pk, attempts=forecast.attempts, state=PolicyForecast.State.WORKING
    ).update(
        state=PolicyForecast.State.DONE,
        found=[each.kept() for each in found],
        counted_at=clock.now(),
        heartbeat=None,
    )
