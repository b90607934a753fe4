"""An upload without a browser."""

from django.core.files.base import ContentFile

from orgchart.models import Organization, Person, RosterUpload
from orgchart.roster import job
from orgchart.roster.uploads import keep_upload
from tests.orgchart.roster.files import DAY, EMPLOYEES, ORGANIZATIONS, csv_of


def uploaded(
    by: Person,
    organization_rows: list[dict[str, str]] | bytes = ORGANIZATIONS,
    employee_rows: list[dict[str, str]] | bytes = EMPLOYEES,
    *,
    at: str = "TOP",
) -> RosterUpload:
    files = {
        name: ContentFile(rows if isinstance(rows, bytes) else csv_of(rows), f"{name}.csv")
        for name, rows in [("organizations", organization_rows), ("employees", employee_rows)]
    }
    place = Organization.objects.get(code=at)
    return keep_upload(place, files=files, effective_on=DAY, by=by)


def checked(by: Person, *rows, **settled) -> RosterUpload:
    """Uploaded, and the worker has been there."""
    upload = uploaded(by, *rows, **settled)
    job.run(upload.pk)
    upload.refresh_from_db()
    return upload
