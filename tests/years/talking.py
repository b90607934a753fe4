"""The talk all year long: a journal, check-ins with actions that carry over, requests, feedback, recognition."""

import datetime as dt
from random import Random

from appraisals.models import (
    AgendaItem,
    AgreedAction,
    CheckIn,
    Element,
    FeedbackRequest,
    FeedbackState,
    JournalEntry,
    RecognitionKind,
    SupportKind,
    SupportRequest,
)
from appraisals.services.check_ins import (
    add_to_agenda,
    agree_on_action,
    end_action,
    hold_check_in,
    plan_check_in,
    remove_from_agenda,
)
from appraisals.services.feedback import (
    ask_colleague,
    ask_outside,
    decline_feedback,
    give_feedback,
    withdraw_feedback,
)
from appraisals.services.journal import change_entry, delete_entry, write_entry
from appraisals.services.recognition import recognize
from appraisals.services.support import answer_support, ask_support, end_support
from orgchart.models import Person
from tests.years.doings import Doings, doing, doing_often
from tests.years.world import one_of


class Talk(Doings):
    def element(self, lot: Random, employee: Person) -> Element | None:
        held = Element.objects.filter(plan__appraisal__employee=employee, removed_at=None)
        return one_of(lot, held.order_by("pk"))

    def two(self, lot: Random) -> tuple[Person, Person]:
        """An employee, and one of the two; sometimes somebody else."""
        record = self.record(lot)
        if record is None:
            return self.somebody(lot), self.somebody(lot)
        by = lot.choice([record.employee, record.rating_official])
        return record.employee, self.asked_or_somebody(lot, by)

    def keep(self, row, words: str) -> None:
        if row is not None:
            self.world.said[type(row), row.pk] = words

    @doing
    def a_note_is_written(self, lot: Random) -> None:
        about, by = self.two(lot)
        words, element = self.world.new_words(), self.element(lot, about)
        row = self.attempt(
            "write a note",
            lambda: write_entry(
                about,
                by=by,
                noted_on=self.world.today,
                text=words,
                elements=[element] if element else [],
            ),
        )
        self.keep(row, words)

    @doing
    def a_note_is_changed_or_deleted(self, lot: Random) -> None:
        entry = one_of(lot, JournalEntry.objects.select_related("writer").order_by("pk"))
        if entry is None:
            return
        by, words = self.asked_or_somebody(lot, entry.writer), self.world.new_words()
        if lot.randint(0, 2):
            version = entry.version - lot.choice([0, 0, 1])
            changed = {"noted_on": self.world.today, "text": words, "elements": []}
            row = self.attempt(
                "change a note",
                lambda: change_entry(entry, by=by, expected_version=version, **changed),
            )
            self.keep(row, words)
        else:
            pk = entry.pk
            self.attempt("delete a note", lambda: delete_entry(entry, by=by))
            if not JournalEntry.objects.filter(pk=pk).exists():
                assert by == entry.writer, "a note was deleted by somebody else"
                del self.world.said[JournalEntry, pk]

    @doing
    def a_check_in_is_planned(self, lot: Random) -> None:
        employee, by = self.two(lot)
        day = self.world.today + dt.timedelta(days=lot.choice([-1, 0, 7]))
        self.attempt("plan a check-in", lambda: plan_check_in(employee, by=by, planned_on=day))

    @doing
    def something_is_to_be_talked_about(self, lot: Random) -> None:
        employee, by = self.two(lot)
        words = self.world.new_words()
        self.keep(
            self.attempt("add to the agenda", lambda: add_to_agenda(employee, by=by, text=words)),
            words,
        )

    @doing
    def it_is_talked_about_no_more(self, lot: Random) -> None:
        item = one_of(lot, AgendaItem.objects.select_related("added_by").order_by("pk"))
        if item is None:
            return
        by, pk = self.asked_or_somebody(lot, item.added_by), item.pk
        self.attempt("take off the agenda", lambda: remove_from_agenda(item, by=by))
        if not AgendaItem.objects.filter(pk=pk).exists():
            assert by == item.added_by, "somebody else took it off"
            del self.world.said[AgendaItem, pk]

    @doing
    def a_check_in_is_held(self, lot: Random) -> None:
        """What was not talked about waits on, and so does every action that is still open."""
        employee, by = self.two(lot)
        waiting = list(AgendaItem.objects.filter(employee=employee, check_in=None).order_by("pk"))
        talked = lot.sample(waiting, lot.randint(0, len(waiting)))
        still_open = set(AgreedAction.objects.filter(employee=employee).still_open())
        words, day = self.world.new_words(), self.world.today + dt.timedelta(lot.choice([0, 0, 1]))
        held = self.attempt(
            "hold a check-in",
            lambda: hold_check_in(employee, by=by, held_on=day, summary=words, talked_about=talked),
        )
        self.keep(held, words)
        if held is not None:
            left = AgendaItem.objects.filter(employee=employee, check_in=None)
            assert set(left) == set(waiting) - set(talked)
            assert set(AgreedAction.objects.filter(employee=employee).still_open()) == still_open
            assert not CheckIn.objects.planned().filter(employee=employee).exists()

    @doing
    def an_action_is_agreed_or_ends(self, lot: Random) -> None:
        action = one_of(lot, AgreedAction.objects.select_related("employee").order_by("pk"))
        if action is None or lot.choice([True, False]):
            employee, by = self.two(lot)
            words = self.world.new_words()
            row = self.attempt(
                "agree on an action",
                lambda: agree_on_action(employee, by=by, text=words, by_employee=True, due_on=None),
            )
            self.keep(row, words)
        else:
            by, outcome = self.asked_or_somebody(lot, action.employee), AgreedAction.Outcome
            told = lot.choice(list(outcome))
            self.attempt("end an action", lambda: end_action(action, by=by, outcome=told))

    @doing
    def something_is_asked_for(self, lot: Random) -> None:
        by, _ = self.two(lot)
        words, kind = self.world.new_words(), lot.choice(list(SupportKind))
        element = self.element(lot, by)
        row = self.attempt(
            "ask for support",
            lambda: ask_support(by=self.world.fresh(by), kind=kind, text=words, element=element),
        )
        self.keep(row, words)

    @doing_often
    def what_was_asked_for_is_answered(self, lot: Random) -> None:
        asked = one_of(lot, SupportRequest.objects.select_related("employee").order_by("pk"))
        if asked is None:
            return
        if lot.choice([True, False]):
            by = self.asked_or_somebody(lot, asked.employee)
            self.attempt("end support", lambda: end_support(asked, by=by))
            return
        record = self.record(lot, employee=asked.employee)
        by = self.asked_or_somebody(lot, record.rating_official if record else self.somebody(lot))
        granted = lot.choice([True, False])
        self.attempt(
            "answer support",
            lambda: answer_support(asked, by=by, granted=granted, answer="So it is."),
        )

    @doing
    def feedback_is_asked(self, lot: Random) -> None:
        about, by = self.two(lot)
        element = self.element(lot, about)
        if element is None:
            return
        if lot.choice([True, False]):
            giver = self.somebody(lot)
            self.attempt(
                "ask a colleague",
                lambda: ask_colleague(about, by=by, element=element, colleague=giver),
            )
        else:
            given = {"name": "A customer", "email": f"customer{lot.randint(0, 3)}@example.org"}
            self.attempt("ask outside", lambda: ask_outside(about, by=by, element=element, **given))

    @doing_often
    def feedback_is_given_or_not(self, lot: Random) -> None:
        asks = FeedbackRequest.objects.select_related("giver").order_by("pk")
        asked = one_of(lot, asks.filter(state=FeedbackState.OPEN) if lot.randint(0, 3) else asks)
        if asked is None:
            return
        giver = self.asked_or_somebody(lot, asked.giver) if asked.giver else None
        words, how = self.world.new_words(), lot.randint(0, 3)
        if how == 0:
            self.attempt("decline feedback", lambda: decline_feedback(asked, by=giver))
        elif how == 1:
            by = self.asked_or_somebody(lot, asked.asked_by)
            self.attempt("withdraw feedback", lambda: withdraw_feedback(asked, by=by))
        else:
            row = self.attempt("give feedback", lambda: give_feedback(asked, by=giver, text=words))
            self.keep(row, words)

    @doing
    def somebody_is_recognized(self, lot: Random) -> None:
        recipient, _ = self.two(lot)
        record = self.record(lot, employee=recipient)
        by = self.asked_or_somebody(lot, record.rating_official if record else self.somebody(lot))
        words, kind = self.world.new_words(), lot.choice(list(RecognitionKind))
        element = self.element(lot, recipient)
        day = self.world.today + dt.timedelta(days=lot.choice([0, 0, 1]))
        row = self.attempt(
            "recognize",
            lambda: recognize(
                recipient, by=by, kind=kind, text=words, given_on=day, element=element
            ),
        )
        self.keep(row, words)
