"""The higher level reviewer's queue."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisals.models import Appraisal
from appraisals.selectors import with_documents
from appraisals.services.approvals import queue_of, with_reading
from appraisals.turns import turn_of
from appraisals.views.rows import document_url, job_of, show_cycle, tag_of
from appraisals.views.shared import person
from orgchart import clock

PAGE = 25


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Oldest first: the order in which one document follows the other."""
    user = person(request)
    page = Paginator(with_reading(queue_of(user).with_people(), user), PAGE).get_page(
        request.GET.get("page")
    )
    asked = [document.appraisal_id for document in page.object_list]
    records = {each.pk: each for each in with_documents(Appraisal.objects.filter(pk__in=asked))}
    today = clock.today()
    show_cycle(request, next((each.cycle for each in records.values()), None))
    rows = []
    for document in page.object_list:
        appraisal = records[document.appraisal_id]
        turn = turn_of(document, appraisal)
        kind, words = tag_of(turn, user, today=today)
        rows.append(
            {
                "person": appraisal.employee,
                "job": job_of(appraisal),
                "document": document,
                "cycle": appraisal.cycle,
                "official": appraisal.rating_official,
                "kind": kind,
                "words": words,
                "is_late": turn.is_late,
                "read_at": getattr(document, "read_at", None),
                "url": document_url(turn, user),
                "verb": turn.verb,
            }
        )
    return render(
        request,
        "appraisals/reviews/queue.html",
        {"page": page, "rows": rows, "late": sum(bool(row["is_late"]) for row in rows)},
    )
