"""Everybody: the own records to take along."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from appraisals.models import Appraisal, DestructionItem
from appraisals.parts import PERSONAL
from appraisals.transfer.own import OwnFile
from appraisals.views.shared import person
from orgchart.services import record
from orgchart.templatetags.ui import plural


@require_safe
def own_file(request: HttpRequest) -> HttpResponse:
    user = person(request)
    records = (
        Appraisal.objects.filter(employee=user)
        .select_related("cycle", "organization", "rating_official")
        .order_by("-cycle__starts_on")
    )
    destroyed = DestructionItem.objects.filter(
        employee=user, state=DestructionItem.State.DESTROYED
    ).select_related("cycle", "on_list")
    beside = [
        (model._default_manager.filter(**{personal.whose: user}).count(), personal.nouns)
        for model, personal in PERSONAL.items()
    ]
    context = {
        "records": records,
        "beside": [plural(count, nouns) for count, nouns in beside if count],
        "destroyed": destroyed.order_by("-destroyed_at"),
    }
    return render(request, "appraisals/records_kept/own.html", context)


@require_GET
def own_file_download(request: HttpRequest) -> HttpResponse:
    user = person(request)
    data = OwnFile(user).packed()
    record("own_file_taken", by=user, person=user, bytes=len(data))
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="my-performance-records.zip"'},
    )
