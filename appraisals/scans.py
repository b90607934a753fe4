"""Files of scanned forms: named by their hash below MEDIA_ROOT, whole or not there."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from appraisals.models import Scan
from orgchart.errors import Refused
from orgchart.whole_files import begun, keep_as

STARTS, ENDS, LOOKED_AT = b"%PDF-", b"%%EOF", 2048


def is_pdf(file: UploadedFile[bytes]) -> bool:
    """By what is in it: its name and what the browser says of it may be anything."""
    file.seek(0)
    begins = file.read(len(STARTS)) == STARTS
    file.seek(max(0, (file.size or 0) - LOOKED_AT))
    ends = ENDS in file.read()
    file.seek(0)
    return begins and ends


def file_of(scan: Scan) -> Path:
    return Path(settings.MEDIA_ROOT) / scan.path


def keep(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    with begun(Path(settings.MEDIA_ROOT) / "scans") as new:
        for piece in file.chunks():
            digest.update(piece)
            new.write(piece)
        name = digest.hexdigest()
        keep_as(file_of(Scan(content_hash=name)), new)
    return name


def open_scan(scan: Scan) -> BinaryIO:
    try:
        return file_of(scan).open("rb")
    except FileNotFoundError:
        raise Refused(
            "The file of this scan is missing on the server. Tell your administrator; the paper form itself counts."
        ) from None
