"""What follows from a rating: within-grade increase, quality step, award, reduction in force (R10.7, R12)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from appraisals.consequences import (
    award_limits,
    consequences_of,
    last_completed,
    ratings_given,
    work_of,
)
from appraisals.forms.assistance import CutOffForm
from appraisals.models import Appraisal, OpportunityPeriod
from appraisals.models.scope import Party
from appraisals.permissions import may_assist, parties
from appraisals.problems import plan_of
from appraisals.rateability import is_lost_to_union_time
from appraisals.selectors import policy_for, with_documents
from appraisals.services.records import record_view
from appraisals.views.record import crumbs_for
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person
from orgchart import clock


@require_safe
def consequences(request: HttpRequest, pk: int) -> HttpResponse:
    """For the parties; a delegate only drafts."""
    user = person(request)
    appraisal = get_object_or_404(with_documents(Appraisal.objects.visible_to(user)), pk=pk)
    mine = parties(user, appraisal) - {Party.DELEGATE}
    if not mine:
        raise Http404
    record_view(appraisal, by=user, page="record")
    show_cycle(request, appraisal.cycle)
    today = clock.today()
    form = CutOffForm(request.GET if "on" in request.GET else None)
    is_right = not form.is_bound or form.is_valid()
    asked = form.cleaned_data.get("on") if form.is_bound and is_right else None
    policy = policy_for(appraisal.organization, on=today).rules()
    given = ratings_given(appraisal.employee, seen_by=user)
    seen = OpportunityPeriod.objects.visible_to(user).of_employee(appraisal.employee)
    periods = list(seen.with_results())
    context = {
        "appraisal": appraisal,
        "own": Party.EMPLOYEE in mine,
        "crumbs": crumbs_for(appraisal, user, "What follows from the rating"),
        "form": form,
        "given": given,
        "latest": given[0] if given else None,
        "rows": consequences_of(
            given,
            work=work_of(periods, given[0] if given else None, policy),
            last=last_completed(appraisal.organization, on=today),
            cut_off_on=asked or today,
            policy=policy,
            is_on_union_time=is_lost_to_union_time(appraisal, plan_of(appraisal)),
        ),
        "limits": award_limits(policy) if Party.HR in mine else [],
        "may_assist": may_assist(user, appraisal),
        "today": today,
    }
    status = 200 if is_right else 422
    return render(request, "appraisals/assistance/consequences.html", context, status=status)
