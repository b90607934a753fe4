"""Whether every stored form is still the file that was written, at the console."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisals.models import StoredForm
from appraisals.pdf import FormLost, open_form
from appraisals.pdf.stored import ATTEMPTS


class Command(BaseCommand):
    help = "Read every stored form, compare it with its hash, and name what has to be put back."

    def handle(self, *args: Any, **options: Any) -> None:
        sound, lost = 0, []
        for stored in StoredForm.objects.made().iterator():
            try:
                open_form(stored)
            except FormLost:
                lost.append(f"{stored.path} (form {stored.pk} of record {stored.appraisal_id})")
            else:
                sound += 1
        self.stdout.write(f"Stored forms that are sound: {sound}.")
        for row in StoredForm.objects.due().filter(attempts__gte=ATTEMPTS):
            self.stdout.write(
                f"Form {row.pk} could not be rendered in {row.attempts} tries: "
                f"{row.problem or 'see the log'}. It is tried again when somebody opens it."
            )
        if lost:
            raise CommandError("To be put back from the backup:\n" + "\n".join(lost))
