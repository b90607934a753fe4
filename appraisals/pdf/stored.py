"""Final forms: rendered once, stored under the hash of their file, served from there ever after.

A missing or damaged file is reported and never rendered anew: what was signed and printed must not
come out of the cupboard in other words, and nothing but the file itself says what it looked like.
It is put back from the backup; its name is its SHA-256, so anybody can see whether it is the same.
"""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from appraisals.models import Appraisal, Document, StoredForm, place_of_form
from appraisals.pdf.afterwards import (
    Afterwards,
    afterwards_by_record,
    afterwards_of,
    differences,
)
from appraisals.pdf.content import final_since
from appraisals.pdf.render import form_name, rendered_form
from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Person
from orgchart.whole_files import begun, keep_as

log = structlog.get_logger(__name__)


class NotFinal(Refused):
    """What may still change is not stored."""


class FormLost(Refused):
    """The file is gone, or is not what was written."""


@dataclass(frozen=True)
class PrintedForm:
    """`stored` None: a working copy, as its reader may see it today."""

    name: str
    pdf: bytes
    stored: StoredForm | None


def since_when(appraisal: Appraisal, document: Document | None) -> StoredForm | None:
    """The row that stands for this form while it is final, not saved yet; None while it is not."""
    if document is None:
        since = whole_since([appraisal]).get(appraisal.pk)
    else:
        afterwards, differed = afterwards_of(appraisal), differences([document])
        since = final_since([document], is_whole=False, afterwards=afterwards, differed=differed)
    if since is None:
        return None
    return StoredForm(appraisal=appraisal, document=document, final_since=since)


def whole_since(appraisals: Collection[Appraisal]) -> dict[int, dt.datetime]:
    """Since when each record is final as a whole; what is not is not among them."""
    # Asked anew: what was read along with the record may be from before the last step.
    documents: dict[int, list[Document]] = {each.pk: [] for each in appraisals}
    for document in Document.objects.of_the_year().filter(appraisal__in=appraisals):
        documents[document.appraisal_id].append(document)
    afterwards = afterwards_by_record(appraisals)
    differed = differences(each for listed in documents.values() for each in listed)
    found = {
        pk: final_since(
            listed,
            is_whole=True,
            afterwards=afterwards.get(pk, Afterwards()),
            differed=differed,
        )
        for pk, listed in documents.items()
    }
    return {pk: since for pk, since in found.items() if since is not None}


def note_final(document: Document) -> list[StoredForm]:
    """Call it in the transaction that made the document final: a worker renders what stands here."""
    appraisal = document.appraisal
    wanted = [since_when(appraisal, document), since_when(appraisal, None)]
    rows = [each for each in wanted if each is not None]
    for row in rows:
        _forget_overtaken(row)
    return StoredForm.objects.bulk_create(rows, ignore_conflicts=True)


def _forget_overtaken(row: StoredForm) -> None:
    """What nobody printed before the record went on cannot be printed as it was then."""
    same = StoredForm.objects.due().filter(appraisal=row.appraisal, document=row.document)
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lt=Now())
    same.filter(unclaimed, final_since__lt=row.final_since).delete()


def stored_form(appraisal: Appraisal, document: Document | None = None) -> StoredForm | None:
    """The form of a final record or document, rendered or still to be; None while it is not final."""
    wanted = since_when(appraisal, document)
    if wanted is None:
        return None
    found, _ = StoredForm.objects.get_or_create(
        appraisal=appraisal, document=document, final_since=wanted.final_since
    )
    return found


def stored_forms(appraisals: Collection[Appraisal]) -> dict[int, StoredForm]:
    """By record that is final as a whole: six queries, however many records."""
    since = whole_since(appraisals)
    rows = StoredForm.objects.filter(appraisal__in=since, document=None)
    found = {
        each.appraisal_id: each for each in rows if each.final_since == since[each.appraisal_id]
    }
    missing = [each for each in appraisals if each.pk in since and each.pk not in found]
    made = ((each, stored_form(each)) for each in missing)
    return found | {each.pk: stored for each, stored in made if stored}


def keep_form(appraisal: Appraisal, document: Document | None = None) -> StoredForm:
    """Render and store what is final, once; the next call finds it. Raises NotFinal.

    Two at once do the work twice and store it once: the file comes before its row, and the second
    row is not written.
    """
    stored = stored_form(appraisal, document)
    if stored is None:
        what = document.title if document else "record"
        raise NotFinal(f"This {what.lower()} is not final yet, so its form is not kept.")
    return stored if stored.made_at else _render(stored, appraisal, document)


def _render(stored: StoredForm, appraisal: Appraisal, document: Document | None) -> StoredForm:
    """As the employee may read it: of what is final everybody reads the same."""
    form = rendered_form(appraisal, reader=appraisal.employee, document=document)
    name = _write(form.pdf)
    StoredForm.objects.due().filter(pk=stored.pk).update(
        content_hash=form.content_hash,
        file_hash=name,
        pages=form.pages,
        size=len(form.pdf),
        made_at=clock.now(),
        claimed_until=None,
        problem="",
    )
    kept = StoredForm.objects.get(pk=stored.pk)
    if kept.file_hash != name:
        _file(name).unlink(missing_ok=True)
    return kept


def _write(pdf: bytes) -> str:
    name = hashlib.sha256(pdf).hexdigest()
    place = _file(name)
    with begun(place.parent) as file:
        file.write(pdf)
        keep_as(place, file)
    return name


def file_of(stored: StoredForm) -> Path:
    return _file(stored.file_hash)


def _file(file_hash: str) -> Path:
    return Path(settings.MEDIA_ROOT, place_of_form(file_hash))


def open_form(stored: StoredForm) -> bytes:
    """The file as it was written. Raises FormLost, and logs it for those who keep the backups."""
    return read_form(stored.pk, stored.file_hash)


def read_form(pk: int, file_hash: str) -> bytes:
    """`open_form` of a row that is not at hand, only its key and hash."""
    try:
        pdf = _file(file_hash).read_bytes()
    except OSError:
        log.exception("stored_form_missing", form=pk, file=place_of_form(file_hash))
        raise FormLost(_lost(pk, "cannot be read")) from None
    if hashlib.sha256(pdf).hexdigest() != file_hash:
        log.error("stored_form_damaged", form=pk, file=place_of_form(file_hash))
        raise FormLost(_lost(pk, "is not what was stored")) from None
    return pdf


def _lost(pk: int, what: str) -> str:
    return (
        f"The file of this final form {what}, so it is not shown. It is not made anew either: "
        "what was signed must stay as it was printed. Tell the administrators of dpmap that form "
        f"{pk} has to be put back from the backup. Nothing in the record itself is lost."
    )


def form_for(
    appraisal: Appraisal,
    *,
    reader: Person,
    document: Document | None = None,
    as_told: bool = False,
) -> PrintedForm:
    """The stored form of what is final, else a working copy with what this reader may see."""
    stored = stored_form(appraisal, document)
    return printed_form(appraisal, stored, reader=reader, document=document, as_told=as_told)


def printed_form(
    appraisal: Appraisal,
    stored: StoredForm | None,
    *,
    reader: Person,
    document: Document | None = None,
    as_told: bool = False,
) -> PrintedForm:
    name = form_name(appraisal, document)
    if stored is None:
        pdf = rendered_form(appraisal, reader=reader, document=document, as_told=as_told).pdf
        return PrintedForm(name, pdf, None)
    if not stored.made_at:
        stored = _render(stored, appraisal, document)
    return PrintedForm(name, open_form(stored), stored)


# Materialized: a subquery that is run once for each row would take more than the limit.
CLAIM = """
WITH free AS MATERIALIZED (
    SELECT id FROM appraisals_storedform
    WHERE made_at IS NULL AND (claimed_until IS NULL OR claimed_until < now()) AND attempts < %s
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE appraisals_storedform AS form
SET claimed_until = now() + interval '5 minutes', attempts = attempts + 1
FROM free WHERE form.id = free.id
RETURNING form.id
"""
ATTEMPTS = 5


def claim_due(count: int) -> list[int]:
    """Forms to be rendered, for this worker alone until their time is up (by the real clock)."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [ATTEMPTS, count])
        return [row[0] for row in cursor.fetchall()]


def render_claimed(pk: int) -> StoredForm | None:
    """None when it failed; the row then says why, and is tried again until `ATTEMPTS` are spent."""
    stored = StoredForm.objects.select_related("document__policy").get(pk=pk)
    appraisal = Appraisal.objects.with_people().get(pk=stored.appraisal_id)
    try:
        return stored if stored.made_at else _render(stored, appraisal, stored.document)
    except OSError as problem:
        # A full disk, a folder that is gone: the next form may fare better, and so may this one.
        log.exception("form_not_rendered", form=pk)
        StoredForm.objects.due().filter(pk=pk).update(problem=str(problem))
        return None
