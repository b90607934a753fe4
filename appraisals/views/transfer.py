"""HR: records of an employee go to another installation, or come from one (R9.8)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.forms.transfer import ReceiveForm, SendForm
from appraisals.models import Departure, DepartureState, ReceivedFile, SentFile
from appraisals.permissions import may_export_forms, may_keep_records
from appraisals.services.exporting import send_records
from appraisals.services.receiving import receive_records
from appraisals.services.retention import hold_place
from appraisals.transfer.container import FileRefused, fingerprint, unpacked
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.records_kept import TITLE
from appraisals.views.shared import person
from orgchart.errors import Refused
from orgchart.templatetags.ui import plural

PAGE = 50


@require_safe
def transfer_list(request: HttpRequest) -> HttpResponse:
    """What went out and what came in, with the fingerprints to compare."""
    scope_of(request)
    user = person(request)
    sent = SentFile.objects.visible_to(user).select_related("employee", "made_by")
    received = ReceivedFile.objects.visible_to(user).select_related("employee", "received_by")
    page = Paginator(sent, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "received": received[:PAGE],
        "crumbs": hr_crumbs("Sent and received", records_kept=TITLE),
    }
    return render(request, "appraisals/records_kept/transfers.html", context)


@edit_methods
def record_send(request: HttpRequest) -> HttpResponse:
    """The file is the answer; nothing of it is kept here but that it was made."""
    scope_of(request)
    data = request.POST if request.method == "POST" else None
    initial = {
        "employee": request.GET.get("employee", ""),
        "to_whom": request.GET.get("to_whom", ""),
        "purpose": "transfer",
    }
    form = SendForm(data, back=reverse("transfer_list"), initial=initial)
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        place = hold_place(given["employee"])
        if place is None or not may_keep_records(person(request), place):
            form.add_error("employee", "This person’s records are not in your scope.")
        elif given["employee"] == person(request):
            form.add_error("employee", "Somebody else in HR has to send your records.")
        else:
            return _file(request, form)
    return _send_page(request, form)


def _send_page(request: HttpRequest, form: SendForm) -> HttpResponse:
    asked = str(form["employee"].value() or "").strip()
    leaving = (
        Departure.objects.visible_to(person(request))
        .with_names()
        .filter(Q(person__dod_id=asked) | Q(person__email=asked.lower()))
        .exclude(state=DepartureState.UNDONE)
        .order_by("-last_day")
        .first()
    )
    context = {
        "form": form,
        "leaving": leaving
        if leaving and may_export_forms(person(request), leaving.organization)
        else None,
        "crumbs": hr_crumbs("Send records", transfer_list="Sent and received"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/records_kept/send.html", context, status=status)


def _file(request: HttpRequest, form: SendForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        sent = send_records(
            given["employee"],
            purpose=SentFile.Purpose(given["purpose"]),
            to_whom=given["to_whom"],
            by=person(request),
            key=given.get("key", ""),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _send_page(request, form)
    name = f"dpmap-record-{given['employee'].last_name.lower()}-{sent.row.pk}.zip"
    return HttpResponse(
        sent.data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'
        },
    )


@edit_methods
def record_receive(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceiveForm(*data, back=reverse("transfer_list"))
    if form.is_valid():
        try:
            file = unpacked(form.cleaned_data["file"])
            row = receive_records(
                file, by=person(request), compared=form.cleaned_data["fingerprint"]
            )
        except FileRefused as refused:
            for problem in refused.problems:
                form.add_error("file", problem)
        except Refused as refused:
            form.add_error("fingerprint", str(refused))
        else:
            stayed = file.records - row.records
            before = (
                f" {plural(stayed, 'record,records')} of the file were here before."
                if stayed
                else ""
            )
            messages.success(
                request,
                f"The records of {row.employee.full_name} are here, with all that was in them.{before}",
            )
            return redirect("received_file", row.pk)
    context = {
        "form": form,
        "crumbs": hr_crumbs("Receive records", transfer_list="Sent and received"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/records_kept/receive.html", context, status=status)


@require_safe
def received_file(request: HttpRequest, pk: int) -> HttpResponse:
    seen = ReceivedFile.objects.visible_to(person(request)).select_related(
        "employee", "received_by", "organization"
    )
    row = get_object_or_404(seen, pk=pk)
    records = row.received.select_related(
        "appraisal__cycle", "appraisal__rating_of_record", "appraisal__rating_official"
    ).order_by("appraisal__cycle__starts_on")
    context = {
        "row": row,
        "records": records,
        "fingerprint": fingerprint(row.content_hash),
        "crumbs": hr_crumbs(
            f"Records of {row.employee.full_name}", transfer_list="Sent and received"
        ),
    }
    return render(request, "appraisals/records_kept/received.html", context)
