"""Whom a reorganization touches: those with another unit or supervisor, and who heads what it is about."""

from django.urls import reverse

from appraisals.notifications.telling import tell_all
from orgchart.models import Organization, Person, Reorganization
from orgchart.models.reorganization import Kind
from orgchart.services.reorganizing import Effect


def tell_of_reorganization(row: Reorganization, effect: Effect) -> None:
    """A new name or a closed unit without people changes nobody's place, and is told nobody."""
    people, words = _whom(row, effect)
    _tell(row, people, what=row.kind, **words)
    if row.kind == Kind.SUPERVISOR and row.person_id and people:
        _tell(row, [row.person_id], what="team", count=len(people))


def _tell(row: Reorganization, people: list[int], **words: object) -> None:
    place = row.target if row.kind == Kind.MERGE and row.target else row.organization
    tell_all(
        Person.objects.filter(pk__in=people).exclude(pk=row.by_id),
        "reorganized",
        key=f"reorganization:{row.pk}",
        link=reverse("organization_detail", args=[place.code]),
        unit=row.organization.name,
        day=f"{row.effective_on:%-d %B %Y}",
        **words,
    )


def _whom(row: Reorganization, effect: Effect) -> tuple[list[int], dict[str, object]]:
    if row.kind == Kind.MERGE and row.target:
        return effect.employee_ids, {"target": row.target.name}
    if row.kind == Kind.SUPERVISOR and row.person:
        return effect.employee_ids, {"person": row.person.full_name}
    head = Organization.objects.values_list("head_id", flat=True).get(pk=row.organization_id)
    if head is None:
        return [], {}
    if row.kind == Kind.MOVE and row.target:
        return [head], {"target": row.target.name}
    return ([head], {}) if row.kind == Kind.HEAD else ([], {})
