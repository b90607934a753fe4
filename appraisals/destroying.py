"""Destroying what two persons agreed on, one thing in one transaction, so that it goes on after any interruption.

The rows of a record are named one by one (`RowToDestroy`); only these do the triggers let go. What is left of it
is its `DestructionItem`, and a number without a person (R13.5). Files go when the transaction is committed; what
a killed worker left of them is deleted by the next.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet
from django.urls import reverse

from appraisals.keeping import WAITS, kept, why_it_waits
from appraisals.models import (
    Appraisal,
    DestructionItem,
    DestructionList,
    Document,
    FeedLine,
    KeptStatistic,
    Kind,
    RatingAmendment,
    RatingOfRecord,
    RowToDestroy,
    Scan,
    Section,
    SectionKind,
    StoredForm,
    TextVersion,
)
from appraisals.models.rating import current_rating
from appraisals.notifications import tell
from appraisals.parts import in_order, part_of, pointing_in
from appraisals.pdf import note_final
from orgchart import clock
from orgchart.models import Person
from orgchart.services import record as note

State = DestructionItem.State
What = DestructionItem.What


def carry_out() -> int:
    """Everything on confirmed lists, as long as there is anything; how many things were destroyed."""
    destroyed = 0
    while (item := _next()) is not None:
        destroyed += item.state == State.DESTROYED
    for item in DestructionItem.objects.filter(state=State.DESTROYED).exclude(files=[]):
        _forget_files(item)
    return destroyed


@transaction.atomic
def _next() -> DestructionItem | None:
    """Two workers at once take two different things."""
    item = (
        DestructionItem.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=State.LISTED, on_list__state=DestructionList.State.CONFIRMED)
        .select_related("on_list__organization", "on_list__confirmed_by", "employee", "cycle")
        .order_by("pk")
        .first()
    )
    if item is None:
        return None
    # Whoever places a hold on this person waits for us, or we for them.
    Person.objects.select_for_update(no_key=True).get(pk=item.employee_id)
    record = Appraisal.objects.select_for_update(of=("self",)).filter(pk=item.record).first()
    reason = _why_kept(item, record)
    if record is None or reason:
        item.state, item.reason = State.KEPT, reason
    else:
        destroy = _destroy_record if item.what == What.RECORD else _empty_superseded
        item.counts, item.files = destroy(item, record)
        item.state, item.destroyed_at = State.DESTROYED, clock.now()
    item.save(update_fields=["state", "reason", "counts", "files", "destroyed_at"])
    RowToDestroy.objects.filter(item=item).delete()
    if item.state == State.DESTROYED:
        _tell(item)
        transaction.on_commit(lambda: _forget_files(item))
    _finish(item.on_list)
    return item


def _why_kept(item: DestructionItem, record: Appraisal | None) -> str:
    """What was due when the list was drawn up may have got a hold, or another policy, since."""
    if record is None:
        return "There is no such record any more"
    now_due = kept(record.organization, today=clock.today())
    due: QuerySet[Any] = (
        now_due.records().filter(pk=record.pk)
        if item.what == What.RECORD
        else now_due.superseded().filter(appraisal=record)
    )
    found = due.values(*WAITS).first()
    if found is None:
        return "It is not due any more"
    return why_it_waits(found, but="is_listed")


def _destroy_record(item: DestructionItem, record: Appraisal) -> tuple[dict[str, int], list[str]]:
    files = list(_files(StoredForm.objects.filter(appraisal=record))) + list(
        _files(Scan.objects.filter(document__appraisal=record))
    )
    _keep_statistic(item, record)
    counts = {}
    for part in in_order():
        counts[part.label] = _name_rows(item, part.of([record.pk]))
    let_go(record)
    for part in reversed(in_order()):
        if counts[part.label]:
            _delete_named(item, part.model)
    return {label: count for label, count in counts.items() if count}, files


def let_go(record: Appraisal) -> None:
    """What stays, such as a journal entry about an element, points to it no more."""
    for column in pointing_in():
        held = part_of(column.related_model).of([record.pk])
        rows = column.model._default_manager.filter(**{f"{column.name}__in": held})
        if column.model._meta.auto_created:
            rows.delete()
        else:
            rows.update(**{column.name: None})


def _empty_superseded(item: DestructionItem, record: Appraisal) -> tuple[dict[str, int], list[str]]:
    """R13.2: levels of what was replaced, the narratives written for them, and the forms that print them."""
    rating = RatingOfRecord.objects.prefetch_related("amendments").get(appraisal=record)
    newest = current_rating(rating).amendment
    if newest is None:
        return {}, []
    gone = {"level": 0, "rated_sum": 0, "rated_count": 0, "content_destroyed_on": clock.today()}
    older = rating.amendments.filter(version__lt=newest.version, content_destroyed_on__isnull=True)
    sections = _replaced_sections(record, newest)
    forms = StoredForm.objects.filter(appraisal=record).exclude(
        document__kind__in=set(Kind.values) - {Kind.ANNUAL_APPRAISAL}
    )
    files = list(_files(forms))
    versions = TextVersion.objects.filter(section__in=sections)
    lines = FeedLine.objects.filter(rating=rating, version__lt=newest.version)
    counts = {
        "appraisals.RatingOfRecord": _name_rows(
            item, RatingOfRecord.objects.filter(pk=rating.pk, content_destroyed_on__isnull=True)
        ),
        "appraisals.RatingAmendment": _name_rows(item, older),
        "appraisals.TextVersion": _name_rows(item, versions),
        "appraisals.FeedLine": _name_rows(item, lines.exclude(content="")),
        "appraisals.StoredForm": _name_rows(item, forms),
    }
    RatingOfRecord.objects.filter(pk=rating.pk, content_destroyed_on__isnull=True).update(**gone)
    older.update(**gone, levels=[])
    Section.objects.filter(pk__in=[each.pk for each in sections]).update(text="", level=None)
    versions.update(content={"text": "", "level": None})
    lines.update(content="")
    _delete_named(item, StoredForm)
    annual = Document.objects.get(appraisal=record, kind=Kind.ANNUAL_APPRAISAL)
    note_final(annual)
    return {label: count for label, count in counts.items() if count}, files


def _replaced_sections(record: Appraisal, newest: RatingAmendment) -> list[Section]:
    """Ratings of elements that the amendment changed; of all, where it does not say of which."""
    sections = list(
        Section.objects.filter(
            document__in=Document.objects.filter(appraisal=record, kind=Kind.ANNUAL_APPRAISAL),
            kind=SectionKind.RATING,
        ).order_by("element__number", "pk")
    )
    if len(sections) != len(newest.levels):
        return sections
    return [
        section
        for section, level in zip(sections, newest.levels, strict=True)
        if section.level != level
    ]


def _keep_statistic(item: DestructionItem, record: Appraisal) -> None:
    rating = RatingOfRecord.objects.filter(appraisal=record).prefetch_related("amendments").first()
    row, is_new = KeptStatistic.objects.get_or_create(
        organization=item.on_list.organization,
        cycle_id=record.cycle_id,
        level=current_rating(rating).level if rating else 0,
        defaults={"people": 1},
    )
    if not is_new:
        KeptStatistic.objects.filter(pk=row.pk).update(people=F("people") + 1)


def _name_rows(item: DestructionItem, rows: QuerySet[Model]) -> int:
    keys = rows.order_by().values_list("pk", flat=True)
    named = [
        RowToDestroy(item=item, table_name=rows.model._meta.db_table, row_id=key) for key in keys
    ]
    RowToDestroy.objects.bulk_create(named, batch_size=1000)
    return len(named)


def _delete_named(item: DestructionItem, model: type[Model]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT row_id FROM appraisals_rowtodestroy "  # noqa: S608
            "WHERE item_id = %s AND table_name = %s)",
            [item.pk, model._meta.db_table],
        )


def _files(rows: QuerySet[StoredForm] | QuerySet[Scan]) -> Iterator[str]:
    """Below MEDIA_ROOT. A scan that was attached twice is one file."""
    for each in rows:
        if isinstance(each, Scan):
            others = Scan.objects.filter(content_hash=each.content_hash).exclude(pk=each.pk)
            if not others.exclude(document__appraisal=each.document.appraisal_id).exists():
                yield str(each.path)
        elif each.file_hash:
            yield str(each.path)


def _forget_files(item: DestructionItem) -> None:
    """Names are hashes, so another row may have come to need the same file: it keeps it."""
    for name in item.files:
        digits = Path(name).stem
        is_needed = (
            StoredForm.objects.filter(file_hash=digits).exists()
            or Scan.objects.filter(content_hash=digits, removed_at=None).exists()
        )
        if not is_needed:
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
    DestructionItem.objects.filter(pk=item.pk).exclude(files=[]).update(files=[])


def _tell(item: DestructionItem) -> None:
    if item.what == What.RECORD and item.employee.is_active:
        tell(
            item.employee,
            "record_destroyed",
            key=f"record_destroyed:{item.pk}",
            link=reverse("own_file"),
            cycle=item.cycle.name,
            rule=item.rule,
            day=clock.today(),
        )


def _finish(of: DestructionList) -> None:
    """The last of several workers closes the list: they wait for each other here."""
    locked = DestructionList.objects.select_for_update().get(pk=of.pk)
    if locked.state != DestructionList.State.CONFIRMED:
        return
    if locked.items.filter(state=State.LISTED).exists():
        return
    locked.state, locked.ended_at = DestructionList.State.DONE, clock.now()
    locked.save(update_fields=["state", "ended_at"])
    note(
        "records_destroyed",
        by=locked.confirmed_by,
        organization=locked.organization,
        list=locked.pk,
        destroyed=locked.items.filter(state=State.DESTROYED).count(),
        kept=locked.items.exclude(state=State.DESTROYED).count(),
    )
