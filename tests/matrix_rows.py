"""One paper form, one letter and one roster that wait, for the table of permissions."""

from dataclasses import asdict

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisals.models import Document, Kind, Letter, LetterState
from appraisals.services.on_paper import begin_paper
from appraisals.services.scans import attach_scan
from orgchart import clock
from orgchart.models import Organization, RosterChange, RosterUpload
from orgchart.roster import Counts
from tests.cast import PRACTICE_DAY, SECRET, Cast


def make_paper(cast: Cast, annual: Document) -> None:
    """A second progress review that is being entered from paper, with its scan."""
    with clock.frozen(PRACTICE_DAY):
        review = begin_paper(
            annual.appraisal, Kind.PROGRESS_REVIEW, why="No access", by=cast.rating_official
        )
        pdf = SimpleUploadedFile("form.pdf", f"%PDF-1.7 {SECRET} %%EOF".encode())
        attach_scan(review, pdf, by=cast.rating_official)


def make_letter(cast: Cast) -> None:
    """To the employee, whose mailbox does not exist."""
    Letter.objects.create(
        recipient=cast.employee,
        address=cast.employee.email,
        message_id="<one@example.mil>",
        state=LetterState.DEAD,
        made_at=clock.now(),
        ended_at=clock.now(),
        last_error=f"550 {SECRET}",
    )


def make_upload(cast: Cast) -> None:
    """Checked, and waiting for a decision; somebody would join."""
    upload = RosterUpload.objects.create(
        organization=Organization.objects.get(code="CMD"),
        uploaded_by=cast.hr,
        uploaded_at=clock.now(),
        effective_on=PRACTICE_DAY,
        state=RosterUpload.State.CHECKED,
        counts=asdict(Counts(joined=1)),
    )
    RosterChange.objects.create(
        upload=upload, kind="joined", number=1, key="1", name=SECRET, now=SECRET
    )
