"""Last year's ratings as they went to the personnel system: one batch, and what came back for it."""

import datetime as dt
import io
from collections.abc import Mapping

from appraisals.feed import make_batch, read_receipt
from appraisals.models import AppraisalCycle
from orgchart import clock
from orgchart.models import Organization, Person

_REFUSED = {
    2: "Position number differs from the personnel record",
    5: "No active appointment on the effective date",
}
_SILENT = 7
"""The line that the receipt does not mention."""


def build_feed(
    people: Mapping[str, Person], place: Organization, cycle: AppraisalCycle, *, until: dt.date
) -> None:
    miriam = people["miriam.castellano"]
    sent_on = cycle.effective_on + dt.timedelta(days=8)
    if sent_on > until:
        return
    with clock.frozen(sent_on, at=dt.time(9, 30)):
        batch = make_batch(cycle, place, by=miriam)
        if batch is None:
            return
        answers = [
            f"{number},refused,{_REFUSED[number]}" if number in _REFUSED else f"{number},accepted,"
            for number in range(1, batch.lines_sent + 1)
            if number != _SILENT
        ]
        text = "\n".join(["line,result,reason", *answers])
        read_receipt(batch, io.BytesIO(text.encode()), by=miriam)
