from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from appraisals.pdf import form_name, render_form
from appraisals.services.records import record_view
from appraisals.views.shared import person, visible_appraisal


@require_GET
def form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal = visible_appraisal(request, pk)
    reader = person(request)
    record_view(appraisal, by=reader, page="form")
    response = HttpResponse(render_form(appraisal, reader=reader), content_type="application/pdf")
    name = content_disposition_header(as_attachment=False, filename=form_name(appraisal))
    response.headers["Content-Disposition"] = name or "inline"
    return response
