"""How a year ends otherwise: more time, no rating, another rating; and who drafts for somebody else."""

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import rule

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
from tests.years.doings import DATA, Doings
from tests.years.world import one_of

WHY = "It could not be otherwise."


class Outcomes(Doings):
    @rule(data=DATA, days=st.integers(1, 120))
    def more_time_is_asked_for_or_given(self, data: st.DataObject, days: int) -> None:
        record = self.record(data)
        if record is None:
            return
        more = {
            "until": record.cycle.ends_on + dt.timedelta(days=days),
            "reason": data.draw(st.sampled_from(ExtensionReason)),
            "explanation": WHY,
        }
        if data.draw(st.booleans()):
            by = self.asked_or_somebody(data, record.rating_official)
            self.attempt("ask for time", lambda: ask_extension(record, **more, by=by))
        else:
            by = self.asked_or_somebody(data, self.world.cast.hr)
            more["authority"] = "The commander"
            self.attempt("give time", lambda: grant_extension(record, **more, by=by))

    @rule(data=DATA)
    def more_time_is_decided_or_ended(self, data: st.DataObject) -> None:
        extension = one_of(data, Extension.objects.order_by("pk"))
        if extension is None:
            return
        by = self.asked_or_somebody(data, self.world.cast.hr)
        granted = data.draw(st.booleans())
        decision = {"granted": granted, "authority": "The commander", "answer": WHY, "by": by}
        if data.draw(st.integers(0, 3)):
            self.attempt("decide time", lambda: decide_extension(extension, **decision))
        else:
            record = extension.appraisal
            self.attempt("end time", lambda: end_extension(record, why=WHY, by=by))

    @rule(data=DATA)
    def a_year_is_closed_without_a_rating(self, data: st.DataObject) -> None:
        record = self.record(data)
        if record is None:
            return
        by = self.asked_or_somebody(data, self.world.cast.hr)
        reason = data.draw(st.sampled_from(NotRatedReason))
        if record.not_rated:
            self.attempt("open a year again", lambda: reopen_year(record, why=WHY, by=by))
        else:
            self.attempt(
                "close a year", lambda: close_year(record, reason=reason, explanation=WHY, by=by)
            )

    @rule(data=DATA, days=st.integers(0, 200))
    def somebody_is_specially_situated(self, data: st.DataObject, days: int) -> None:
        record = self.record(data)
        if record is None:
            return
        by = self.asked_or_somebody(data, self.world.cast.hr)
        kind = data.draw(st.sampled_from(SituationKind))
        ends_on = self.world.today + dt.timedelta(days=days) if days else None
        self.attempt(
            "enter a situation",
            lambda: enter_situation(
                record, kind=kind, starts_on=self.world.today, ends_on=ends_on, by=by
            ),
        )

    @rule(data=DATA)
    def a_rating_is_disagreed_with(self, data: st.DataObject) -> None:
        rating = one_of(data, RatingOfRecord.objects.select_related("appraisal").order_by("pk"))
        if rating is None:
            return
        by = self.asked_or_somebody(data, rating.appraisal.employee)
        kind = data.draw(st.sampled_from(DisagreementKind))
        self.attempt("disagree", lambda: file_disagreement(rating, kind, text=WHY, by=by))

    @rule(data=DATA)
    def a_disagreement_is_answered(self, data: st.DataObject) -> None:
        row = one_of(data, Disagreement.objects.select_related("rating__appraisal").order_by("pk"))
        if row is None:
            return
        if not data.draw(st.integers(0, 4)):
            by = self.asked_or_somebody(data, row.rating.appraisal.employee)
            self.attempt("withdraw", lambda: withdraw_disagreement(row, by=by))
            return
        by = self.asked_or_somebody(data, self.world.cast.hr)
        reason = AmendmentReason.INFORMAL
        decision = (
            self.decision(data, row.rating.appraisal, reason) if data.draw(st.booleans()) else None
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

    @rule(data=DATA)
    def a_rating_is_changed_by_others(self, data: st.DataObject) -> None:
        rating = one_of(data, RatingOfRecord.objects.select_related("appraisal").order_by("pk"))
        if rating is None:
            return
        by = self.asked_or_somebody(data, self.world.cast.hr)
        decision = self.decision(
            data, rating.appraisal, data.draw(st.sampled_from(AmendmentReason))
        )
        self.attempt("change a rating", lambda: record_decision(rating, decision, by=by))

    def decision(self, data, record: Appraisal, reason: AmendmentReason) -> Decision:
        count = record.documents.get(kind="annual_appraisal").sections.filter(kind="rating").count()
        level = st.sampled_from([5, 3, 3, 1, 0])
        return Decision(
            levels=data.draw(st.lists(level, min_size=count, max_size=count)),
            reason=reason,
            authority="The arbitrator",
            explanation=WHY,
            approved_by="A. Approver",
            decided_on=self.world.today,
        )


class Delegates(Doings):
    @rule(data=DATA, days=st.integers(0, 90))
    def somebody_drafts_for_another(self, data: st.DataObject, days: int) -> None:
        principal, to, today = self.somebody(data), self.somebody(data), self.world.today
        by = self.asked_or_somebody(data, principal)
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

    @rule(data=DATA)
    def a_delegation_ends(self, data: st.DataObject) -> None:
        row = one_of(data, Delegation.objects.select_related("principal").order_by("pk"))
        if row is not None:
            by = self.asked_or_somebody(data, row.principal)
            self.attempt("end a delegation", lambda: end_delegation(row, by=by, reason=WHY))
