"""How a session finds its person."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, IntegerField, OuterRef, Subquery

from appraisals.models import Notice
from orgchart.models import Person


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        """With the number of notices not read: the header of every page shows it, and pays no query for it."""
        unread = Notice.objects.unread().filter(recipient=OuterRef("pk")).values("recipient")
        people = Person.objects.annotate(
            unread_notices=Subquery(
                unread.annotate(count=Count("pk")).values("count"), output_field=IntegerField()
            )
        )
        person = people.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
