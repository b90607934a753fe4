"""One address for each thing that can go wrong in a view."""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from dpmap.urls import handler400, handler403, handler404, handler500, urlpatterns
from orgchart.errors import Refused

__all__ = ["handler400", "handler403", "handler404", "handler500"]

FAULTS = {
    400: SuspiciousOperation("odd"),
    403: PermissionDenied("Only the rating official may do this."),
    404: Http404("secret record of Maria"),
    409: Refused("Somebody else approved this a moment ago."),
    500: ValueError("secret value"),
    503: OperationalError("secret host"),
}


@login_not_required
def fault(request: HttpRequest, status: int) -> NoReturn:
    raise FAULTS[status]


@login_not_required
@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("fault/<int:status>/", fault),
    path("only-post/", only_post),
    *urlpatterns,
]
