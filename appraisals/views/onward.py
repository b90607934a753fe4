"""What is left after one of a team is through: how many are, and the button to the next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q
from django.urls import reverse

from appraisals.models import OF_THE_YEAR, TOLD, Appraisal, Document, Kind, State
from appraisals.services.approvals import next_of
from appraisals.turn_words import WHAT
from appraisals.turns import BESIDE_THE_YEAR
from appraisals.views.needs import NOUN
from appraisals.views.rows import Action
from orgchart.models import Person
from orgchart.templatetags.ui import plural

OF_EVERYBODY = frozenset(OF_THE_YEAR) - frozenset(BESIDE_THE_YEAR)
"""What each record of a year has one of, sooner or later."""


@dataclass(frozen=True, slots=True)
class Onward:
    words: str
    action: Action


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a rating official takes for one after the other: from which state, and in which it is behind them."""

    source: State
    behind: frozenset[State]
    done: str
    all_done: str


SENT = Step(
    State.DRAFT,
    frozenset({State.IN_REVIEW, State.APPROVED, *TOLD}),
    "sent on",
    "Every {noun} of your team is sent on.",
)
DISCUSSED = Step(
    State.APPROVED,
    frozenset(TOLD),
    "discussed",
    "Every {noun} of your team is discussed.",
)
STEPS = {State.IN_REVIEW: SENT, **dict.fromkeys(TOLD, DISCUSSED)}
"""By the state a document is in once its rating official has taken the step."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team; `document` None: theirs is not started."""

    name: str
    document: int | None
    state: str | None


def onward_of(document: Document, user: Person) -> Onward | None:
    """For a rating official whose turn is over here, and for a reviewer who has decided; one query."""
    appraisal = document.appraisal
    if user.pk == appraisal.rating_official_id:
        step = STEPS.get(State(document.state))
        return _of_team(document, step) if step and document.kind in OF_EVERYBODY else None
    if user.pk == appraisal.higher_level_reviewer_id and document.state != State.IN_REVIEW:
        return _of_queue(user)
    return None


def _of_queue(user: Person) -> Onward | None:
    waiting, first = next_of(user)
    if first is None:
        return None
    waits = "waits" if waiting == 1 else "wait"
    pk, name = first
    words = f"{plural(waiting, 'document')} {waits} for your review. Next: {name}."
    url = f"{reverse('document_detail', args=[pk])}?queue=1"
    return Onward(words, Action(label="Review", url=url, about=name))


def _of_team(document: Document, step: Step) -> Onward | None:
    appraisal = document.appraisal
    team = list(_members(appraisal, document.kind))
    if len(team) < 2 or document.pk not in [each.document for each in team]:
        return None
    noun = NOUN[Kind(document.kind)]
    behind = sum(each.state in step.behind for each in team)
    back = Action(label="Your team", url=f"{reverse('team')}?cycle={appraisal.cycle_id}")
    if behind == len(team):
        return Onward(step.all_done.format(noun=noun), back)
    words = f"{behind} of {plural(len(team), noun)} {step.done}."
    following = _after(document.pk, team, step)
    if following is None:
        bare = sum(each.document is None for each in team)
        return Onward(f"{words} {bare} not started yet." if bare else words, back)
    url = reverse("document_write", args=[following.document])
    verb = WHAT[document.kind][step.source][1]
    return Onward(
        f"{words} Next: {following.name}.", Action(label=verb, url=url, about=following.name)
    )


def _after(pk: int, team: list[Member], step: Step) -> Member | None:
    """By name, from the last one back to who was passed over."""
    at = next(index for index, each in enumerate(team) if each.document == pk)
    in_order = [*team[at + 1 :], *team[:at]]
    return next((each for each in in_order if each.state == step.source), None)


def _members(appraisal: Appraisal, kind: str) -> Iterable[Member]:
    """Everybody whom this rating official rates in the cycle, by name, each with their newest of that kind."""
    newest = FilteredRelation(
        "documents",
        condition=Q(documents__kind=kind) & ~Q(documents__state=State.CLOSED),
    )
    rows = (
        Appraisal.objects.filter(
            rating_official=appraisal.rating_official_id, cycle=appraisal.cycle_id, not_rated=""
        )
        .annotate(theirs=newest)
        .order_by(
            "employee__last_name",
            "employee__first_name",
            "pk",
            F("theirs__number").asc(nulls_first=True),
        )
        .values_list(
            "pk", "employee__first_name", "employee__last_name", "theirs__pk", "theirs__state"
        )
    )
    return {
        pk: Member(f"{first_name} {last_name}", document, state)
        for pk, first_name, last_name, document, state in rows
    }.values()
