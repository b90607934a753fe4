"""Who opened whose record: the reviewers what they reviewed, human resources a few."""

import datetime as dt

from appraisals.models import AppraisalEvent, Document, RecordView
from orgchart.models import Person

_LOOKED_AT_BY_HR = ("robert.jensen", "andre.baptiste", "pedro.goncalves", "meiling.zhao")
_BY_HR_ON = dt.timedelta(days=12)


def build_looks(*, human_resources: Person, until: dt.date) -> None:
    """A view on the day of each decision, and some by human resources twelve days before the end."""
    rows: dict[tuple[int, int, str, dt.date], RecordView] = {}
    decisions = AppraisalEvent.objects.filter(name__in=["approve", "return_for_change"])
    for event in decisions.select_related("document").order_by("pk"):
        document = event.document
        if document is not None:
            _look(rows, document, event.by, event.at)
    addresses = [f"{name}@example.mil" for name in _LOOKED_AT_BY_HR]
    for document in Document.objects.filter(
        appraisal__employee__email__in=addresses, opened_at__date__lt=until - _BY_HR_ON
    ).order_by("pk"):
        at = document.opened_at.replace(year=until.year, month=until.month, day=until.day)
        _look(rows, document, human_resources, at - _BY_HR_ON)
    RecordView.objects.bulk_create(sorted(rows.values(), key=lambda row: row.viewed_at))


def _look(
    rows: dict[tuple[int, int, str, dt.date], RecordView],
    document: Document,
    viewer: Person,
    at: dt.datetime,
) -> None:
    key = (document.appraisal_id, viewer.pk, document.kind, at.date())
    rows[key] = RecordView(
        appraisal_id=document.appraisal_id,
        viewer=viewer,
        page=document.kind,
        viewed_on=at.date(),
        viewed_at=at,
    )
