"""Years later: holds, and what two persons agree to destroy (R13)."""

import datetime as dt
from random import Random

from appraisals import rules
from appraisals.destroying import carry_out
from appraisals.models import (
    Appraisal,
    DestructionItem,
    DestructionList,
    Element,
    ElementChange,
    Hold,
    RatingAmendment,
    RatingOfRecord,
    Section,
)
from appraisals.parts import PARTS
from appraisals.rules import Policy
from appraisals.services.retention import (
    confirm_list,
    draw_up_list,
    lift_hold,
    place_hold,
    strike_off,
    withdraw_list,
)
from orgchart import clock
from orgchart.models import Person
from tests.years.doings import Doings, doing, doing_often
from tests.years.world import one_of

What, State = DestructionItem.What, DestructionItem.State
WHY = "It is asked for."
OF_A_RECORD = (
    ("section", Section, "document__appraisal"),
    ("element", Element, "plan__appraisal"),
    ("change", ElementChange, "document__appraisal"),
)


class Keeping(Doings):
    @doing
    def years_go_by(self, lot: Random) -> None:
        """Until the first rating has been kept long enough, where there is one."""
        if over := self.kept_until():
            self.world.today = max(self.world.today, over)

    def kept_until(self) -> dt.date | None:
        first = RatingOfRecord.objects.order_by("effective_on").first()
        return rules.retain_until(first.effective_on, Policy()) if first else None

    @doing
    def what_is_due_is_destroyed(self, lot: Random) -> None:
        """By two persons of HR, in whose unit or above it lies."""
        if self.kept_until() is None:
            return
        replaced = RatingAmendment.objects.filter(rating__content_destroyed_on=None).exists()
        if not (replaced and lot.choice([True, False])):
            self.years_go_by(lot)
        world, place = self.world, self.world.cast.places["DOD"]
        first, second = (
            world.fresh(world.cast.people[key]) for key in ("hr_of_all", "hr_of_all_2")
        )
        listed = self.attempt("draw up a list", lambda: draw_up_list(place, by=first))
        if listed is not None:
            self.looked_through(lot, listed, first)
            things = listed.items.filter(state=State.LISTED).count()
            self.attempt("confirm", lambda: confirm_list(listed, by=second, things=things))
        self.a_worker_destroys(lot)

    def looked_through(self, lot: Random, listed: DestructionList, by: Person) -> None:
        """Before the second person comes: something is struck off, or the list withdrawn."""
        item, how = one_of(lot, listed.items.order_by("pk")), lot.randint(0, 5)
        if how == 0:
            self.attempt("withdraw a list", lambda: withdraw_list(listed, by=by, reason=WHY))
        elif how < 3 and item is not None:
            self.attempt("strike off", lambda: strike_off(item, by=by, reason=WHY))

    def one_of_hr(self, lot: Random):
        cast = self.world.cast
        return self.asked_or_somebody(lot, lot.choice([cast.hr, cast.hr_second, cast.hr_of_all]))

    @doing_often
    def a_list_is_drawn_up(self, lot: Random) -> None:
        over = self.kept_until()
        if (over is None or over > self.world.today) and lot.randint(0, 9):
            return
        by, place = self.one_of_hr(lot), self.world.cast.places[lot.choice(["CMD", "DOD"])]
        self.attempt("draw up a list", lambda: draw_up_list(place, by=by))

    @doing_often
    def a_list_is_decided(self, lot: Random) -> None:
        """Confirmed by somebody else, struck off, or withdrawn."""
        rows = DestructionList.objects.select_related("organization").order_by("-pk")[:2]
        listed = one_of(lot, rows)
        if listed is None:
            return
        by, how = self.one_of_hr(lot), lot.randint(0, 5)
        item = one_of(lot, listed.items.select_related("on_list").order_by("pk"))
        things = listed.items.filter(state=State.LISTED).count() + (how == 5)
        if how == 0 and item is not None:
            self.attempt("strike off", lambda: strike_off(item, by=by, reason=WHY))
        elif how == 1:
            self.attempt("withdraw a list", lambda: withdraw_list(listed, by=by, reason=WHY))
        else:
            done = self.attempt("confirm", lambda: confirm_list(listed, by=by, things=things))
            assert done is None or done.drawn_up_by_id != by.pk, "one person alone agreed"

    @doing
    def a_hold_is_placed_or_lifted(self, lot: Random) -> None:
        hold, by = one_of(lot, Hold.objects.order_by("pk")), self.one_of_hr(lot)
        record = self.record(lot)
        if hold is not None and lot.choice([True, False]):
            self.attempt("lift a hold", lambda: lift_hold(hold, by=by, reason=WHY))
        elif record is not None:
            cycle = record.cycle if lot.choice([True, False]) else None
            given = {"cycle": cycle, "reason": WHY, "authority": "General counsel"}
            self.attempt("place a hold", lambda: place_hold(record.employee, **given, by=by))

    @doing_often
    def a_worker_destroys(self, lot: Random) -> None:
        """What two persons agreed on and no hold keeps; of it nothing stays, and of all else everything."""
        wanted = list(
            DestructionItem.objects.filter(state=State.LISTED, on_list__state="confirmed")
        )
        if not wanted:
            return
        held = {each.pk for each in wanted if self.is_held(each)}
        texts = self.texts_of({each.record for each in wanted})
        with clock.frozen(self.world.today):
            carry_out()
        self.world.done["destroy"] += 1
        for item in DestructionItem.objects.filter(pk__in=[each.pk for each in wanted]):
            assert item.state != State.LISTED
            if item.state == State.DESTROYED:
                assert item.pk not in held, "destroyed under a hold"
                self.world.done[f"destroyed: {item.what}"] += 1
                self.is_gone(item, texts)

    def is_held(self, item: DestructionItem) -> bool:
        holds = Hold.objects.active().filter(employee=item.employee)
        return any(hold.cycle_id in (None, item.cycle_id) for hold in holds)

    def texts_of(self, records: set[int]) -> dict[tuple[str, int], int]:
        return {
            (name, pk): record
            for name, model, way in OF_A_RECORD
            for pk, record in model.objects.filter(**{f"{way}__in": records}).values_list("pk", way)
        }

    def is_gone(self, item: DestructionItem, texts: dict[tuple[str, int], int]) -> None:
        """The account is asked no more for what may not be there."""
        mine = [key for key, record in texts.items() if record == item.record]
        if item.what == What.RECORD:
            self.world.gone.add(item.record)
            assert not Appraisal.objects.filter(pk=item.record).exists()
            left = [part.label for part in PARTS if part.of([item.record]).exists()]
            assert not left, f"destroyed, and there are still rows of {left}"
        else:
            emptied = Section.objects.filter(document__appraisal=item.record, text="", level=None)
            keys = {("section", pk) for pk in emptied.values_list("pk", flat=True)}
            mine = [key for key in mine if key in keys]
        for key in mine:
            self.world.written.pop(key, None)
        for model, pk in list(self.world.said):
            is_part = any(part.model is model for part in PARTS)
            if is_part and item.what == What.RECORD and not model.objects.filter(pk=pk).exists():
                del self.world.said[model, pk]
