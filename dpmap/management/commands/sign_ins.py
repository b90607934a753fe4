from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from appraisals.demonstration.place import PASSWORD
from dpmap.practice import one_of_each


class Command(BaseCommand):
    help = "Say who can sign in: one demonstration person for each part (practice mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRACTICE_MODE:
            raise CommandError("Only practice mode has demonstration people.")
        for group in one_of_each():
            person = group.people[0].employee
            self.stdout.write(f"  {group.name:<26}{person.full_name:<24}{person.email}")
        self.stdout.write(f"  Password for everybody: {PASSWORD}")
