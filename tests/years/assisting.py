"""When work is not good enough (R10): an early talk, an opportunity period and its end, what may follow."""

import datetime as dt
from random import Random

from appraisals.models import (
    ActionDecision,
    ActionInstance,
    ActionKind,
    Appraisal,
    Document,
    Element,
    MeetingWord,
    OpportunityExtension,
    OpportunityMeeting,
    OpportunityPeriod,
    ProposedAction,
)
from appraisals.problems import plan_elements, plan_of
from appraisals.rules import FollowUp, Terms
from appraisals.services.actions import (
    add_instance,
    follow_action,
    propose_action,
    remove_instance,
    start_current_rating,
)
from appraisals.services.assistance import (
    extend_opportunity,
    open_opportunity,
    record_meeting,
    say_a_word,
    start_early_talk,
    start_result,
)
from orgchart.models import Person
from tests.years.doings import doing, doing_often
from tests.years.going_on import UNDER_WAY, GoingOn
from tests.years.world import one_of


class Assistance(GoingOn):
    @doing_often
    def an_opportunity_is_walked_to_its_end(self, lot: Random) -> None:
        """From the notice, or wherever it stands, over a meeting and more days to its result, and what follows."""
        running = [each for each in OpportunityPeriod.objects.all().loaded() if each.is_open]
        period = one_of(lot, running)
        if period is None:
            self.an_opportunity_is_opened(lot)
            return
        by = self.world.fresh(period.notice.appraisal.rating_official)
        self.until_told(lot, period.notice)
        period = OpportunityPeriod.objects.all().loaded().get(pk=period.pk)
        for act in lot.choice([[self.they_meet], [self.days_are_added, self.they_meet]]):
            act(lot, period, by)
        self.a_word_is_said_of_a_meeting(lot)
        if period.its_result is None:
            self.it_ends(lot, period, by)
        period = OpportunityPeriod.objects.all().loaded().get(pk=period.pk)
        if period.its_result:
            self.until_told(lot, period.its_result)
        period = OpportunityPeriod.objects.all().loaded().get(pk=period.pk)
        if period.succeeded is False:
            self.an_action_follows(lot, period.notice.appraisal)

    def until_told(self, lot: Random, document: Document) -> None:
        for _ in range(4):
            if self.read(document).state in UNDER_WAY[:3]:
                self.done_properly(lot, document)

    def an_action_follows(self, lot: Random, record: Appraisal) -> None:
        """Proposed with what happened, told, and decided when its notice is over."""
        by = self.world.fresh(record.rating_official)
        action = self.proposed(record, by, happened_on=self.world.today)
        if action is None:
            return
        if lot.choice([True, False]):
            row = action.instances.first()
            if row is not None:
                self.taken_out(row, by)
                self.instance(action, row.element, self.world.today, by)
        self.until_told(lot, action.document)
        self.world.today += dt.timedelta(days=lot.choice([10, 31]))
        self.follow(lot, action, self.world.fresh(self.world.cast.hr_of_all))

    def told(self, lot: Random) -> tuple[Appraisal, list[Element]] | None:
        """A record, of which the plan was discussed as a rule, with one element of it."""
        which = {"documents__kind": "performance_plan", "documents__communicated_on__isnull": False}
        record = self.record(lot, **which) if lot.randint(0, 5) else self.record(lot)
        plan = plan_of(record) if record else None
        element = one_of(lot, plan_elements(plan)) if plan else None
        return (record, [element] if element else []) if record else None

    def period(self, lot: Random) -> OpportunityPeriod | None:
        return one_of(lot, OpportunityPeriod.objects.all().loaded().reverse()[:3])

    @doing
    def an_early_talk_is_begun(self, lot: Random) -> None:
        if found := self.told(lot):
            record, about = found
            by = self.asked_or_somebody(lot, record.rating_official)
            self.attempt("early talk", lambda: start_early_talk(record, about, by=by))

    @doing
    def an_opportunity_is_opened(self, lot: Random) -> None:
        if found := self.told(lot):
            record, about = found
            by = self.asked_or_somebody(lot, record.rating_official)
            day = self.world.today - dt.timedelta(days=lot.choice([-1, 0, 2, 4, 6]))
            terms = Terms(
                days=lot.choice([0, 14, 30, 30]),
                meeting_every=7,
                consulted=lot.choice(["Hanna Human", "Hanna Human", ""]),
                consulted_on=day,
            )
            self.attempt("opportunity", lambda: open_opportunity(record, about, terms=terms, by=by))

    @doing_often
    def an_opportunity_runs(self, lot: Random) -> None:
        """A meeting, a word about it, more days, or its result when the days are over, or before."""
        period = self.period(lot)
        if period is None:
            return
        by = self.asked_or_somebody(lot, period.notice.appraisal.rating_official)
        doing = lot.choice([self.they_meet, self.days_are_added, self.it_ends, self.it_ends])
        doing(lot, period, by)

    def they_meet(self, lot: Random, period: OpportunityPeriod, by) -> None:
        words = self.world.new_words()
        meeting = self.attempt(
            "meeting",
            lambda: record_meeting(
                period, held_on=self.world.today, method="F", account=words, by=by
            ),
        )
        if meeting is not None:
            self.world.said[OpportunityMeeting, meeting.pk] = words

    def days_are_added(self, lot: Random, period: OpportunityPeriod, by) -> None:
        days = lot.choice([0, 10])
        more = self.attempt(
            "more days",
            lambda: extend_opportunity(period, days=days, reason="She was ill.", by=by),
        )
        if more is not None:
            self.world.said[OpportunityExtension, more.pk] = "She was ill."

    def it_ends(self, lot: Random, period: OpportunityPeriod, by) -> None:
        if period.ends_on and period.is_open and lot.randint(0, 4):
            self.world.today = max(self.world.today, period.ends_on)
        self.attempt("result", lambda: start_result(period, by=by))

    @doing
    def a_word_is_said_of_a_meeting(self, lot: Random) -> None:
        """Once; what was said first stands."""
        meeting = one_of(lot, OpportunityMeeting.objects.order_by("-pk")[:3])
        if meeting is None:
            return
        by = self.asked_or_somebody(lot, meeting.period.notice.appraisal.employee)
        words = self.world.new_words()
        word = self.attempt("a word", lambda: say_a_word(meeting, text=words, by=by))
        if word is not None:
            self.world.said.setdefault((MeetingWord, word.pk), words)

    @doing
    def an_action_is_proposed(self, lot: Random) -> None:
        """Where an opportunity has failed, as a rule."""
        period = self.period(lot)
        found = self.told(lot)
        if period is None or found is None:
            return
        record = period.notice.appraisal if lot.randint(0, 3) else found[0]
        by = self.asked_or_somebody(lot, record.rating_official)
        day = self.world.today - dt.timedelta(days=lot.choice([-1, 0, 10, 400]))
        self.proposed(record, by, happened_on=day)

    def proposed(
        self, record: Appraisal, by: Person, *, happened_on: dt.date
    ) -> ProposedAction | None:
        plan = plan_of(record)
        about = plan_elements(plan)[:1] if plan else []
        given = list(OpportunityPeriod.objects.of_employee(record.employee))
        action = self.attempt(
            "propose an action", lambda: propose_action(record, ActionKind.REMOVAL, about, by=by)
        )
        if action is not None:
            if given and given[-1].succeeded is False:
                self.world.done["propose an action after an opportunity that failed"] += 1
            self.instance(action, about[0], happened_on, by)
        return action

    def instance(self, action: ProposedAction, element: Element, day: dt.date, by) -> None:
        words = self.world.new_words()
        row = self.attempt(
            "add an instance",
            lambda: add_instance(action, element=element, happened_on=day, what=words, by=by),
        )
        if row is not None:
            self.world.said[ActionInstance, row.pk] = words

    @doing
    def an_instance_is_added_or_taken_out(self, lot: Random) -> None:
        action = one_of(lot, ProposedAction.objects.order_by("-pk")[:3])
        if action is None:
            return
        by = self.asked_or_somebody(lot, action.document.appraisal.rating_official)
        row = action.instances.first()
        if row is None or lot.randint(0, 2):
            element = action.document.sections.exclude(element=None)[0].element
            self.instance(action, element, self.world.today, by)
        else:
            self.taken_out(row, by)

    def taken_out(self, row: ActionInstance, by: Person) -> None:
        key = (ActionInstance, row.pk)
        before = self.world.done["take out an instance"]
        self.attempt("take out an instance", lambda: remove_instance(row, by=by))
        if self.world.done["take out an instance"] > before:
            del self.world.said[key]

    @doing
    def an_action_is_followed(self, lot: Random) -> None:
        action = one_of(lot, ProposedAction.objects.order_by("-pk")[:3])
        if action is None:
            return
        self.follow(lot, action, self.asked_or_somebody(lot, self.world.cast.hr_of_all))

    def follow(self, lot: Random, action: ProposedAction, by: Person) -> None:
        given = FollowUp(
            decision=lot.choice(list(ActionDecision)),
            decided_on=self.world.today,
            decided_by="The commander",
        )
        self.attempt("follow an action", lambda: follow_action(action, given, by=by))

    @doing
    def a_rating_in_between_is_begun(self, lot: Random) -> None:
        if found := self.told(lot):
            by = self.asked_or_somebody(lot, found[0].rating_official)
            self.attempt(
                "a current rating", lambda: start_current_rating(found[0], why="A raise.", by=by)
            )
