"""The printed form: of a record, of one of its documents, blank, and whether a printed one is ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from appraisals.forms.paper import BlankForm, VerifyForm
from appraisals.models import Appraisal, Document, StoredForm
from appraisals.pdf import blank_form, form_for
from appraisals.services.records import record_view
from appraisals.views.shared import person, visible_appraisal


@require_GET
def form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, visible_appraisal(request, pk))


@require_GET
def document_form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """One document of the record: a plan, a review, an appraisal or a statement."""
    seen = Document.objects.visible_to(person(request)).with_people()
    document = get_object_or_404(seen, pk=pk)
    return _form(request, document.appraisal, document)


def _form(
    request: HttpRequest, appraisal: Appraisal, document: Document | None = None
) -> HttpResponse:
    reader = person(request)
    record_view(appraisal, by=reader, page="form")
    printed = form_for(appraisal, reader=reader, document=document)
    return _pdf(printed.pdf, printed.name)


@require_GET
def blank_form_pdf(request: HttpRequest) -> HttpResponse:
    printed = blank_form(elements=BlankForm(request.GET).chosen())
    return _pdf(printed.pdf, printed.name)


@require_GET
def record_blank_form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """To be filled in by hand: with the name and, once it may be read, the plan."""
    appraisal = visible_appraisal(request, pk)
    reader = person(request)
    record_view(appraisal, by=reader, page="form")
    printed = blank_form(appraisal, reader=reader)
    return _pdf(printed.pdf, printed.name)


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=False, filename=name)
    response.headers["Content-Disposition"] = disposition or "inline"
    return response


@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """Says what a printed hash is of, and never what the form says; who may see the record gets a link."""
    form = VerifyForm(request.GET if "hash" in request.GET else None)
    asked = form.is_bound and form.is_valid()
    found = _printed_with(form.cleaned_data["hash"]) if asked else None
    mine = found and StoredForm.objects.visible_to(person(request)).filter(pk=found.pk).exists()
    context = {
        "form": form,
        "blank": BlankForm(),
        "asked": asked,
        "found": found,
        "link": _address_of(found) if found and mine else "",
        "crumbs": [{"label": "Verify a printed form", "url": ""}],
    }
    status = 422 if form.is_bound and not asked else 200
    return render(request, "appraisals/paper/verify.html", context, status=status)


def _printed_with(content_hash: str) -> StoredForm | None:
    made = StoredForm.objects.made().select_related("document", "appraisal__cycle")
    return made.filter(content_hash=content_hash).first()


def _address_of(stored: StoredForm) -> str:
    if stored.document_id:
        return reverse("document_form_pdf", args=[stored.document_id])
    return reverse("form_pdf", args=[stored.appraisal_id])
