"""A rating of record with what changed it; asking that it be looked at again, and the answer (R7.11, R11)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from appraisals.forms.disagreement import AnswerForm, ChangeRatingForm, DisagreeForm
from appraisals.models import (
    Appraisal,
    Disagreement,
    DisagreementKind,
    DisagreementState,
    Document,
    Element,
    RatingOfRecord,
    SectionKind,
    current_rating,
)
from appraisals.permissions import may_administer_appraisal, may_answer, may_disagree
from appraisals.problems import sections_of
from appraisals.rules.words import date_words
from appraisals.services.amending import annual_of, levels_now, record_decision
from appraisals.services.disagreeing import (
    Filing,
    answer_disagreement,
    file_disagreement,
    filing_of,
    withdraw_disagreement,
)
from appraisals.services.records import record_view
from appraisals.views.rateability import edit_methods, form_page
from appraisals.views.record import crumbs_for
from appraisals.views.rows import show_cycle
from appraisals.views.shared import person
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person

VERBS = {
    DisagreementKind.RECONSIDERATION: "Ask that it be looked at again",
    DisagreementKind.STATEMENT: "Put my disagreement on record",
}
ENTERED = {
    DisagreementKind.RECONSIDERATION: "Enter a request for them",
    DisagreementKind.STATEMENT: "Enter a disagreement for them",
}
LABELS = {
    DisagreementKind.RECONSIDERATION: "What should be looked at again, and why",
    DisagreementKind.STATEMENT: "What you disagree with, in your own words",
}


def rated_record(request: HttpRequest, pk: int) -> tuple[Appraisal, RatingOfRecord, Document]:
    """404 where no rating was given yet: until then there is nothing to disagree with."""
    seen = Appraisal.objects.visible_to(person(request))
    ratings = RatingOfRecord.objects.filter(appraisal__in=seen).with_record()
    rating = get_object_or_404(ratings.prefetch_related("amendments"), appraisal=pk)
    appraisal = rating.appraisal
    annual = annual_of(appraisal)
    if annual is None:
        raise Http404
    record_view(appraisal, by=person(request), page="rating")
    show_cycle(request, appraisal.cycle)
    return appraisal, rating, annual


def element_rows(rating: RatingOfRecord, annual: Document) -> list[dict[str, Any]]:
    """Each element with its rating as it was issued and after each change."""
    amendments = [each for each in rating.amendments.all() if not each.content_destroyed_on]
    rows = []
    for place, section in enumerate(sections_of(annual, SectionKind.RATING)):
        element: Element | None = section.element
        after = [each.levels[place] for each in amendments if place < len(each.levels)]
        rows.append({"element": element, "issued": section.level, "after": after})
    return rows


@require_safe
def rating_detail(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, rating, annual = rated_record(request, pk)
    user = person(request)
    filing = filing_of(rating, annual)
    disagreements = Disagreement.objects.visible_to(user).filter(rating=rating).with_people()
    context = {
        "appraisal": appraisal,
        "own": user.pk == appraisal.employee_id,
        "rating": rating,
        "current": current_rating(rating),
        "amendments": list(rating.amendments.all()),
        "rows": element_rows(rating, annual),
        "disagreements": disagreements,
        "filing": filing,
        "ways": _ways(filing, appraisal, user),
        "today": clock.today(),
        "may_change": may_administer_appraisal(user, appraisal),
        "crumbs": crumbs_for(appraisal, user, "Rating of record"),
    }
    return render(request, "appraisals/disagreement/rating.html", context)


def _ways(filing: Filing | None, appraisal: Appraisal, user: Person) -> list[dict[str, str]]:
    """What this person may still do about the rating."""
    is_own, is_hr = may_disagree(user, appraisal), may_administer_appraisal(user, appraisal)
    if filing is None or not (is_own or is_hr):
        return []
    return [
        {
            "url": reverse("disagree", args=[appraisal.pk, kind.value]),
            "label": VERBS[kind] if is_own else ENTERED[kind],
            "look": "" if is_own and kind == DisagreementKind.RECONSIDERATION else "quiet",
        }
        for kind in DisagreementKind
        if filing.may_still(kind) or (is_hr and kind not in filing.filed)
    ]


@edit_methods
def disagree(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in DisagreementKind.values:
        raise Http404
    appraisal, rating, annual = rated_record(request, pk)
    user, asked = person(request), DisagreementKind(kind)
    is_own = may_disagree(user, appraisal)
    if not is_own and not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    filing = filing_of(rating, annual)
    if filing is None:
        raise Http404
    verb = VERBS[asked] if is_own else ENTERED[asked].replace("them", "the employee")
    form = DisagreeForm(
        request.POST if request.method == "POST" else None,
        verb=verb,
        label=LABELS[asked] if is_own else "What the employee says, word for word",
        for_employee=not is_own,
        back=reverse("rating_detail", args=[appraisal.pk]),
    )
    return form_page(
        request,
        appraisal,
        form,
        lambda: file_disagreement(rating, asked, by=user, **form.cleaned_data),
        title=verb,
        notes=_notes(filing, asked),
        done="It is on record, and those who have to know were told.",
        to=reverse("rating_detail", args=[appraisal.pk]),
    )


def _notes(filing: Filing, kind: DisagreementKind) -> list[str]:
    policy = filing.policy.rules()
    who = "HR, or the higher level reviewer," if policy.reviewer_may_reconsider else "HR"
    notes = [f"This can be done until {date_words(filing.days.last_day)}."]
    if kind == DisagreementKind.RECONSIDERATION:
        notes.append(
            f"{who} answers within {policy.reconsideration_answer_days} days, with reasons: the rating "
            "stands, or it is changed. You can withdraw the request until then."
        )
    else:
        notes.append("It stays on the record and stands on the form. It asks nobody for an answer.")
    notes.append(
        "Your rating official, the higher level reviewer and HR read it. Nobody else does."
    )
    notes.append("The rating as it was issued is never overwritten, whatever comes of this.")
    if filing.days.grievance_by:
        notes.append(
            f"A grievance is filed in its own procedure, usually by {date_words(filing.days.grievance_by)}; "
            "your union or HR says which one is yours. Asking here does not stop its time."
        )
    return notes


@edit_methods
def rating_change(request: HttpRequest, pk: int) -> HttpResponse:
    """R11.5: HR records what somebody with the authority decided."""
    appraisal, rating, annual = rated_record(request, pk)
    user = person(request)
    if not may_administer_appraisal(user, appraisal):
        raise PermissionDenied
    form = ChangeRatingForm(
        request.POST if request.method == "POST" else None,
        sections=sections_of(annual, SectionKind.RATING),
        levels=levels_now(rating, annual),
        policy=annual.policy.rules(),
        back=reverse("rating_detail", args=[appraisal.pk]),
    )
    looked = None
    if form.is_valid():
        looked = form.explanation()
        if "look" not in request.POST and _saved(form, rating, user):
            messages.success(
                request, "The rating is changed. The one before it stays on the record."
            )
            return redirect("rating_detail", appraisal.pk)
    context = {
        "appraisal": appraisal,
        "form": form,
        "looked": looked,
        "current": current_rating(rating),
        "crumbs": crumbs_for(appraisal, user, "Change the rating"),
    }
    status = 422 if form.errors else 200
    return render(request, "appraisals/disagreement/change.html", context, status=status)


def _saved(form: ChangeRatingForm, rating: RatingOfRecord, user: Person) -> bool:
    try:
        record_decision(rating, form.decision(), by=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def visible_disagreement(request: HttpRequest, pk: int) -> Disagreement:
    found = Disagreement.objects.visible_to(person(request)).with_people()
    disagreement = get_object_or_404(found.prefetch_related("rating__amendments"), pk=pk)
    appraisal = disagreement.rating.appraisal
    record_view(appraisal, by=person(request), page="disagreement")
    show_cycle(request, appraisal.cycle)
    return disagreement


def disagreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Read by those it concerns; answered by who may."""
    disagreement, user = visible_disagreement(request, pk), person(request)
    appraisal, rating = disagreement.rating.appraisal, disagreement.rating
    waits = disagreement.state == DisagreementState.WAITING
    answers = waits and may_answer(user, disagreement)
    if request.method == "POST" and not may_answer(user, disagreement):
        raise PermissionDenied
    form = _answer_form(request, disagreement) if may_answer(user, disagreement) else None
    if form and form.is_valid() and _answered(form, disagreement, user):
        messages.success(request, "Your answer is recorded, and the employee was told.")
        return redirect(disagreement)
    context = {
        "appraisal": appraisal,
        "disagreement": disagreement,
        "form": form if answers or (form and form.errors) else None,
        "may_withdraw": waits and may_disagree(user, appraisal),
        "current": current_rating(rating),
        "today": clock.today(),
        "crumbs": crumbs_for(appraisal, user, str(disagreement.get_kind_display())),
    }
    status = 422 if form and form.errors else 200
    return render(request, "appraisals/disagreement/detail.html", context, status=status)


def _answer_form(request: HttpRequest, disagreement: Disagreement) -> AnswerForm | None:
    annual = annual_of(disagreement.rating.appraisal)
    if annual is None:
        return None
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        sections=sections_of(annual, SectionKind.RATING),
        levels=levels_now(disagreement.rating, annual),
        policy=annual.policy.rules(),
        back=reverse("rating_detail", args=[annual.appraisal_id]),
    )


def _answered(form: AnswerForm, disagreement: Disagreement, user: Person) -> bool:
    cleaned = form.cleaned_data
    try:
        answer_disagreement(
            disagreement,
            answer=cleaned["answer"],
            authority=cleaned["authority"],
            decided_on=cleaned["decided_on"],
            decision=form.decision(),
            by=user,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@require_POST
def disagreement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    disagreement = visible_disagreement(request, pk)
    withdraw_disagreement(disagreement, by=person(request))
    messages.success(request, "Your request is withdrawn. It stays in the history, unanswered.")
    return redirect("rating_detail", disagreement.rating.appraisal_id)
