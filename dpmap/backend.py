"""How a session finds its person."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, IntegerField, OuterRef, Subquery

from appraisals.models import Notice
from appraisals.models.scope import keep_reach, with_reach
from orgchart import clock
from orgchart.models import Person
from orgchart.selectors import with_roles


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        """With the number of notices not read, what they are besides an employee and what is in their reach:
        every page shows the first two in its header, most ask for the third, and none pays a query for them."""
        today = clock.today()
        unread = Notice.objects.unread().filter(recipient=OuterRef("pk")).values("recipient")
        people = Person.objects.annotate(
            unread_notices=Subquery(
                unread.annotate(count=Count("pk")).values("count"), output_field=IntegerField()
            )
        )
        with_all = with_reach(with_roles(people, user_id, on=today), user_id, on=today)
        person = with_all.first()
        if person is None or not self.user_can_authenticate(person):
            return None
        keep_reach(person, on=today)
        return person
