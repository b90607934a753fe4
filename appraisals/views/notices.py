"""What a person was told."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from appraisals.models import Notice
from appraisals.notifications import KINDS
from appraisals.views.shared import person
from orgchart import clock

PAGE = 25


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    mine = Notice.objects.visible_to(person(request))
    unread = mine.unread().count()
    only_unread = request.GET.get("show") == "unread"
    shown = (mine.unread() if only_unread else mine).order_by("-created_at", "-pk")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": [
            {"day": day, "notices": [_row(notice) for notice in notices]}
            for day, notices in groupby(page, key=lambda each: timezone.localdate(each.created_at))
        ],
        "newest": max((notice.pk for notice in page), default=0),
        "unread": unread,
        "only_unread": only_unread,
        "tabs": [
            {"label": "All", "url": "?", "current": not only_unread},
            {"label": f"Not read ({unread:,})", "url": "?show=unread", "current": only_unread},
        ],
        "today": clock.today(),
    }
    return render(request, "appraisals/post/notices.html", context)


def _row(notice: Notice) -> dict[str, Any]:
    kind = KINDS.get(notice.kind)
    return {
        "notice": notice,
        "waits": kind is not None and kind.is_worked_off and notice.read_at is None,
    }


@require_safe
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a notice leads, from the list and from an e-mail; following it is reading it."""
    mine = Notice.objects.visible_to(person(request))
    notice = get_object_or_404(mine, pk=pk)
    if request.method == "GET":
        mine.filter(pk=pk).note_read(clock.now())
    return redirect(notice.link)


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Notice.objects.visible_to(person(request))
    get_object_or_404(mine, pk=pk)
    mine.filter(pk=pk).note_read(clock.now())
    return redirect("notice_list")


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """All that the page showed as not read; what came since stays."""
    mine = Notice.objects.visible_to(person(request))
    newest = request.POST.get("newest", "")
    if newest.isdecimal():
        mine = mine.filter(pk__lte=min(int(newest), 2**63 - 1))
    count = mine.note_read(clock.now())
    if count:
        messages.success(request, f"{count:,} marked as read." if count > 1 else "Marked as read.")
    return redirect("notice_list")
