"""Making a batch, and sending the same bytes however often it is asked for."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from appraisals.exports import for_csv
from appraisals.models import AppraisalCycle, FeedBatch, FeedLine
from appraisals.rules import LEVEL_NAMES
from orgchart import clock
from orgchart.models import Organization, Person

CHUNK = 2000
NEW, CORRECTION, AGAIN = "new", "correction", "again"
BETWEEN = "more_current"
"""What a line says it is when its rating came between the yearly ones, sent again or not (R10.8)."""
COLUMNS = (
    "batch",
    "line",
    "kind",
    "version",
    "dod_id",
    "last_name",
    "first_name",
    "cycle",
    "cycle_ends_on",
    "effective_on",
    "organization",
    "organization_name",
    "pay_plan",
    "series",
    "grade",
    "rating",
    "rating_name",
    "element_sum",
    "element_count",
    "average",
    "element_ratings",
)

# Version 1 is the rating as it was issued, the others are its amendments; what was destroyed (R13.2) is none of them. A version goes out once, and once
# more when its refused line is asked for again and nothing newer of the same rating has gone out since.
_WANTED = """
WITH chosen AS (
    SELECT r.id, r.level, r.rated_sum, r.rated_count, r.effective_on, r.appraisal_id,
        r.content_destroyed_on
    FROM appraisals_ratingofrecord r
    JOIN appraisals_appraisal a ON a.id = r.appraisal_id
    JOIN orgchart_organization place ON place.id = a.organization_id
    WHERE a.cycle_id = %(cycle)s AND place.path LIKE %(under)s
), version AS (
    SELECT id, 1 AS version, level, rated_sum, rated_count, NULL::jsonb AS levels FROM chosen
    WHERE content_destroyed_on IS NULL
    UNION ALL
    SELECT chosen.id, m.version, m.level, m.rated_sum, m.rated_count, m.levels
    FROM chosen JOIN appraisals_ratingamendment m ON m.rating_id = chosen.id
    WHERE m.content_destroyed_on IS NULL
), wanted AS (
    SELECT version.*, 1 AS attempt, CASE WHEN EXISTS (
        SELECT FROM appraisals_feedline l LEFT JOIN appraisals_feedanswer n ON n.line_id = l.id
        WHERE l.rating_id = version.id AND n.accepted IS DISTINCT FROM FALSE
    ) OR (version.version > 1 AND NOT EXISTS (
        SELECT FROM appraisals_feedline l WHERE l.rating_id = version.id
    )) THEN 'correction' ELSE 'new' END AS kind
    FROM version WHERE NOT EXISTS (
        SELECT FROM appraisals_feedline l
        WHERE l.rating_id = version.id AND l.version = version.version
    )
    UNION ALL
    SELECT version.*, l.attempt + 1, 'again'
    FROM version
    JOIN appraisals_feedline l ON l.rating_id = version.id AND l.version = version.version
    JOIN appraisals_feedretry y ON y.line_id = l.id
    WHERE NOT EXISTS (
        SELECT FROM appraisals_feedline later WHERE later.rating_id = l.rating_id
        AND (later.version, later.attempt) > (l.version, l.attempt)
    ) AND NOT EXISTS (
        SELECT FROM version newer WHERE newer.id = l.rating_id AND newer.version > l.version
    )
), given AS (
    SELECT m.id, m.level, m.rated_sum, m.rated_count, m.effective_on, m.document_id, d.appraisal_id
    FROM appraisals_morecurrentrating m
    JOIN appraisals_document d ON d.id = m.document_id
    JOIN appraisals_appraisal a ON a.id = d.appraisal_id
    JOIN orgchart_organization place ON place.id = a.organization_id
    WHERE a.cycle_id = %(cycle)s AND place.path LIKE %(under)s
), wanted_between AS (
    SELECT given.*, 1 AS attempt, 'new' AS kind FROM given
    WHERE NOT EXISTS (SELECT FROM appraisals_feedline l WHERE l.more_current_id = given.id)
    UNION ALL
    SELECT given.*, l.attempt + 1, 'again' FROM given
    JOIN appraisals_feedline l ON l.more_current_id = given.id
    JOIN appraisals_feedretry y ON y.line_id = l.id
    WHERE NOT EXISTS (
        SELECT FROM appraisals_feedline later
        WHERE later.more_current_id = l.more_current_id AND later.attempt > l.attempt
    )
)
"""
_COUNTED = """
SELECT kind, count(*) FROM (
    SELECT kind FROM wanted UNION ALL SELECT kind FROM wanted_between
) AS either GROUP BY kind
"""
_LISTED = f"""
SELECT wanted.id, NULL::bigint, a.id, wanted.version, wanted.attempt, wanted.kind, wanted.kind,
    p.dod_id, p.last_name, p.first_name, chosen.effective_on, place.code, place.name,
    a.pay_plan, a.occupational_series, a.grade, wanted.level, wanted.rated_sum, wanted.rated_count,
    coalesce(wanted.levels, (
        SELECT jsonb_agg(s.level ORDER BY e.number)
        FROM appraisals_document d
        JOIN appraisals_section s ON s.document_id = d.id AND s.kind = 'rating'
        JOIN appraisals_element e ON e.id = s.element_id
        WHERE d.appraisal_id = a.id AND d.kind = 'annual_appraisal'
    ), '[]')::text
FROM wanted
JOIN chosen ON chosen.id = wanted.id
JOIN appraisals_appraisal a ON a.id = chosen.appraisal_id
JOIN orgchart_person p ON p.id = a.employee_id
JOIN orgchart_organization place ON place.id = a.organization_id
UNION ALL
SELECT NULL, wanted_between.id, a.id, 1, wanted_between.attempt, wanted_between.kind, '{BETWEEN}',
    p.dod_id, p.last_name, p.first_name, wanted_between.effective_on, place.code, place.name,
    a.pay_plan, a.occupational_series, a.grade, wanted_between.level, wanted_between.rated_sum,
    wanted_between.rated_count, coalesce((
        SELECT jsonb_agg(s.level ORDER BY e.number)
        FROM appraisals_section s JOIN appraisals_element e ON e.id = s.element_id
        WHERE s.document_id = wanted_between.document_id AND s.kind = 'rating'
    ), '[]')::text
FROM wanted_between
JOIN appraisals_appraisal a ON a.id = wanted_between.appraisal_id
JOIN orgchart_person p ON p.id = a.employee_id
JOIN orgchart_organization place ON place.id = a.organization_id
ORDER BY dod_id, effective_on, version
"""  # noqa: S608  a constant from above


@dataclass(frozen=True)
class Pending:
    """What a batch would hold if it were made now."""

    ratings: int
    corrections: int
    repeated: int

    @property
    def total(self) -> int:
        return self.ratings + self.corrections + self.repeated


def _asked(cycle: AppraisalCycle, organization: Organization) -> dict[str, Any]:
    return {"cycle": cycle.pk, "under": f"{organization.path}%"}


def pending(cycle: AppraisalCycle, organization: Organization) -> Pending:
    with connection.cursor() as cursor:
        cursor.execute(_WANTED + _COUNTED, _asked(cycle, organization))
        counted: dict[str, int] = dict(cursor.fetchall())
    return Pending(counted.get(NEW, 0), counted.get(CORRECTION, 0), counted.get(AGAIN, 0))


@transaction.atomic
def make_batch(
    cycle: AppraisalCycle, organization: Organization, *, by: Person | None
) -> FeedBatch | None:
    """All that has not been sent yet, as one batch; None when there is nothing. One is made at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appraisals_feed'))")
        cursor.execute("SELECT nextval(pg_get_serial_sequence('appraisals_feedbatch', 'id'))")
        (key,) = cursor.fetchone()
    last = FeedBatch.objects.aggregate(last=Max("number"))["last"] or 0
    writing = _Writing(key, last + 1, cycle)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WANTED + _LISTED, _asked(cycle, organization))
        while rows := cursor.fetchmany(CHUNK):
            writing.add(rows)
    if not writing.lines:
        return None
    # The batch comes last: its hash is known now, and its lines wait for it until the commit.
    return FeedBatch.objects.create(
        pk=key,
        number=writing.number,
        cycle=cycle,
        organization=organization,
        made_by=by,
        made_at=clock.now(),
        ratings=writing.kinds[NEW],
        corrections=writing.kinds[CORRECTION],
        repeated=writing.kinds[AGAIN],
        content_hash=writing.digest.hexdigest(),
        size=writing.size,
    )


class _Writing:
    """A batch on its way: never more than a chunk of it in memory."""

    def __init__(self, key: int, number: int, cycle: AppraisalCycle) -> None:
        self.key, self.number, self.cycle = key, number, cycle
        self.lines, self.size = 0, 0
        self.kinds = Counter[str]()
        self.digest = hashlib.sha256()
        self._take(_as_line(COLUMNS))

    def _take(self, text: str) -> None:
        data = text.encode()
        self.size += len(data)
        self.digest.update(data)

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        lines = []
        for row in rows:
            self.lines += 1
            rating, between, record, version, attempt, kind, said = row[:7]
            content = _as_line((self.number, self.lines, said, version, *self._cells(row[7:])))
            self._take(content)
            self.kinds[kind] += 1
            lines.append(
                FeedLine(
                    batch_id=self.key,
                    number=self.lines,
                    appraisal_id=record,
                    rating_id=rating,
                    more_current_id=between,
                    version=version,
                    attempt=attempt,
                    content=content,
                )
            )
        FeedLine.objects.bulk_create(lines)

    def _cells(self, row: tuple[Any, ...]) -> Iterator[Any]:
        dod_id, last, first, effective_on, code, place, *position, level, total, count, levels = row
        yield from (dod_id, last, first, self.cycle.name, self.cycle.ends_on, effective_on)
        yield from (code, place, *position, level, LEVEL_NAMES[level], total, count)
        yield exact_average(total, count)
        yield ";".join(each if each != "0" else "NR" for each in levels.strip("[]").split(", "))


def exact_average(total: int, count: int) -> str:
    """R12.7: not rounded. What does not end goes to twelve places; the sum and the count stand beside it."""
    whole, rest = divmod(total, count)
    return f"{whole}.{rest * 10**12 // count:012d}".rstrip("0").rstrip(".")


def _as_line(cells: tuple[Any, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([for_csv(cell) for cell in cells])
    return text.getvalue()


def is_incomplete(batch: FeedBatch) -> bool:
    """Some of its lines, or what they said, were destroyed (R13): the file cannot be had any more."""
    return batch.lines.exclude(content="").count() < batch.lines_sent


def batch_bytes(batch: FeedBatch) -> Iterator[bytes]:
    """The file, in pieces: what was sent, whatever has changed since."""
    yield _as_line(COLUMNS).encode()
    contents = batch.lines.order_by("number").values_list("content", flat=True)
    lines = contents.iterator(chunk_size=CHUNK)
    while chunk := list(islice(lines, CHUNK)):
        yield "".join(chunk).encode()
