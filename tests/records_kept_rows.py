"""A list of what is to be destroyed and a hold, for `test_permission_matrix`."""

import datetime as dt

from appraisals.models import DestructionItem, DestructionList, Hold, ReceivedFile
from orgchart import clock
from tests.cast import SECRET, Cast

OF_A_LIST = ("destruction_list", "destruction_confirm", "destruction_withdraw")


def make_records_kept(cast: Cast) -> None:
    """Drawn up by somebody who is no actor of the table, so that HR is the second person."""
    listed = DestructionList.objects.create(
        organization=cast.places["CMD"], drawn_up_by=cast.army_chief, drawn_up_at=clock.now()
    )
    DestructionItem.objects.create(
        on_list=listed,
        record=0,
        employee=cast.employee,
        cycle=cast.cycle,
        organization=cast.places["FIRE"],
        what=DestructionItem.What.RECORD,
        rule="R13.1",
        kept_until=dt.date(2027, 1, 1),
    )
    ReceivedFile.objects.create(
        installation="Elsewhere",
        format_version=1,
        content_hash="e" * 64,
        is_signed=False,
        employee=cast.employee,
        organization=cast.places["FIRE"],
        records=1,
        received_at=clock.now(),
    )
    Hold.objects.create(
        employee=cast.employee,
        organization=cast.places["FIRE"],
        reason=SECRET,
        authority="Counsel",
        placed_by=cast.army_chief,
        placed_at=clock.now(),
    )


def records_kept_arguments() -> dict[str, list[object]]:
    item = DestructionItem.objects.get()
    return {
        **{name: [item.on_list_id] for name in OF_A_LIST},
        "destruction_strike": [item.on_list_id, item.pk],
        "received_file": [ReceivedFile.objects.get().pk],
        "hold_lift": [Hold.objects.get().pk],
    }
