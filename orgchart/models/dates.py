from datetime import date

from django.db.models import Q


def is_current(on: date, prefix: str = "") -> Q:
    """A dated row that holds on this day."""
    open_end = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": on})
    return open_end & Q(**{f"{prefix}starts_on__lte": on})
