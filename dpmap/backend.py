"""How a session finds its person."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, IntegerField, OuterRef, Subquery

from appraisals.models import Notice
from orgchart import clock
from orgchart.models import Person
from orgchart.selectors import with_roles


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        """With the number of notices not read and what they are besides an employee: every page shows both in
        its header, and pays no query for them."""
        unread = Notice.objects.unread().filter(recipient=OuterRef("pk")).values("recipient")
        people = Person.objects.annotate(
            unread_notices=Subquery(
                unread.annotate(count=Count("pk")).values("count"), output_field=IntegerField()
            )
        )
        person = with_roles(people, user_id, on=clock.today()).first()
        return person if person and self.user_can_authenticate(person) else None
