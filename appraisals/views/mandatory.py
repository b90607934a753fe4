"""HR: elements that every plan must hold, whom each reaches, and putting it in (R3.8)."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from appraisals import rules
from appraisals.bound import LABELS, PUTS_IN, WORK, Outcome, bound_plans, outcomes
from appraisals.forms.mandatory import MandatoryForm, PushForm, WordingForm
from appraisals.jobs import push_mandatory
from appraisals.models import MandatoryElement, MandatoryPush, State
from appraisals.permissions import may_administer
from appraisals.selectors import policy_for
from appraisals.services.mandatory import (
    begin_push,
    create_mandatory,
    reword_mandatory,
    waiting,
)
from appraisals.views.administration import edit_methods, hr_crumbs, scope_of
from appraisals.views.policy import reached
from appraisals.views.rows import job_of
from appraisals.views.shared import person
from appraisals.views.watching import Job, watched
from orgchart import clock
from orgchart.templatetags.ui import plural, thousands
from orgchart.waking import wake

PAGE = 50


def _element(request: HttpRequest, pk: int) -> MandatoryElement:
    """Of the scope, and those above that hold there; these can only be read."""
    seen = MandatoryElement.objects.filter(reached(scope_of(request)))
    return get_object_or_404(seen.select_related("organization"), pk=pk)


def _own_element(request: HttpRequest, pk: int) -> MandatoryElement:
    element = _element(request, pk)
    if not may_administer(person(request), element.organization):
        raise Http404
    return element


def _crumbs(*labels: str) -> list[dict[str, str]]:
    return hr_crumbs(*labels, policy_list="Policy")


@edit_methods
def mandatory_new(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    form = MandatoryForm(
        request.POST or None,
        scope=scope,
        back=reverse("policy_list"),
        initial={"organization": scope[0].code, "starts_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        row = create_mandatory(
            form.cleaned_data["organization"],
            applies_to=form.cleaned_data["applies_to"],
            rule=form.cleaned_data["rule"],
            lasts=form.lasts(),
            texts=form.texts(),
            by=person(request),
        )
        return redirect("mandatory_detail", pk=row.pk)
    context = {"form": form, "crumbs": _crumbs("A mandatory element")}
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisals/mandatory/write.html", context, status=status)


@edit_methods
def mandatory_edit(request: HttpRequest, pk: int) -> HttpResponse:
    element = _own_element(request, pk)
    names = ("title", "description", "standards", "starts_on", "ends_on")
    form = WordingForm(
        request.POST or None,
        back=reverse("mandatory_detail", args=[pk]),
        initial={name: getattr(element, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        reword_mandatory(element, lasts=form.lasts(), texts=form.texts(), by=person(request))
        return redirect("mandatory_detail", pk=pk)
    context = {"form": form, "element": element, "crumbs": _crumbs(element.title)}
    status = 422 if request.method == "POST" else 200
    return render(request, "appraisals/mandatory/write.html", context, status=status)


@require_safe
def mandatory_detail(request: HttpRequest, pk: int) -> HttpResponse:
    element = _element(request, pk)
    push = element.pushes.filter(state=MandatoryPush.State.WORKING).first()
    context = _context(request, element)
    if push is not None:
        context |= {"push": push, "title": f"{element.title}: being put in"}
        return watched(request, _job(push), "appraisals/mandatory/progress.html", context)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's middleware sets it
        return HttpResponseClientRefresh()
    return _page(request, element, context)


def _context(request: HttpRequest, element: MandatoryElement) -> dict[str, Any]:
    return {
        "element": element,
        "may_edit": may_administer(person(request), element.organization),
        "crumbs": _crumbs(element.title),
    }


def _job(push: MandatoryPush) -> Job:
    return Job(
        step=push.step,
        percent=100 * push.done // push.total if push.heartbeat and push.total else None,
        count=f"{thousands(push.done)} of {plural(push.total, 'plan')}",
    )


def _page(
    request: HttpRequest,
    element: MandatoryElement,
    context: dict[str, Any],
    *,
    form: PushForm | None = None,
    status: int = 200,
) -> HttpResponse:
    bound = bound_plans(element, by=person(request))
    counts = outcomes(bound) if context["may_edit"] else {}
    url = reverse("mandatory_push", args=[element.pk])
    today = clock.today()
    is_in_force = element.starts_on <= today and not (element.ends_on and element.ends_on < today)
    offered = (form or PushForm(url=url)).with_button(_does(counts))
    context |= {
        "counts": [
            {"outcome": outcome, "label": LABELS[outcome], "plans": number}
            for outcome, number in counts.items()
            if number
        ],
        "form": offered if any(map(counts.get, WORK)) and is_in_force else None,
        "is_in_force": is_in_force,
        "too_late": _too_late(element, bound) if context["may_edit"] else [],
        "walking": _walking(element) if context["may_edit"] else [],
        "wordings": element.wordings.select_related("by").order_by("-pk"),
        "pushes": [
            {"push": push, "what": _what(push)}
            for push in element.pushes.select_related("by")[:PAGE]
        ],
        "today": today,
    }
    return render(request, "appraisals/mandatory/detail.html", context, status=status)


def _too_late(element: MandatoryElement, bound: QuerySet[Any]) -> list[str]:
    """R1.9: for each cycle whose plans would get it now and cannot be rated on it any more."""
    put_into = bound.filter(outcome__in=[outcome.value for outcome in PUTS_IN])
    ends = put_into.order_by().values_list("appraisal__cycle__ends_on", flat=True).distinct()
    today = clock.today()
    policy = policy_for(element.organization, on=today).rules()
    warnings = (rules.late_change_warning(today, ends_on, policy) for ends_on in sorted(ends))
    return [warning for warning in warnings if warning]


def _what(push: MandatoryPush) -> str:
    """What a round did."""
    plans = push.put_in + push.changed
    said = []
    if plans or not push.told:
        said.append(
            f"Put into {plural(plans, 'plan')}: {thousands(push.put_in)} being written, "
            f"{thousands(push.changed)} by a plan change"
        )
    if push.told:
        said.append(f"Officials told to look at words of a plan’s own: {plural(push.told, 'plan')}")
    return ". ".join(said)


def _does(counts: dict[Outcome, int]) -> str:
    """What the button says that it does."""
    puts_in = sum(counts.get(outcome, 0) for outcome in PUTS_IN)
    if puts_in:
        return f"Put it into {plural(puts_in, 'plan')}"
    look = counts.get(Outcome.TO_LOOK_AT, 0)
    return f"Tell the rating officials of {plural(look, 'plan')}"


def _walking(element: MandatoryElement) -> list[dict[str, Any]]:
    words = {
        State.APPROVED: "to be discussed by the rating official",
        State.COMMUNICATED: "discussed, to be acknowledged",
        State.ACKNOWLEDGED: "acknowledged",
    }
    found = waiting(element)
    return [{"value": found[state.value], "words": said} for state, said in words.items()]


@require_safe
def mandatory_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """The plans behind one line of the preview, by name."""
    element = _own_element(request, pk)
    asked = request.GET.get("what", "")
    if asked not in set(Outcome):
        raise Http404
    plans = (
        bound_plans(element, by=person(request))
        .filter(outcome=asked)
        .select_related(
            "appraisal__employee",
            "appraisal__organization",
            "appraisal__cycle",
            "appraisal__rating_official",
        )
        .order_by("appraisal__employee__last_name", "appraisal__employee__first_name", "pk")
    )
    page = Paginator(plans, PAGE).get_page(request.GET.get("page"))
    rows = [
        {"plan": plan, "appraisal": plan.appraisal, "job": job_of(plan.appraisal)}
        for plan in page.object_list
    ]
    context = {
        "element": element,
        "label": LABELS[Outcome(asked)],
        "page": page,
        "rows": rows,
        "crumbs": [
            *_crumbs()[:2],
            {"label": element.title, "url": reverse("mandatory_detail", args=[pk])},
            {"label": "Plans", "url": ""},
        ],
    }
    return render(request, "appraisals/mandatory/plans.html", context)


@require_POST
def mandatory_push(request: HttpRequest, pk: int) -> HttpResponse:
    element = _own_element(request, pk)
    url = reverse("mandatory_push", args=[pk])
    form = PushForm(request.POST, url=url)
    if not form.is_valid():
        return _page(request, element, _context(request, element), form=form, status=422)
    push = begin_push(
        element,
        reason=form.cleaned_data["reason"],
        by=person(request),
        request_key=form.cleaned_data["request_key"],
    )
    wake(push_mandatory, push.pk)
    return redirect("mandatory_detail", pk=pk)
