"""HR: what people are reminded of, when and in which words; and writing that anew."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.forms.reminders import (
    AFTER,
    BEFORE,
    ON,
    BaseRules,
    RuleForm,
    ScheduleForm,
    rule_forms,
)
from appraisals.models import ReminderRun, ReminderSchedule
from appraisals.models.reminder import WHO_CHOICES
from appraisals.models.scope import under_paths
from appraisals.reminders.schedules import InForce, Schedules, load_schedules
from appraisals.rules.reminders import GAPS, OCCASIONS, Occasion, Rule, Who
from appraisals.rules.words import joined
from appraisals.services.reminders import write_schedule
from appraisals.tasks.reminders import remind
from appraisals.views.administration import chosen_place, edit_methods, hr_crumbs, scope_of
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization
from orgchart.waking import wake

WHO = dict(WHO_CHOICES)
LIST = "reminder_list"
SHOWN = 10


@require_safe
def reminder_list(request: HttpRequest) -> HttpResponse:
    scope, today = scope_of(request), clock.today()
    place = chosen_place(request, scope)
    schedules = load_schedules()
    context = {
        "place": place,
        "places": _places(scope, place),
        "rows": [_row(schedules, place, occasion) for occasion in Occasion],
        "runs": _runs(place),
        "today": today,
        "crumbs": hr_crumbs("Reminders"),
    }
    return render(request, "appraisals/reminders/list.html", context)


def _places(scope: list[Organization], place: Organization) -> list[dict[str, object]]:
    if len(scope) < 2:
        return []
    return [
        {"label": each.name, "url": f"?organization={each.code}", "current": each == place}
        for each in scope
    ]


def _runs(place: Organization) -> list[ReminderRun]:
    """The last one of each cycle that reaches the place or lies below it."""
    reached = under_paths([place.path], "cycle__organization__path")
    above = ReminderRun.objects.filter(cycle__organization__in=[*place.ancestor_ids, place.pk])
    rows = ReminderRun.objects.filter(reached) | above
    newest = rows.select_related("cycle").order_by("cycle_id", "-day").distinct("cycle_id")
    return sorted(newest, key=lambda run: run.finished_at, reverse=True)[:3]


def _row(schedules: Schedules, place: Organization, occasion: Occasion) -> dict[str, Any]:
    held = schedules.in_force(place.path, occasion, clock.today())
    facts = OCCASIONS[occasion]
    return {
        "label": facts.label,
        "explanation": facts.explanation,
        "url": address(occasion, place),
        "told": told_words(held.rules),
        "source": source_words(held),
        "is_own": held.schedule is not None and held.schedule.organization_id == place.pk,
    }


def address(occasion: Occasion, place: Organization) -> str:
    return f"{reverse('reminder_schedule', args=[occasion.value])}?organization={place.code}"


def source_words(held: InForce) -> str:
    if held.schedule is None:
        return "By the policy in force"
    who = held.schedule.written_by
    by = f", by {who.full_name}" if who else ""
    return f"{held.schedule.organization.name}, since {held.schedule.effective_on:%-d %B %Y}{by}"


def told_words(rules: tuple[Rule, ...]) -> list[str]:
    """One line for each kind of people: "Whoever has to act: 14, 7 and 1 days before, on the day"."""
    lines = []
    for who in Who:
        days = sorted(rule.offset for rule in rules if rule.who == who)
        parts = [
            _days([-each for each in days if each < 0], "before"),
            "on the day" if 0 in days else "",
            _days([each for each in days if each > 0], "late"),
        ]
        if days:
            lines.append(f"{WHO[who.value]}: {', '.join(part for part in parts if part)}")
    return lines


def _days(days: list[int], word: str) -> str:
    if not days:
        return ""
    noun = "day" if days == [1] else "days"
    return f"{joined([str(each) for each in days])} {noun} {word}"


@edit_methods
def reminder_schedule(request: HttpRequest, occasion: str) -> HttpResponse:
    if occasion not in list(Occasion):
        raise Http404
    chosen = Occasion(occasion)
    place = chosen_place(request, scope_of(request))
    held = load_schedules().in_force(place.path, chosen, clock.today())
    data = _with_one_more(request) if "add" in request.POST else request.POST or None
    form = ScheduleForm(data, initial={"effective_on": clock.today()})
    rules = rule_forms(data, rules=held.rules, occasion=chosen)
    if request.method == "POST" and "add" not in request.POST:
        own = "as_above" not in request.POST
        if form.is_valid() and (not own or rules.is_valid()) and _written(request, form, rules):
            return redirect(f"{reverse(LIST)}?organization={place.code}")
    is_refused = request.method == "POST" and "add" not in request.POST
    context = {
        "form": form,
        "rules": rules,
        "lines": _lines(rules, is_added="add" in request.POST),
        "is_added": "add" in request.POST,
        **_around(chosen, place, held),
    }
    status = 422 if is_refused else 200
    return render(request, "appraisals/reminders/schedule.html", context, status=status)


def _lines(rules: BaseRules, *, is_added: bool) -> list[dict[str, Any]]:
    """Each reminder folded under what it says; open where something is to be done."""
    last = len(rules.forms) - 1
    return [
        {
            "form": form,
            "words": _rule_words(form),
            "subject": form["title"].value() or "",
            "is_open": bool(form.is_bound and form.errors) or (is_added and number == last),
        }
        for number, form in enumerate(rules.forms)
    ]


def _rule_words(form: RuleForm) -> str:
    side, days = form["side"].value(), form["days"].value()
    when = "on the day" if side == ON else f"{days or '?'} {'day' if str(days) == '1' else 'days'}"
    when += {BEFORE: " before", AFTER: " late"}.get(side, "")
    return f"{when} · {WHO.get(form['who'].value(), '')}"


def _with_one_more(request: HttpRequest) -> Any:
    """What was typed, with a reminder to fill in below it; for a browser without scripts."""
    data = request.POST.copy()
    given = request.POST.get("form-TOTAL_FORMS", "")
    total = int(given) if given.isdecimal() and len(given) < 4 else 0
    data["form-TOTAL_FORMS"] = str(min(total + 1, 30))
    data.setdefault("form-INITIAL_FORMS", "0")
    data[f"form-{total}-side"] = "before"
    data[f"form-{total}-who"] = Who.HOLDER.value
    return data


def _around(occasion: Occasion, place: Organization, held: InForce) -> dict[str, Any]:
    history = ReminderSchedule.objects.filter(
        organization=place, occasion=occasion.value
    ).select_related("written_by", "organization")
    return {
        "facts": OCCASIONS[occasion],
        "place": place,
        "source": source_words(held),
        "is_own": held.schedule is not None and held.schedule.organization_id == place.pk,
        "gaps": [(f"{{{name}}}", words) for name, words in GAPS.items()],
        "history": [
            {"schedule": each, "told": told_words(each.as_rules())}
            for each in Paginator(history.prefetch_related("rules"), SHOWN).get_page(1)
        ],
        "today": clock.today(),
        "crumbs": hr_crumbs(OCCASIONS[occasion].label, reminder_list="Reminders"),
    }


def _written(request: HttpRequest, form: ScheduleForm, rules: BaseRules) -> bool:
    """False when the service refused; the form then says why."""
    place = chosen_place(request, scope_of(request))
    as_above = "as_above" in request.POST
    day: dt.date = form.cleaned_data["effective_on"]
    try:
        schedule = write_schedule(
            place,
            rules.occasion,
            effective_on=day,
            rules=[] if as_above else rules.rules(),
            as_above=as_above,
            by=person(request),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    wake(remind)
    since = "from now on" if day == clock.today() else f"from {day:%-d %B %Y} on"
    how = "as in the organization above" if schedule.as_above else "as you wrote it"
    messages.success(
        request, f"{OCCASIONS[rules.occasion].label}: people are reminded {how}, {since}."
    )
    return True
