"""The pages shown when something is wrong. Each carries the reference that its log line has."""

import sys
import uuid
from collections.abc import Mapping

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

DATABASE_DOWN = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = "30"


def reference() -> str:
    bound = structlog.contextvars.get_contextvars().get("request_id")
    return str(bound or uuid.uuid4())


def error_page(request: HttpRequest, *, status: int, message: str = "") -> HttpResponse:
    context = {"status": status, "message": message, "reference": reference()}
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, status=413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, status=403, message=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, status=404)


def refused(request: HttpRequest, *, message: str) -> HttpResponse:
    return error_page(request, status=409, message=message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(
        request,
        status=403,
        message="The page was open too long or cookies are off. Go back, load the page again and "
        "send it once more.",
    )


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, str]
) -> HttpResponse:
    return error_page(request, status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Renders without the database, the session and context processors: any may be what failed."""
    database_down = isinstance(sys.exc_info()[1], DATABASE_DOWN)
    status = 503 if database_down else 500
    page = render_to_string(f"{status}.html", {"status": status, "reference": reference()})
    response = HttpResponse(page, status=status)
    if database_down:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
