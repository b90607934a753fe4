"""The first page: what needs me, where I stand, where those I answer for stand."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.counts import around
from appraisals.models import Appraisal, AppraisalCycle, State
from appraisals.selectors import with_documents
from appraisals.turns import Turn, first_turn
from appraisals.views.assistance_needs import assistance_needs
from appraisals.views.board import Team, current_assignments, open_rows, still_of_interest
from appraisals.views.needs import Need, needs_of
from appraisals.views.rows import cycles_over, nearest, plan_due_on, show_cycle
from appraisals.views.shared import person
from appraisals.views.strip import Headed, Strip, headed_unit, strip_of
from appraisals.views.supervisor_standing import standings_of
from appraisals.views.supervisors import season, standings_table
from appraisals.views.talk_needs import beside_documents
from appraisals.views.year import goals_served_by, next_words, sights_of, years_of
from orgchart import clock
from orgchart.models import Assignment, Organization, Person
from orgchart.templatetags.ui import day_month, plural

SHOWN = 10
NEWS = 3


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything the page is about, loaded once. `records` may hold some that `user` may not open.

    `headed`: for whoever leads more than the team that is listed below.
    """

    user: Person
    assignment: Assignment | None
    cycle: AppraisalCycle | None
    cycles: list[AppraisalCycle]
    team: Team
    records: list[Appraisal]
    headed: Headed | None

    @property
    def place(self) -> Organization | None:
        return self.assignment.organization if self.assignment else None

    @property
    def own(self) -> list[Appraisal]:
        return [record for record in self.records if record.employee_id == self.user.pk]

    @property
    def leads(self) -> bool:
        """Somebody to rate, today or still."""
        rated = (record.rating_official_id == self.user.pk for record in self.records)
        return bool(self.team.reports) or any(rated)

    @property
    def reviewed(self) -> list[Appraisal]:
        return [
            record for record in self.records if record.higher_level_reviewer_id == self.user.pk
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The sentence under the greeting."""

    before: str
    due: str = ""
    after: str = ""


def load(user: Person) -> Mine:
    found = current_assignments(Q(employee=user) | Q(supervisor=user))
    own = next((each for each in found if each.employee_id == user.pk), None)
    reports = [each for each in found if each.supervisor_id == user.pk]
    records = Appraisal.objects.filter(
        Q(employee=user)
        | Q(rating_official=user)
        | Q(higher_level_reviewer=user)
        | Q(employee__in=[each.employee_id for each in reports])
    )
    of_interest = with_documents(still_of_interest(records))
    loaded: list[Appraisal] = [*of_interest.annotate(served_goals=goals_served_by(user))]
    leads_more = any(each.higher_level_reviewer_id == user.pk for each in loaded) or any(
        report.is_supervisor for report in reports
    )
    headed = headed_unit(user, own) if leads_more else None
    places, today = [each.organization for each in found], clock.today()
    cycles = cycles_over(places, on=today, also=around(headed.organization) if headed else None)
    running = nearest(cycles, places, on=today)
    return Mine(
        user=user,
        assignment=own,
        cycle=running.get(own.organization_id) if own else next(iter(running.values()), None),
        cycles=cycles,
        team=Team(user, reports, running, loaded),
        records=loaded,
        headed=headed,
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    mine = load(person(request))
    today = clock.today()
    show_cycle(request, season_of(mine) or mine.cycle)
    beside = beside_documents(mine.user, mine.place)
    needs = sorted(
        [
            *needs_of(mine.user, mine.records, mine.team),
            *(assistance_needs(mine.user) if beside.is_assisted else []),
            *beside.needs,
        ],
        key=lambda need: need.order,
    )
    years = years_of(mine.user, mine.own, mine.assignment, mine.cycle, today=today)
    rows = open_rows(mine.team)
    limit = None if "all" in request.GET else SHOWN
    return render(
        request,
        "appraisals/home/home.html",
        {
            "greeting": greeting(clock.now()),
            "summary": summary_of(mine, needs),
            "needs": needs[:limit],
            "more_needs": len(needs) > SHOWN and limit is not None,
            "need_count": len(needs),
            "today": today,
            "years": years,
            "next": next_words(mine.own, years, today=today),
            "sights": sights_of(mine.own),
            "rows": rows[:SHOWN],
            "row_count": len(rows),
            "unit": unit_of(mine),
            "own_unit": headed_place(mine),
            "news": beside.news[:NEWS],
            "drafting": beside.drafting,
            "nudges": beside.nudges if mine.leads else [],
            **reviewing(mine),
        },
    )


def unit_of(mine: Mine) -> Strip | None:
    known = {record.cycle_id: record.cycle for record in mine.records}
    return strip_of(mine.headed, mine.cycles, known=known) if mine.headed else None


def headed_place(mine: Mine) -> Organization | None:
    """The unit one works in and heads; its numbers are a link away from the team."""
    place = mine.place
    return place if place and place.head_id == mine.user.pk else None


def greeting(now: dt.datetime) -> str:
    if now.hour < 12:
        return "Good morning"
    return "Good afternoon" if now.hour < 18 else "Good evening"


def season_of(mine: Mine) -> AppraisalCycle | None:
    """The cycle there is most to do about: the oldest in hand that still waits for somebody."""
    waiting = [record.cycle for record in mine.records if first_turn(record).party is not None]
    return min(waiting, key=lambda cycle: cycle.starts_on, default=None)


def reviewing(mine: Mine) -> dict[str, object]:
    """For a second-level supervisor: the queue, and each supervisor below."""
    reviewed = mine.reviewed
    if not reviewed:
        return {"is_reviewer": False}
    cycles = sorted(
        {record.cycle.pk: record.cycle for record in reviewed}.values(),
        key=lambda cycle: cycle.starts_on,
        reverse=True,
    )
    cycle = season(cycles)
    turns = [
        first_turn(record)
        for record in reviewed
        if any(document.state == State.IN_REVIEW for document in record.documents.all())
    ]
    in_cycle = [record for record in reviewed if record.cycle == cycle]
    standings = standings_of(in_cycle, [], cycle) if cycle else []
    return {
        "is_reviewer": True,
        "review_cycle": cycle,
        "waiting": len(turns),
        "waiting_late": sum(turn.is_late for turn in turns),
        "supervisors": standings_table(standings[:SHOWN], cycle),
        "supervisor_count": len(standings),
    }


STAGE_WORDS = {
    "plans": "Plans for {name} are due by",
    "reviews": "Progress reviews for {name} are due by",
    "ratings": "Appraisals for the cycle that {ended} {day} are due to your reviewer by",
    "discussions": "Ratings for the cycle that {ended} {day} are to be discussed by",
}


def _stage_of(turn: Turn) -> str:
    if turn.stage < 2:
        return ("plans", "reviews")[turn.stage]
    is_approved = turn.document is not None and turn.document.state == State.APPROVED
    return "discussions" if is_approved else "ratings"


def summary_of(mine: Mine, needs: list[Need]) -> Summary:
    """What a team waits for next, and its date; without a team, how much waits."""
    rated = [record for record in mine.records if record.rating_official_id == mine.user.pk]
    groups: dict[tuple[int, str], list[Turn]] = {}
    for turn in map(first_turn, rated):
        if turn.is_mine(mine.user) and turn.due_on:
            groups.setdefault((turn.appraisal.cycle_id, _stage_of(turn)), []).append(turn)
    if groups:
        # One straggler of another stage is in the list below; the sentence is about the team.
        most = max(map(len, groups.values()))
        common = [turns for turns in groups.values() if 2 * len(turns) >= most]
        return _team_summary(min(common, key=_latest_due), rated)
    unplanned = mine.team.without_plan()
    cycle = mine.team.cycle_of(unplanned[0]) if unplanned else None
    if cycle:
        return Summary(
            before=STAGE_WORDS["plans"].format(name=cycle.name),
            due=day_month(plan_due_on(cycle)),
            after=f"{len(unplanned)} of {len(mine.team.reports)} are not started.",
        )
    if needs:
        verb = "waits" if len(needs) == 1 else "wait"
        return Summary(before=f"{plural(len(needs), 'thing')} {verb} for you.")
    return Summary(before="Nothing waits for you today.")


def _latest_due(turns: list[Turn]) -> dt.date:
    return max(turn.due_on for turn in turns if turn.due_on)


def _team_summary(turns: list[Turn], rated: list[Appraisal]) -> Summary:
    """Of turns of one cycle and stage."""
    cycle, today = turns[0].appraisal.cycle, clock.today()
    due = _latest_due(turns)
    before = STAGE_WORDS[_stage_of(turns[0])].format(
        name=cycle.name,
        ended="ended" if cycle.ends_on < today else "ends",
        day=day_month(cycle.ends_on),
    )
    if due < today:
        before = before.replace(" are ", " were ", 1)
    total = sum(record.cycle_id == cycle.pk for record in rated)
    late = sum(turn.is_late for turn in turns)
    after = f"{len(turns)} of {total} {'is' if len(turns) == 1 else 'are'} waiting for you"
    return Summary(
        before=before, due=day_month(due), after=f"{after}, {late} late." if late else f"{after}."
    )
