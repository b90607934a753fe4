"""`python -m bench.pdf_archive`: an export of stored forms, beside `zip -0` of the same files in the same run.

The forms are a real one, each told apart by a line behind its end. The export is a process of its own,
whose memory is measured, in a database of its own; `zip -0` goes before and after it.
"""

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection

import bench.environment  # noqa: F401 - before anything that needs Django's models
from appraisals.archives import claims, job
from appraisals.archives.choosing import Choice
from appraisals.models import Appraisal, Archive, Document, State, StoredForm
from appraisals.pdf.stored import file_of, keep_form
from appraisals.services import archives
from bench.imports import NAME, database, say
from orgchart import clock
from orgchart.models import Person

HR = "miriam.castellano@example.mil"
AT_MOST_TIMES, AT_MOST_MIB = 2, 300
AT_ONCE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pdf_archive", description=__doc__)
    parser.add_argument("--forms", type=int, default=10_000)
    parser.add_argument("--export", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.export:
        export()
        return
    if shutil.which("zip") is None:
        sys.exit("There is no program zip to compare with. Install it: apt-get install zip")
    with TemporaryDirectory() as scratch, database():
        os.environ["MEDIA_ROOT"] = scratch
        settings.MEDIA_ROOT = Path(scratch)
        call_command("demonstration", verbosity=0)
        size = fill(options.forms)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        before, cpu = zipped(Path(scratch))
        command = [sys.executable, "-m", "bench.pdf_archive", "--export"]
        said = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        found = json.loads(said.stdout)
        after, cpu_after = zipped(Path(scratch))
        plain, cpu = (before + after) / 2, (cpu + cpu_after) / 2
        say(words(found, plain=plain, cpu=cpu, megabytes=size / 1e6))
        missed = found["seconds"] > AT_MOST_TIMES * plain or found["mib"] > AT_MOST_MIB
        say("Missed." if missed else "Both targets are kept.")


def words(found: dict[str, float], *, plain: float, cpu: float, megabytes: float) -> str:
    forms, seconds = found["forms"], found["seconds"]
    return (
        f"{forms:,.0f} stored forms, {megabytes:,.0f} MB: started in {found['start']:.1f} s, packed in "
        f"{seconds:.1f} s, {forms / seconds:,.0f} forms a second.\n"
        f"zip -0 of the same files: {plain:.1f} s, so {seconds / plain:.1f} times; at most "
        f"{AT_MOST_TIMES}. Processor time: {found['cpu']:.1f} s and {cpu:.1f} s. Peak memory {found['mib']:,.0f} MiB; at most {AT_MOST_MIB}.\n"
        f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )


def fill(count: int) -> int:
    """Bytes of the files: as many people as forms, beside one of the demonstration whose year is over."""
    finished = Document.objects.filter(kind="annual_appraisal", state=State.ACKNOWLEDGED)
    model = finished.select_related("appraisal__cycle", "appraisal__organization").first()
    if model is None:
        raise SystemExit("Nobody's year is over in the demonstration.")
    pdf = file_of(keep_form(model.appraisal)).read_bytes()
    size = 0
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(count, first + AT_ONCE))
        size += _fill(model, numbers, pdf)
    return size


def _fill(model: Document, numbers: range, pdf: bytes) -> int:
    people = Person.objects.bulk_create(
        Person(
            dod_id=f"{7_000_000_000 + number}",
            email=f"bench{number}@example.mil",
            first_name=f"First{number % 97}",
            last_name=f"Last{number}",
        )
        for number in numbers
    )
    same = ("cycle", "rating_official", "higher_level_reviewer", "organization", "position_title")
    same += ("pay_plan", "occupational_series", "grade", "starts_on", "opened_at")
    values = {name: getattr(model.appraisal, name) for name in same}
    records = Appraisal.objects.bulk_create(
        Appraisal(employee=person, **values) for person in people
    )
    same = ("kind", "policy", "state", "state_since", "opened_at", "approved_on")
    same += ("communicated_on", "communicated_method", "acknowledged_on")
    values = {name: getattr(model, name) for name in same}
    Document.objects.bulk_create(Document(appraisal=record, **values) for record in records)
    files = [pdf + b"%% %d\n" % number for number in numbers]
    made = [_stored(record, model, file) for record, file in zip(records, files, strict=True)]
    StoredForm.objects.bulk_create(made)
    for each, file in zip(made, files, strict=True):
        place = file_of(each)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file)
    return sum(map(len, files))


def _stored(record: Appraisal, model: Document, file: bytes) -> StoredForm:
    name = hashlib.sha256(file).hexdigest()
    return StoredForm(
        appraisal=record,
        final_since=model.state_since,
        content_hash=name,
        file_hash=name,
        pages=1,
        size=len(file),
        made_at=clock.now(),
    )


def zipped(media: Path) -> tuple[float, float]:
    """Seconds and processor seconds of `zip -0` over the folder of stored forms."""
    target = media / "plain.zip"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = ["zip", "-0", "-q", "-r", str(target), "forms"]
    subprocess.run(command, check=True, cwd=media)  # noqa: S603
    seconds = time.perf_counter() - began
    target.unlink()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime


def export() -> None:
    """In the process whose memory is measured: as one worker does it, to the last fsync."""
    connection.settings_dict["NAME"] = NAME
    user = Person.objects.get(email=HR)
    record = Appraisal.objects.filter(employee__email="bench0@example.mil").select_related(
        "organization", "cycle"
    )
    model = record.get()
    people = Person.objects.filter(email__startswith="bench").values_list("pk", flat=True)
    choice = Choice(
        user=user, organization=model.organization, cycle=model.cycle, people=tuple(people)
    )
    archives.wake = lambda *_: None  # this process is the worker
    began = time.perf_counter()
    archive = archives.start_archive(choice, words=["Whole records"], by=user)
    started, cpu = time.perf_counter(), time.process_time()
    while part := claims.claim(archive.pk):
        job.work_on(part)
    ended, spent = time.perf_counter(), time.process_time()
    archive.refresh_from_db()
    if archive.state != Archive.State.READY or archive.left_out:
        raise SystemExit(f"The archive is {archive.state}: {archive.note}")
    found = {
        "forms": archive.held,
        "start": started - began,
        "seconds": ended - started,
        "cpu": spent - cpu,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
