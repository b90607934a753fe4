"""HR: who would be reminded of what on a day; and reminding people now."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from appraisals.forms.reminders import AheadForm, PromptForm
from appraisals.models import Prompt
from appraisals.reminders.due import Counted, Due
from appraisals.rules.reminders import OCCASIONS, Occasion
from appraisals.services.reminders import ahead, prompted, send_prompt
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.reminders import WHO, told_words
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization

PAGE = 50


@require_safe
def reminder_ahead(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    asked = {"organization": scope[0].code, "day": clock.today().isoformat()}
    form = AheadForm({**asked, **request.GET.dict()}, scope=scope)
    context: dict[str, Any] = {
        "form": form,
        "today": clock.today(),
        "crumbs": hr_crumbs("Look ahead", reminder_list="Reminders"),
    }
    if form.is_valid():
        context |= _ahead(request, form.cleaned_data["organization"], form.cleaned_data["day"])
    status = 422 if form.errors else 200
    return render(request, "appraisals/reminders/ahead.html", context, status=status)


def _ahead(request: HttpRequest, place: Organization, day: dt.date) -> dict[str, Any]:
    with clock.frozen(day):
        due, notices = ahead(place, day)
        with notices.gathered():
            counted = notices.counted()
            total = sum(each.people for each in counted)
            # A page is cut by the statement: the paginator only knows how many there are.
            page = Paginator(range(total), PAGE).get_page(request.GET.get("page"))
            rows = notices.listed(page=page.number, size=PAGE) if total else []
    return {
        "place": place,
        "day": day,
        "total": total,
        "page": page,
        "rows": rows,
        "counts": [_count(due, each) for each in counted],
        "sample": rows[0] if rows else None,
    }


def _count(due: Due, counted: Counted) -> dict[str, Any]:
    planned = due.planned[counted.mark - 1]
    return {
        "label": OCCASIONS[planned.occasion].label,
        "due_on": planned.mark.due_on,
        "who": WHO[planned.mark.rule.who.value],
        "when": told_words((planned.mark.rule,))[0].partition(": ")[2],
        "people": counted.people,
        "things": counted.things,
    }


@edit_methods
def reminder_send(request: HttpRequest) -> HttpResponse:
    """First how many there are, then the button that reminds them."""
    scope = scope_of(request)
    data = request.POST if request.method == "POST" else request.GET
    form = PromptForm(
        data if "occasion" in data else None, scope=scope, initial={"organization": scope[0].code}
    )
    context: dict[str, Any] = {
        "form": form,
        "prompts": _prompts(scope),
        "crumbs": hr_crumbs("Remind now", reminder_list="Reminders"),
    }
    if form.is_valid():
        given = form.cleaned_data
        occasion = Occasion(given["occasion"])
        if request.method == "POST" and _sent(request, form, occasion):
            return redirect("reminder_send")
        context |= _counted(given["organization"], occasion, late_only=given["late_only"])
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "appraisals/reminders/send.html", context, status=status)


def _prompts(scope: list[Organization]) -> list[Prompt]:
    return list(Prompt.objects.under(scope).select_related("organization", "sent_by")[:20])


def _counted(place: Organization, occasion: Occasion, *, late_only: bool) -> dict[str, Any]:
    notices = prompted(place, occasion, late_only=late_only)
    with notices.gathered():
        rows = notices.listed(page=1, size=1)
        things = sum(each.things for each in notices.counted())
    return {
        "place": place,
        "occasion": occasion.value,
        "label": OCCASIONS[occasion].label,
        "late_only": late_only,
        "people": rows[0].total if rows else 0,
        "things": things,
        "sample": rows[0] if rows else None,
    }


def _sent(request: HttpRequest, form: PromptForm, occasion: Occasion) -> bool:
    """False when the service refused; the form then says why."""
    place = form.cleaned_data["organization"]
    try:
        prompt = send_prompt(
            place, occasion, late_only=form.cleaned_data["late_only"], by=person(request)
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    people = "1 person" if prompt.told == 1 else f"{prompt.told:,} people"
    messages.success(request, f"{OCCASIONS[occasion].label}: {people} reminded in {place.name}.")
    return True
