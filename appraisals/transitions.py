"""The table of steps: who may take which from where, and what each asks for.

    draft -> in_review -> approved -> communicated -> acknowledged
      ^         |
      +---------+  returned for change, or recalled

Buttons, confirmation pages, POST checks, whose-turn texts and the test of the full product all read it.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from appraisals import rules
from appraisals.models import CONFIDENTIAL, DepartureState, Document, Kind, State
from appraisals.models.scope import Party
from appraisals.problems import rated_levels


def _always(document: Document) -> bool:
    return True


def needs_review(document: Document) -> bool:
    """R8.5 by the document's own policy edition; an Unacceptable rating always when R8.1 is law."""
    policy = document.policy.rules()
    if rules.needs_review(policy, document.kind):
        return True
    level = rules.summary_level(rated_levels(document), policy)
    return rules.needs_review(policy, document.kind, level=level)


def _needs_no_review(document: Document) -> bool:
    return not needs_review(document)


def _takes_approvals_from_outside(document: Document) -> bool:
    """R8.4, and only of somebody who is named."""
    named = document.appraisal.higher_level_reviewer_id is not None
    return named and document.policy.rules().approval_may_be_documented


def _is_written_here(document: Document) -> bool:
    return not document.on_paper


def _is_mandatory(document: Document) -> bool:
    return document.mandatory_id is not None


def _is_its_writers(document: Document) -> bool:
    return document.mandatory_id is None


def _nothing_rests_on_it(document: Document) -> bool:
    """Of the record only this plan, and what was closed before."""
    return not any(
        each.pk != document.pk and each.state != State.CLOSED
        for each in document.appraisal.documents.all()
    )


def _is_owed_no_more(document: Document) -> bool:
    """Its writer has gone without it, or nobody goes after all."""
    return not document.owed_by.filter(departure__state=DepartureState.PLANNED).exists()


def _has_somebody_elses_word(document: Document) -> bool:
    """Something stands there as the employee's that the employee did not enter."""
    return document.on_paper or document.acknowledged_for_employee


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `moves_to` None: the document stays where it is. `asks`: what the actor must give, a key of
    `forms.steps.FORMS`. `meaning`: what the confirmation page says the step does. `checked`:
    problems of the document block the step. `otherwise`: why it does not apply when `when` says no.
    `for_whom`: whose part it records that was done outside (R4.6, R8.4). `on_paper`: of a document that
    was written on the paper form (R4.7) HR may enter it too, with the day on which it was done.
    `tells`: who hears of it, and as which kind of notice; never who took it.
    """

    name: str
    verb: str
    sources: frozenset[State]
    moves_to: State | None
    who: Party
    meaning: str
    done: str
    asks: str = ""
    when: Callable[[Document], bool] = _always
    checked: bool = False
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(Kind))
    quiet: bool = False
    otherwise: str = ""
    for_whom: Party | None = None
    on_paper: bool = False
    tells: Mapping[Party, str] = field(default_factory=dict)

    def asks_of(self, document: Document) -> str:
        """On paper everybody has signed: a step that asks for nothing asks who, and on which day."""
        return "signing" if document.on_paper and self.on_paper and not self.asks else self.asks


_BEFORE_IT_IS_TOLD = frozenset({State.DRAFT, State.IN_REVIEW, State.APPROVED})
_WITH_INPUT = frozenset({Kind.PROGRESS_REVIEW, Kind.ANNUAL_APPRAISAL, Kind.NARRATIVE_STATEMENT})


def _closing(
    name: str,
    verb: str,
    sources: AbstractSet[State],
    who: Party,
    meaning: str,
    done: str,
    *,
    kinds: AbstractSet[Kind],
    tells: Iterable[Party] = (Party.HIGHER_LEVEL_REVIEWER,),
    when: Callable[[Document], bool] = _always,
    otherwise: str = "",
) -> Transition:
    """A row that ends a document which shall not count; always with a reason that stays."""
    return Transition(
        name,
        verb,
        frozenset(sources),
        State.CLOSED,
        who,
        meaning,
        done,
        asks="why",
        when=when,
        kinds=frozenset(kinds),
        quiet=True,
        otherwise=otherwise,
        tells=dict.fromkeys(tells, "closed"),
    )


TRANSITIONS: dict[str, Transition] = {
    row.name: row
    for row in (
        Transition(
            "share_input",
            "Send my input",
            frozenset({State.DRAFT}),
            None,
            Party.EMPLOYEE,
            "Your rating official can read your input from now on. You may go on writing until "
            "they send the document up.",
            "Your input is with your rating official.",
            when=_is_written_here,
            otherwise="it is entered from a paper form",
            kinds=_WITH_INPUT,
            tells={Party.RATING_OFFICIAL: "input_sent"},
        ),
        Transition(
            "submit",
            "Send to the higher level reviewer",
            frozenset({State.DRAFT}),
            State.IN_REVIEW,
            Party.RATING_OFFICIAL,
            "The higher level reviewer reads it and approves it or returns it with a reason. "
            "Nobody can change the text meanwhile.",
            "Sent to the higher level reviewer.",
            when=needs_review,
            otherwise="its policy asks for no higher level review",
            checked=True,
            on_paper=True,
            tells={Party.HIGHER_LEVEL_REVIEWER: "to_review"},
        ),
        Transition(
            "finish",
            "Finish writing",
            frozenset({State.DRAFT}),
            State.APPROVED,
            Party.RATING_OFFICIAL,
            "No higher level review is asked for. Next you discuss it with the employee.",
            "Finished. Discuss it with the employee next.",
            when=_needs_no_review,
            otherwise="its policy asks for a higher level review",
            checked=True,
            on_paper=True,
        ),
        Transition(
            "recall",
            "Take it back",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.RATING_OFFICIAL,
            "You can write again, and send it up again when you are done. No text is lost.",
            "Taken back. You can write again.",
            quiet=True,
            tells={Party.HIGHER_LEVEL_REVIEWER: "taken_back"},
        ),
        Transition(
            "approve",
            "Approve",
            frozenset({State.IN_REVIEW}),
            State.APPROVED,
            Party.HIGHER_LEVEL_REVIEWER,
            "You agree that it may be discussed with the employee as it stands.",
            "Approved. The rating official discusses it with the employee next.",
            tells={Party.RATING_OFFICIAL: "approved"},
        ),
        Transition(
            "record_approval",
            "Record an approval given outside",
            frozenset({State.IN_REVIEW}),
            State.APPROVED,
            Party.RATING_OFFICIAL,
            "Use this only when the higher level reviewer has approved it elsewhere: on the printed form, "
            "by e-mail, in a talk. The record shows who approved, when and how, and that you recorded it.",
            "Recorded as approved outside. Discuss it with the employee next.",
            asks="approval",
            when=_takes_approvals_from_outside,
            otherwise="its policy takes an approval only from the reviewer, here",
            quiet=True,
            for_whom=Party.HIGHER_LEVEL_REVIEWER,
            on_paper=True,
            tells={Party.HIGHER_LEVEL_REVIEWER: "approved_for_you"},
        ),
        Transition(
            "return_for_change",
            "Return for change",
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
            Party.HIGHER_LEVEL_REVIEWER,
            "It goes back to the rating official with your reason, which stays on the record.",
            "Returned to the rating official with your reason.",
            asks="reason",
            quiet=True,
            tells={Party.RATING_OFFICIAL: "returned"},
        ),
        Transition(
            "put_in",
            "Put the mandatory element in",
            frozenset({State.DRAFT}),
            State.APPROVED,
            Party.HR,
            "Every plan that it binds must hold it, so it is approved already. It is in force when the "
            "rating official has discussed it with the employee.",
            "Put in. The rating official discusses it with the employee next.",
            when=_is_mandatory,
            otherwise="it holds no mandatory element",
            kinds=frozenset({Kind.PLAN_CHANGE}),
            quiet=True,
            tells={Party.RATING_OFFICIAL: "element_put_in"},
        ),
        Transition(
            "communicate",
            "Record the discussion",
            frozenset({State.APPROVED}),
            State.COMMUNICATED,
            Party.RATING_OFFICIAL,
            "You have talked it over with the employee. From now on the employee can read all of it.",
            "Recorded. The employee is asked to acknowledge.",
            asks="communication",
            on_paper=True,
            tells={Party.EMPLOYEE: "to_acknowledge"},
        ),
        Transition(
            "acknowledge",
            "Acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.EMPLOYEE,
            "You confirm that it was discussed with you and that you have received it. "
            "Acknowledging is not agreeing. You may add a comment, which stays on the record.",
            "Acknowledged.",
            asks="comment",
            tells={Party.RATING_OFFICIAL: "acknowledged"},
        ),
        Transition(
            "record_signature",
            "Record a signature on paper",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.RATING_OFFICIAL,
            "Use this when the employee has signed the printed form. The record shows the day of the "
            "signature and that you recorded it, and the employee can add that something differs.",
            "Recorded as signed on paper.",
            asks="signature",
            quiet=True,
            for_whom=Party.EMPLOYEE,
            on_paper=True,
            tells={Party.EMPLOYEE: "signed_for_you"},
        ),
        Transition(
            "record_acknowledgment",
            "Record that the employee did not acknowledge",
            frozenset({State.COMMUNICATED}),
            State.ACKNOWLEDGED,
            Party.RATING_OFFICIAL,
            "Use this only when the employee has no access, is away or declines. The record shows "
            "that you did it, when, why and who was there. The document counts all the same.",
            "Recorded, with your reason.",
            asks="acknowledgment",
            quiet=True,
            for_whom=Party.EMPLOYEE,
            on_paper=True,
            tells={Party.EMPLOYEE: "acknowledged_for_you"},
        ),
        Transition(
            "note_difference",
            "Say what differs",
            frozenset({State.COMMUNICATED, State.ACKNOWLEDGED}),
            None,
            Party.EMPLOYEE,
            "Somebody else entered this for you. Say what is not as it was; it stays on the record, "
            "where your rating official, the higher level reviewer and HR read it.",
            "On the record. Nothing else was changed.",
            asks="difference",
            when=_has_somebody_elses_word,
            otherwise="nothing in it was entered for the employee",
            quiet=True,
            tells={Party.RATING_OFFICIAL: "difference"},
        ),
        _closing(
            "withdraw",
            "Withdraw this change",
            _BEFORE_IT_IS_TOLD,
            Party.RATING_OFFICIAL,
            "The plan stays as it is. The change and your reason stay on the record.",
            "Withdrawn. The plan stays as it is.",
            kinds={Kind.PLAN_CHANGE},
            when=_is_its_writers,
            otherwise="HR put it in, so HR takes it back",
        ),
        _closing(
            "give_up",
            "Withdraw it",
            _BEFORE_IT_IS_TOLD,
            Party.RATING_OFFICIAL,
            "Use this for what was begun by mistake or is no longer needed. It is closed untold and stays on "
            "the record with your reason, for the officials and HR. The employee never sees it.",
            "Withdrawn, with your reason.",
            kinds=frozenset(CONFIDENTIAL),
        ),
        _closing(
            "take_back",
            "Take it back",
            _BEFORE_IT_IS_TOLD,
            Party.HR,
            "The plan stays as it is. The change and your reason stay on the record.",
            "Taken back. The plan stays as it is.",
            kinds={Kind.PLAN_CHANGE},
            tells=(Party.RATING_OFFICIAL,),
            when=_is_mandatory,
            otherwise="it is the rating official’s, who may withdraw it",
        ),
        _closing(
            "discard",
            "Delete this plan",
            {State.DRAFT, State.IN_REVIEW},
            Party.RATING_OFFICIAL,
            "It was never approved and counts as nothing from now on. Its texts and your reason stay in the "
            "history, and you can start another plan.",
            "Deleted. You can start another plan.",
            kinds={Kind.PERFORMANCE_PLAN},
        ),
        _closing(
            "set_aside",
            "Set this statement aside",
            {State.DRAFT},
            Party.RATING_OFFICIAL,
            "Use this only when nobody can write it: whoever was to write it has gone, or nobody goes after all. "
            "Your reason stays on the record, and what was written stays in the history.",
            "Set aside, with your reason.",
            kinds={Kind.NARRATIVE_STATEMENT},
            when=_is_owed_no_more,
            otherwise="it is owed until the last day of whoever leaves",
        ),
        _closing(
            "close_as_erroneous",
            "Close as erroneous",
            {State.APPROVED, State.COMMUNICATED, State.ACKNOWLEDGED},
            Party.HR,
            "Use this only for a plan that should never have been: of the wrong person, position or cycle. It counts as "
            "never approved, so days under it do not count. Another plan is then to be written and approved.",
            "Closed as erroneous. The rating official can start another plan.",
            kinds={Kind.PERFORMANCE_PLAN},
            tells=(Party.RATING_OFFICIAL, Party.HIGHER_LEVEL_REVIEWER, Party.EMPLOYEE),
            when=_nothing_rests_on_it,
            otherwise="a review, a rating or a change rests on it; change the plan instead",
        ),
    )
}
