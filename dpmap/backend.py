"""How a session finds its person."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, OuterRef, Subquery

from appraisals.models import Notice
from appraisals.models.scope import keep_reach, with_reach
from orgchart import clock
from orgchart.models import Person
from orgchart.selectors import has_left, with_roles


class PersonBackend(ModelBackend):
    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        """From the day after their last one nobody signs in, whether or not the account was closed yet."""
        if not isinstance(user, Person) or not super().user_can_authenticate(user):
            return False
        left: bool | None = getattr(user, "has_left", None)
        if left is None:
            left = Person.objects.filter(has_left(clock.today()), pk=user.pk).exists()
        return not left

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
        people = people.annotate(has_left=has_left(today))
        with_all = with_reach(with_roles(people, user_id, on=today), user_id, on=today)
        person = with_all.first()
        if person is None or not self.user_can_authenticate(person):
            return None
        keep_reach(person, on=today)
        return person
