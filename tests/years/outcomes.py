"""How a year ends otherwise: more time, no rating, another rating; and who drafts for somebody else."""

import datetime as dt
from random import Random

from appraisals.models import (
    AmendmentReason,
    Appraisal,
    Decision,
    Delegation,
    Disagreement,
    Extension,
    RatingOfRecord,
)
from appraisals.models.disagreement import DisagreementKind
from appraisals.models.rateability import ExtensionReason, NotRatedReason, SituationKind
from appraisals.services.amending import record_decision
from appraisals.services.delegating import delegate, end_delegation
from appraisals.services.disagreeing import (
    answer_disagreement,
    file_disagreement,
    withdraw_disagreement,
)
from appraisals.services.rateability import (
    ask_extension,
    close_year,
    decide_extension,
    end_extension,
    enter_situation,
    grant_extension,
    reopen_year,
)
from orgchart.models import Person
from tests.years.doings import Doings, doing, doing_often
from tests.years.world import one_of

WHY = "It could not be otherwise."


class Outcomes(Doings):
    @doing_often
    def more_time_is_asked_for_or_given(self, lot: Random) -> None:
        days = lot.randint(1, 120)
        record = self.record(lot)
        if record is None:
            return
        more = {
            "until": record.cycle.ends_on + dt.timedelta(days=days),
            "reason": lot.choice(list(ExtensionReason)),
            "explanation": WHY,
        }
        if lot.choice([True, False]):
            by = self.asked_or_somebody(lot, record.rating_official)
            self.attempt("ask for time", lambda: ask_extension(record, **more, by=by))
        else:
            by = self.asked_or_somebody(lot, self.world.cast.hr)
            more["authority"] = "The commander"
            self.attempt("give time", lambda: grant_extension(record, **more, by=by))

    @doing
    def more_time_is_decided_or_ended(self, lot: Random) -> None:
        extension = one_of(lot, Extension.objects.order_by("-pk")[:2])
        if extension is None:
            return
        by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
        granted = lot.choice([True, False])
        decision = {"granted": granted, "authority": "The commander", "answer": WHY, "by": by}
        if lot.randint(0, 3):
            self.attempt("decide time", lambda: decide_extension(extension, **decision))
        else:
            record = extension.appraisal
            self.attempt("end time", lambda: end_extension(record, why=WHY, by=by))

    @doing
    def a_year_is_closed_without_a_rating(self, lot: Random) -> None:
        record = self.record(lot)
        if record is None:
            return
        by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
        reason = lot.choice(list(NotRatedReason))
        if record.not_rated:
            self.attempt("open a year again", lambda: reopen_year(record, why=WHY, by=by))
        else:
            self.attempt(
                "close a year", lambda: close_year(record, reason=reason, explanation=WHY, by=by)
            )

    @doing
    def somebody_is_specially_situated(self, lot: Random) -> None:
        days = lot.randint(0, 200)
        record = self.record(lot)
        if record is None:
            return
        by = self.asked_or_somebody(lot, self.world.cast.hr)
        kind = lot.choice(list(SituationKind))
        ends_on = self.world.today + dt.timedelta(days=days) if days else None
        self.attempt(
            "enter a situation",
            lambda: enter_situation(
                record, kind=kind, starts_on=self.world.today, ends_on=ends_on, by=by
            ),
        )

    @doing
    def a_rating_is_disagreed_with(self, lot: Random) -> None:
        rating = one_of(lot, RatingOfRecord.objects.select_related("appraisal").order_by("-pk")[:2])
        if rating is None:
            return
        by = self.asked_or_somebody(lot, rating.appraisal.employee)
        kind = lot.choice(list(DisagreementKind))
        row = self.attempt("disagree", lambda: file_disagreement(rating, kind, text=WHY, by=by))
        if row is not None and lot.choice([True, False]):
            self.answered(lot, row, self.world.fresh(self.world.cast.hr_of_all))

    @doing
    def a_disagreement_is_answered(self, lot: Random) -> None:
        row = one_of(lot, Disagreement.objects.select_related("rating__appraisal").order_by("pk"))
        if row is None:
            return
        if not lot.randint(0, 2):
            by = self.asked_or_somebody(lot, row.rating.appraisal.employee)
            self.attempt("withdraw", lambda: withdraw_disagreement(row, by=by))
            return
        self.answered(lot, row, self.asked_or_somebody(lot, self.world.cast.hr_of_all))

    def answered(self, lot: Random, row: Disagreement, by: Person) -> None:
        reason = AmendmentReason.INFORMAL
        decision = (
            self.decision(lot, row.rating.appraisal, reason) if lot.choice([True, False]) else None
        )
        self.attempt(
            "answer",
            lambda: answer_disagreement(
                row,
                answer=WHY,
                authority="The reviewer",
                decided_on=self.world.today,
                decision=decision,
                by=by,
            ),
        )

    @doing_often
    def a_rating_is_changed_by_others(self, lot: Random) -> None:
        rating = one_of(lot, RatingOfRecord.objects.select_related("appraisal").order_by("pk"))
        if rating is None:
            return
        by = self.asked_or_somebody(lot, self.world.cast.hr_of_all)
        decision = self.decision(lot, rating.appraisal, lot.choice(list(AmendmentReason)))
        self.attempt("change a rating", lambda: record_decision(rating, decision, by=by))

    def decision(self, lot, record: Appraisal, reason: AmendmentReason) -> Decision:
        count = record.documents.get(kind="annual_appraisal").sections.filter(kind="rating").count()
        return Decision(
            levels=lot.choices([5, 3, 3, 1, 0], k=count),
            reason=reason,
            authority="The arbitrator",
            explanation=WHY,
            approved_by="A. Approver",
            decided_on=self.world.today,
        )


class Delegates(Doings):
    @doing
    def somebody_drafts_for_another(self, lot: Random) -> None:
        days = lot.randint(0, 90)
        principal, to, today = self.somebody(lot), self.somebody(lot), self.world.today
        by = self.asked_or_somebody(lot, principal)
        self.attempt(
            "delegate",
            lambda: delegate(
                principal,
                to=to,
                starts_on=today,
                ends_on=today + dt.timedelta(days=days),
                reason=WHY,
                by=by,
            ),
        )

    @doing
    def a_delegation_ends(self, lot: Random) -> None:
        row = one_of(lot, Delegation.objects.select_related("principal").order_by("pk"))
        if row is not None:
            by = self.asked_or_somebody(lot, row.principal)
            self.attempt("end a delegation", lambda: end_delegation(row, by=by, reason=WHY))
