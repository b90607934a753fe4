"""The file itself: a ZIP with `record.json`, the PDF files it names by their hash, and who vouches for it."""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from orgchart.errors import Refused

FORMAT = "dpmap-record"
VERSION = 1
RECORD, SIGNATURE, FILES = "record.json", "signature.json", "files/"
MOST_BYTES = 200 * 1024 * 1024
"""Of everything in it together, unpacked."""
_DATE = (1980, 1, 1, 0, 0, 0)


class FileRefused(Refused):
    """What is wrong with a file of records, all of it at once."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class RecordFile:
    """`signed_with`: the name of the shared key that vouches for it; "" when none does."""

    content: dict[str, Any]
    content_hash: str
    files: Mapping[str, bytes]
    signed_with: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.content_hash)

    @property
    def records(self) -> int:
        rows: dict[str, list[Any]] = self.content.get("rows", {})
        return len(rows.get("appraisals.Appraisal", []))


def fingerprint(content_hash: str) -> str:
    """What two people can compare on the telephone: "3f2a 90c1 77be 04d2"."""
    return " ".join(content_hash[start : start + 4] for start in range(0, 16, 4))


def canonical(content: object) -> bytes:
    """The same content is the same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def hash_of(content: object) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def packed(content: dict[str, Any], files: Mapping[str, bytes], *, key: str = "") -> bytes:
    """`key`: the name of a shared key (DPMAP_TRANSFER_KEYS) to sign it with."""
    record = canonical(content)
    signature: dict[str, str] = {"sha256": hashlib.sha256(record).hexdigest()}
    if key:
        signature |= {"algorithm": "HMAC-SHA256", "key": key, "mac": _mac(key, record)}
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in (
            (RECORD, record),
            (SIGNATURE, canonical(signature)),
            *((f"{FILES}{digest}.pdf", files[digest]) for digest in sorted(files)),
        ):
            zipped.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return place.getvalue()


def _mac(key: str, record: bytes) -> str:
    secret: str = settings.TRANSFER_KEYS[key]
    return hmac.new(secret.encode(), record, hashlib.sha256).hexdigest()


def unpacked(file: IO[bytes]) -> RecordFile:
    """Everything the file claims of itself is checked before anything of it is used. Raises FileRefused."""
    try:
        with zipfile.ZipFile(file) as zipped:
            if sum(each.file_size for each in zipped.infolist()) > MOST_BYTES:
                raise FileRefused(
                    [f"The file holds more than {MOST_BYTES // 1024**2} MB, which no records need."]
                )
            record, signature = zipped.read(RECORD), json.loads(zipped.read(SIGNATURE))
            content = json.loads(record)
            files = _read_files(zipped, content)
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise FileRefused(
            ["This is no file of records, or it was damaged on its way. Have it sent again."]
        ) from None
    content_hash = hashlib.sha256(record).hexdigest()
    problems = _problems(content, signature, content_hash)
    if problems:
        raise FileRefused(problems)
    return RecordFile(content, content_hash, files, _signed_with(signature, record))


def _read_files(zipped: zipfile.ZipFile, content: Any) -> dict[str, bytes]:
    if not isinstance(content, dict) or not isinstance(content.get("files"), list):
        raise KeyError("files")
    files = {}
    for digest in content["files"]:
        data = zipped.read(f"{FILES}{digest}.pdf")
        if hashlib.sha256(data).hexdigest() != digest:
            raise FileRefused([f"The PDF file {digest[:12]} in it is not what was sent."])
        files[str(digest)] = data
    return files


def _problems(content: dict[str, Any], signature: Any, content_hash: str) -> list[str]:
    problems = []
    if content.get("format") != FORMAT:
        problems.append("This is no file of records of dpmap.")
    elif content.get("version") != VERSION:
        problems.append(
            f"The file is in version {content.get('version')} of the format, and this installation reads "
            f"version {VERSION}. Bring the older of the two installations up to date."
        )
    if not isinstance(signature, dict) or signature.get("sha256") != content_hash:
        problems.append("The content of the file is not what was sent: its hash differs.")
    return problems


def _signed_with(signature: dict[str, Any], record: bytes) -> str:
    """A key that is not known here vouches for nothing; a wrong signature is a refusal."""
    key, mac = signature.get("key"), signature.get("mac")
    if not isinstance(key, str) or key not in settings.TRANSFER_KEYS:
        return ""
    if not isinstance(mac, str) or not hmac.compare_digest(mac, _mac(key, record)):
        raise FileRefused(
            [f"The signature of “{key}” is wrong: the file was not written by who it says."]
        )
    return key
