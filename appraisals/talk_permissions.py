"""Who may do what of the talk all year long: one small function per question."""

from appraisals.models import Appraisal, SupportRequest, rated_by
from appraisals.models.scope import Party
from appraisals.permissions import parties
from orgchart import clock
from orgchart.models import Person


def rates_now(user: Person, employee: Person) -> bool:
    return Person.objects.filter(rated_by(user), pk=employee.pk).exists()


def may_keep_journal(user: Person, about: Person) -> bool:
    """Of one's own work, and of those one rates now. What was written before stays its writer's."""
    return user.pk == about.pk or rates_now(user, about)


def may_check_in(user: Person, employee: Person) -> bool:
    """Plan, fill the agenda, record, agree on actions: both of the two alike."""
    return user.pk == employee.pk or rates_now(user, employee)


def may_answer_support(user: Person, asked: SupportRequest) -> bool:
    return user.pk != asked.employee_id and rates_now(user, asked.employee)


def may_ask_feedback(user: Person, about: Person) -> bool:
    return user.pk == about.pk or rates_now(user, about)


def may_thank(user: Person, recipient: Person) -> bool:
    """Anybody whom one may find in the organization."""
    found = Person.objects.findable_by(user, on=clock.today())
    return user.pk != recipient.pk and found.filter(pk=recipient.pk, is_active=True).exists()


def may_record_award(user: Person, recipient: Person) -> bool:
    """R12.1: more than thanks is for whoever rates them, reviews their rating or is their HR to record."""
    if user.pk == recipient.pk:
        return False
    if rates_now(user, recipient):
        return True
    records = Appraisal.objects.filter(
        employee=recipient, cycle__effective_on__gte=clock.today()
    ).select_related("organization")
    return any(
        parties(user, record) & {Party.HIGHER_LEVEL_REVIEWER, Party.HR} for record in records
    )
