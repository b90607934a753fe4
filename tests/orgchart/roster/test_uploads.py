"""The job on an uploaded roster: its files, its states, its worker, its end."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as NobodyHears

from orgchart import clock, tasks, waking
from orgchart.errors import Refused
from orgchart.heart import Heart
from orgchart.models import (
    Assignment,
    Organization,
    OrgEvent,
    Person,
    RosterChange,
    RosterChunk,
    RosterUpload,
)
from orgchart.roster import job, uploads
from orgchart.roster.uploads import ask_to_apply, check_again, discard_upload
from tests.factories import RoleGrantFactory
from tests.orgchart.roster.files import DAY, EMPLOYEE, EMPLOYEES, OFFICIAL, employees, imported
from tests.orgchart.roster.uploading import checked, uploaded

State = RosterUpload.State
pytestmark = pytest.mark.django_db
PROMOTED = employees(changed={EMPLOYEE: {"grade": "12"}})


@pytest.fixture(autouse=True)
def _today(on_day):
    """The clock of every test here stands on `day`."""


@pytest.fixture
def administrator(_today, db) -> Person:
    imported()
    return RoleGrantFactory(organization=Organization.objects.get(code="TOP")).person


def now(upload: RosterUpload) -> RosterUpload:
    return RosterUpload.objects.get(pk=upload.pk)


def grade() -> str:
    return Assignment.objects.get(employee__dod_id=EMPLOYEE, ends_on=None).grade


def fall_silent(upload: RosterUpload, seconds: int = 61) -> None:
    RosterUpload.objects.filter(pk=upload.pk).update(
        heartbeat=Now() - dt.timedelta(seconds=seconds)
    )


# The files


def test_files_are_kept_in_pieces_until_the_end(administrator, monkeypatch):
    monkeypatch.setattr(uploads, "PIECE", 100)
    upload = checked(administrator, employee_rows=PROMOTED)
    sizes = [len(piece.content) for piece in RosterChunk.objects.filter(upload=upload)]
    assert len(sizes) > 5
    assert max(sizes) == 100
    assert upload.counts["in_another_position"] == 1
    ask_to_apply(upload, separate_missing=False, by=administrator)
    job.run(upload.pk)
    assert not RosterChunk.objects.exists()


def test_discarding_leaves_nothing_behind(administrator):
    upload = checked(administrator, employee_rows=PROMOTED)
    assert RosterChange.objects.exists()
    discard_upload(upload, by=administrator)
    assert not RosterChunk.objects.exists()
    assert not RosterChange.objects.exists()
    assert now(upload).state == State.DISCARDED


def test_second_upload_discards_the_first(administrator):
    first, second = uploaded(administrator), uploaded(administrator)
    assert (now(first).state, now(second).state) == (State.DISCARDED, State.WAITING)


def test_an_upload_waits_while_an_earlier_one_is_being_applied(administrator):
    first = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(first, separate_missing=False, by=administrator)
    with pytest.raises(Refused, match="being applied"):
        uploaded(administrator)
    assert RosterUpload.objects.count() == 1


def test_what_nobody_decided_about_is_discarded_after_a_day(administrator):
    upload = checked(administrator)
    job.clear_old()
    assert now(upload).state == State.CHECKED
    with clock.frozen(DAY + dt.timedelta(days=2)):
        job.clear_old()
    assert now(upload).state == State.DISCARDED
    assert not RosterChunk.objects.exists()


def test_lists_of_an_applied_roster_stay_for_a_month(administrator):
    upload = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(upload, separate_missing=False, by=administrator)
    job.run(upload.pk)
    with clock.frozen(DAY + dt.timedelta(days=29)):
        job.clear_old()
        assert upload.changes.exists()
    with clock.frozen(DAY + dt.timedelta(days=31)):
        job.clear_old()
    assert not upload.changes.exists()
    assert now(upload).counts["changed"] == 1


# What it finds and does


def test_check_writes_down_what_would_change_and_changes_nothing(administrator):
    upload = checked(administrator, employee_rows=PROMOTED[:2])
    assert upload.state == State.CHECKED
    assert (upload.counts["in_another_position"], upload.counts["missing"]) == (1, 1)
    change = upload.changes.get(kind="position")
    assert (change.number, change.key) == (1, EMPLOYEE)
    assert "GS-0560-11" in change.was
    assert "GS-0560-12" in change.now
    assert grade() == "11"


def test_apply_changes_and_is_recorded(administrator):
    upload = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(upload, separate_missing=False, by=administrator)
    assert grade() == "11"
    job.run(upload.pk)
    assert grade() == "12"
    assert now(upload).state == State.APPLIED
    event = OrgEvent.objects.get(what="roster_imported", by=administrator)
    assert event.organization.code == "TOP"


def test_what_changed_since_the_check_is_shown_before_it_is_applied(administrator):
    upload = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(upload, separate_missing=False, by=administrator)
    imported(employee_rows=employees(changed={OFFICIAL: {"grade": "14"}}))
    job.run(upload.pk)
    again = now(upload)
    assert (again.state, again.note) == (State.CHECKED, job.DIFFERS)
    assert again.counts["in_another_position"] == 2
    assert grade() == "11"
    ask_to_apply(again, separate_missing=False, by=administrator)
    job.run(upload.pk)
    assert grade() == "12"


def test_problems_that_came_up_leave_everything_as_it_was(administrator):
    joins = {**EMPLOYEES[0], "dod_id": "1000000009", "email": "new@example.mil"}
    upload = checked(administrator, employee_rows=employees(joins))
    ask_to_apply(upload, separate_missing=False, by=administrator)
    taken = {**joins, "dod_id": "1000000008"}
    imported(employee_rows=employees(taken))
    job.run(upload.pk)
    again = now(upload)
    assert (again.state, again.note, again.problem_count) == (State.CHECKED, job.CAME_UP, 1)
    assert "has this e-mail address" in again.problems.get().message
    assert not Person.objects.filter(dod_id="1000000009").exists()
    with pytest.raises(Refused, match="has problems"):
        ask_to_apply(again, separate_missing=False, by=administrator)
    Person.objects.filter(dod_id="1000000008").update(email="elsewhere@example.mil")
    check_again(again, by=administrator)
    job.run(upload.pk)
    assert now(upload).may_be_applied


def test_order_of_changes_is_no_difference():
    changes = [job.Change("moved", str(key), "A", "", "", "", "") for key in range(3)]
    assert job.digest_of(changes) == job.digest_of(reversed(changes))
    assert job.digest_of(changes) != job.digest_of(changes[1:])


# Who may


@pytest.mark.parametrize("step", [check_again, discard_upload, ask_to_apply])
def test_decisions_are_of_who_uploaded(administrator, step):
    upload = checked(administrator)
    other = RoleGrantFactory(organization=upload.organization).person
    settled = {"separate_missing": False} if step is ask_to_apply else {}
    with pytest.raises(PermissionDenied):
        step(upload, by=other, **settled)


def test_job_of_somebody_whose_role_has_ended_does_nothing(administrator):
    upload = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(upload, separate_missing=False, by=administrator)
    administrator.role_grants.update(ends_on="2027-01-01")
    job.run(upload.pk)
    assert (now(upload).state, now(upload).note) == (State.FAILED, job.NO_LONGER)
    assert grade() == "11"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.WAITING, "waits to be checked"),
        (State.CHECKING, "being checked"),
        (State.APPLYING, "being applied"),
        (State.FAILED, "checked again"),
    ],
)
def test_applying_says_why_it_cannot_be(administrator, state, sentence):
    upload = checked(administrator)
    RosterUpload.objects.update(state=state)
    with pytest.raises(Refused, match=sentence):
        ask_to_apply(upload, separate_missing=False, by=administrator)


# Workers


def ask_nobody(monkeypatch) -> list[int]:
    """Who would have been woken."""
    woken: list[int] = []
    monkeypatch.setattr(tasks.run_roster, "apply_async", lambda args, **_: woken.append(*args))
    return woken


def test_worker_is_woken_when_the_upload_is_committed(
    administrator, monkeypatch, django_capture_on_commit_callbacks
):
    woken = ask_nobody(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        upload = uploaded(administrator)
        assert woken == []
    assert woken == [upload.pk]


def test_dead_redis_is_no_reason_to_refuse_an_upload(
    administrator, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def nobody(args: tuple[int], **options: object) -> None:
        raise NobodyHears("Connection refused")

    monkeypatch.setattr(waking, "broker", waking.Broker())
    monkeypatch.setattr(tasks.run_roster, "apply_async", nobody)
    with django_capture_on_commit_callbacks(execute=True):
        upload = uploaded(administrator)
    assert now(upload).state == State.WAITING
    assert "nobody_woken" in caplog.text


def test_sweep_finds_jobs_nobody_was_woken_for(
    administrator, monkeypatch, django_capture_on_commit_callbacks
):
    woken = ask_nobody(monkeypatch)
    upload = uploaded(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_rosters()
    assert woken == [upload.pk]


def test_job_of_a_dead_worker_is_begun_again_after_a_minute(administrator):
    upload = uploaded(administrator, employee_rows=PROMOTED)
    RosterUpload.objects.update(state=State.CHECKING, attempts=1)
    fall_silent(upload, 50)
    assert job.due() == []
    fall_silent(upload)
    assert job.due() == [upload.pk]
    job.run(upload.pk)
    assert now(upload).state == State.CHECKED


def test_job_that_never_ends_is_given_up(administrator):
    upload = uploaded(administrator)
    RosterUpload.objects.update(state=State.CHECKING, attempts=job.MOST_ATTEMPTS)
    job.run(upload.pk)
    assert (now(upload).state, now(upload).note) == (State.FAILED, job.GAVE_UP)
    check_again(upload, by=administrator)
    job.run(upload.pk)
    assert now(upload).state == State.CHECKED


def test_work_that_breaks_is_said_and_can_be_tried_again(administrator, monkeypatch):
    upload = uploaded(administrator)
    with monkeypatch.context() as broken:
        broken.setattr(job, "preview_roster", None)
        with pytest.raises(TypeError):
            job.run(upload.pk)
    assert (now(upload).state, now(upload).note) == (State.FAILED, job.STOPPED)
    check_again(upload, by=administrator)
    job.run(upload.pk)
    assert now(upload).state == State.CHECKED


def test_work_that_lost_the_database_is_left_to_the_sweep(administrator, monkeypatch):
    upload = uploaded(administrator)

    def away(*args, **kwargs):
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as lost:
        lost.setattr(job, "preview_roster", away)
        with pytest.raises(OperationalError):
            job.run(upload.pk)
    assert now(upload).state == State.CHECKING
    fall_silent(upload)
    job.run(upload.pk)
    assert now(upload).state == State.CHECKED


def test_job_discarded_while_it_is_checked_stays_discarded(administrator, monkeypatch):
    upload = uploaded(administrator, employee_rows=PROMOTED)
    preview = job.preview_roster

    def discarded_meanwhile(*args, **kwargs):
        discard_upload(upload, by=administrator)
        return preview(*args, **kwargs)

    monkeypatch.setattr(job, "preview_roster", discarded_meanwhile)
    job.run(upload.pk)
    # The work and the decision share a transaction here, so the decision is undone with the work;
    # what matters is that the work wrote nothing over it.
    assert now(upload).state != State.CHECKED
    assert not upload.changes.exists()


@pytest.mark.django_db(transaction=True)
def test_one_job_is_never_done_by_two_at_once(administrator, monkeypatch):
    ask_nobody(monkeypatch)
    upload = checked(administrator, employee_rows=PROMOTED)
    ask_to_apply(upload, separate_missing=False, by=administrator)

    def run(_: int) -> None:
        try:
            with clock.frozen(DAY):
                job.run(upload.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, range(4)))
    assert now(upload).state == State.APPLIED
    assert OrgEvent.objects.filter(what="roster_imported", by=administrator).count() == 1


@pytest.mark.django_db(transaction=True)
def test_job_of_a_slow_worker_is_not_begun_by_another(administrator, monkeypatch):
    """Silent, but alive: it holds the lock."""
    ask_nobody(monkeypatch)
    upload = uploaded(administrator)

    def run_elsewhere() -> None:
        try:
            with clock.frozen(DAY):
                job.run(upload.pk)
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('orgchart_rosterupload'), %s)", [upload.pk]
        )
        with ThreadPoolExecutor(1) as threads:
            threads.submit(run_elsewhere).result()
        assert now(upload).state == State.CHECKING
    fall_silent(upload)
    job.run(upload.pk)
    assert now(upload).state == State.CHECKED


@pytest.mark.django_db(transaction=True)
def test_heart_tells_how_far_it_is_while_the_work_is_not_committed(administrator, monkeypatch):
    ask_nobody(monkeypatch)
    monkeypatch.setattr("orgchart.heart.SECONDS", 0.02)
    upload = uploaded(administrator)
    RosterUpload.objects.update(state=State.CHECKING)
    upload.state = State.CHECKING
    with transaction.atomic(), Heart(upload) as heart:
        Person.objects.update(middle_name="not committed")
        heart("Reading people", 12, 30)
        deadline = dt.timedelta(seconds=10)
        for _ in range(int(deadline.total_seconds() * 50)):
            if now(upload).done:
                break
            heart._stop.wait(0.02)
    told = now(upload)
    assert (told.step, told.done, told.total) == ("Reading people", 12, 30)
    assert told.heartbeat is not None


def test_an_empty_name_and_a_long_one_are_kept(administrator):
    files = {"organizations": ContentFile(b"x"), "employees": ContentFile(b"x", "e" * 300)}
    upload = uploads.keep_upload(
        Organization.objects.get(code="TOP"), files=files, effective_on=DAY, by=administrator
    )
    assert (upload.organizations_name, len(upload.employees_name)) == ("", 200)
