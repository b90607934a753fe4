"""HR: holds, which keep records whatever their years (R13)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from appraisals.forms.reasons import ReasonForm
from appraisals.forms.retention import HoldForm
from appraisals.models import Hold
from appraisals.permissions import may_keep_records
from appraisals.services.retention import hold_place, lift_hold, place_hold
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.records_kept import TITLE
from appraisals.views.shared import person

PAGE = 50


@require_safe
def hold_list(request: HttpRequest) -> HttpResponse:
    scope_of(request)
    seen = Hold.objects.visible_to(person(request)).select_related(
        "employee", "cycle", "organization", "placed_by", "lifted_by"
    )
    context = {
        "page": Paginator(seen.order_by("lifted_at", "-placed_at"), PAGE).get_page(
            request.GET.get("page")
        ),
        "crumbs": hr_crumbs("Holds", records_kept=TITLE),
    }
    return render(request, "appraisals/records_kept/holds.html", context)


@edit_methods
def hold_new(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    data = request.POST if request.method == "POST" else None
    initial = {"employee": request.GET.get("employee", "")}
    form = HoldForm(data, scope=scope, back=reverse("hold_list"), initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        place = hold_place(given["employee"])
        if place is None or not may_keep_records(person(request), place):
            form.add_error("employee", "This person’s records are not in your scope.")
        elif given["employee"] == person(request):
            form.add_error("employee", "Somebody else in HR has to place a hold on your records.")
        else:
            hold = place_hold(**given, by=person(request))
            messages.success(request, f"Nothing of {hold.employee.full_name} is destroyed now.")
            return redirect("hold_list")
    context = {"form": form, "crumbs": hr_crumbs("Place a hold", hold_list="Holds")}
    status = 422 if form.errors else 200
    return render(request, "appraisals/records_kept/hold_new.html", context, status=status)


@edit_methods
def hold_lift(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Hold.objects.visible_to(person(request)).select_related("employee", "cycle")
    hold = get_object_or_404(seen, pk=pk)
    if hold.employee_id == person(request).pk:
        raise PermissionDenied
    if hold.lifted_at is not None:
        return redirect("hold_list")
    form = ReasonForm(
        request.POST or None,
        label="Why it is lifted",
        missing="Say why the hold is lifted.",
        button="Lift the hold",
        back=reverse("hold_list"),
    )
    if form.is_valid():
        lift_hold(hold, by=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, f"The hold on {hold.employee.full_name} is lifted.")
        return redirect("hold_list")
    which = hold.cycle.name if hold.cycle else "all records"
    context = {
        "form": form,
        "title": "Lift this hold",
        "about": f"{hold.employee.full_name}, {which}. It was placed for this reason: {hold.reason}",
        "crumbs": hr_crumbs("Lift this hold", hold_list="Holds"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/records_kept/reason.html", context, status=status)
