"""The feed to the personnel system: ratings of record as batches, and the receipts that come back (R12.7, R13.7)."""

from appraisals.feed.batches import (
    Pending,
    batch_bytes,
    is_incomplete,
    make_batch,
    pending,
)
from appraisals.feed.folder import file_of, write_batches
from appraisals.feed.receipts import (
    ReceiptProblem,
    ReceiptRefused,
    Report,
    read_receipt,
    report_of,
    send_refused_again,
)

__all__ = [
    "Pending",
    "ReceiptProblem",
    "ReceiptRefused",
    "Report",
    "batch_bytes",
    "file_of",
    "is_incomplete",
    "make_batch",
    "pending",
    "read_receipt",
    "report_of",
    "send_refused_again",
    "write_batches",
]
