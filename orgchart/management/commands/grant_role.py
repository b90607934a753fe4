from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgchart import clock
from orgchart.errors import Refused
from orgchart.models import Organization, Person, RoleGrant
from orgchart.services import grant_role


class Command(BaseCommand):
    help = "Grant a role over an organization and everything below it, from today on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("role", choices=RoleGrant.Role.values)
        parser.add_argument("organization", help="the organization's code")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].lower()).first()
        organization = Organization.objects.filter(code=options["organization"]).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        if organization is None:
            raise CommandError(f"No organization has the code {options['organization']}.")
        role = options["role"]
        try:
            grant_role(
                person, role=role, organization=organization, starts_on=clock.today(), by=None
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{person.full_name} is {RoleGrant.Role(role).label} of {organization} from today on."
        )
