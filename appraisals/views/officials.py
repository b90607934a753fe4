"""Naming who rates and who reviews a record (R9.9)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from appraisals.forms.administration import OfficialsForm
from appraisals.models import Appraisal
from appraisals.models.scope import Party
from appraisals.permissions import may_name_officials, parties
from appraisals.selectors import policy_for
from appraisals.services.officials import day_problem, name_officials
from appraisals.views.administration import edit_methods, hr_crumbs
from appraisals.views.record import crumbs_for, officials_of
from appraisals.views.shared import person, visible_appraisal
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person


@edit_methods
def officials_edit(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, user = visible_appraisal(request, pk), person(request)
    policy = policy_for(appraisal.organization, on=clock.today()).rules()
    if not may_name_officials(user, appraisal, policy):
        raise PermissionDenied
    reviewer = appraisal.higher_level_reviewer
    form = OfficialsForm(
        request.POST or None,
        appraisal=appraisal,
        user=user,
        back=appraisal.get_absolute_url(),
        initial={
            "rating_official": appraisal.rating_official.dod_id,
            "higher_level_reviewer": reviewer.dod_id if reviewer else "",
            "effective_on": clock.today(),
        },
    )
    if form.is_valid():
        day = form.cleaned_data["effective_on"]
        if day and (problem := day_problem(appraisal, day)):
            form.add_error("effective_on", problem)
        elif _is_named(form, appraisal, user):
            return _go_on(request, appraisal, user)
    context = {
        "form": form,
        "appraisal": appraisal,
        "officials": officials_of(appraisal),
        "crumbs": _crumbs(appraisal, user),
        "section": "hr_home" if Party.HR in parties(user, appraisal) else "",
        "keeps": Party.HR in parties(user, appraisal) or user.pk == appraisal.employee_id,
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisals/administration/officials.html", context, status=status)


def _is_named(form: OfficialsForm, appraisal: Appraisal, user: Person) -> bool:
    try:
        name_officials(appraisal, by=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _go_on(request: HttpRequest, appraisal: Appraisal, user: Person) -> HttpResponse:
    messages.success(request, "The officials are named. The record shows who did it and why.")
    if Appraisal.objects.visible_to(user).filter(pk=appraisal.pk).exists():
        return redirect(appraisal)
    messages.info(
        request,
        f"The record of {appraisal.employee.full_name} is no longer with you, so you cannot open it any more.",
    )
    return redirect("team")


def _crumbs(appraisal: Appraisal, user: Person) -> list[dict[str, str]]:
    if Party.HR in parties(user, appraisal):
        return hr_crumbs("Name officials", appraisal_search="Records")
    return crumbs_for(appraisal, user, "Name officials")
