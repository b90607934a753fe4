from collections.abc import Sequence
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from orgchart.models import Organization, Person

PAGE_SIZE = 25


def person(request: HttpRequest) -> Person:
    """Who is signed in. Every view of this app is behind LoginRequiredMiddleware."""
    return cast(Person, request.user)


def paged(request: HttpRequest, rows: QuerySet[Any] | list[Any]) -> Page[Any]:
    """An odd page number is the nearest page there is."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def crumbs_to(
    ancestors: Sequence[Organization], *last: str, unit: Organization | None = None
) -> list[dict[str, str]]:
    above = [*ancestors, unit] if unit else ancestors
    crumbs = [{"label": "Organization", "url": reverse("organization_list")}]
    crumbs += [{"label": found.name, "url": found.get_absolute_url()} for found in above]
    return crumbs + [{"label": label, "url": ""} for label in last]


def is_for(request: HttpRequest, target: str) -> bool:
    """htmx asks for this part of the page only."""
    return request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-Target") == target
    )
