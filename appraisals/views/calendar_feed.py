"""A person's own due days in their own calendar: the page with the secret address, and what is behind it."""

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from appraisals.models import CalendarAddress
from appraisals.reminders.calendar import as_icalendar, calendar_of
from appraisals.services.calendars import address_behind, make_address, path_of, remove_address
from appraisals.views.administration import edit_methods
from appraisals.views.shared import person
from orgchart import clock


@edit_methods
def calendar(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if request.method == "POST":
        _change(request)
        return redirect("calendar")
    address = CalendarAddress.objects.filter(person=user).first()
    entries, _ = calendar_of(user)
    ahead = [entry for entry in entries if entry.open]
    context: dict[str, Any] = {
        "address": address,
        "url": settings.SITE_ADDRESS + path_of(address) if address else "",
        "entries": ahead,
        "today": clock.today(),
    }
    return render(request, "appraisals/reminders/calendar.html", context)


def _change(request: HttpRequest) -> None:
    user = person(request)
    if "remove" in request.POST:
        remove_address(user)
        messages.success(
            request, "Your calendar has no address any more. The old one shows nothing."
        )
        return
    had_one = CalendarAddress.objects.filter(person=user).exists()
    make_address(user)
    words = (
        "Your calendar has a new address. The old one shows nothing any more."
        if had_one
        else "Your calendar has an address. Copy it into your calendar program."
    )
    messages.success(request, words)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the address itself is the secret."""
    address = address_behind(token)
    if address is None:
        raise Http404
    entries, moved = calendar_of(address.person)
    changed_at = max(moved or address.made_at, address.made_at).replace(microsecond=0)
    body = as_icalendar(
        entries, changed_at=changed_at, site=settings.SITE_ADDRESS, name="DPMAP due days"
    )
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    seconds = int(changed_at.astimezone(dt.UTC).timestamp())
    response = HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": etag,
            "Last-Modified": http_date(seconds),
            "Cache-Control": "private, max-age=0, must-revalidate",
            "Content-Disposition": 'inline; filename="dpmap.ics"',
            "X-Robots-Tag": "noindex",
        },
    )
    # The day alone does not say when HR moved a milestone: what is unchanged is told by the ETag only.
    return get_conditional_response(request, etag=etag, response=response) or response
