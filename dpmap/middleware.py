from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from dpmap.errors import error_page, refused
from orgchart import clock
from orgchart.errors import Refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware(RequestMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Without the query: people search by name, and names do not belong in a log."""
        return f"{request.method} {request.path}"


class ResponseHeadersMiddleware:
    """What neither Django nor its security packages send, on every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        # Every page is about somebody. A shared computer's Back button must not show it again.
        is_static = request.path.startswith(settings.STATIC_URL) and response.status_code < 400
        if not is_static:
            response.headers["Cache-Control"] = "no-store"
        return response


class PracticeClockMiddleware:
    """The date of practice mode, read once a request. Not there in production."""

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.PRACTICE_MODE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        clock.load()
        try:
            return self.get_response(request)
        finally:
            clock.clear()


class RefusalMiddleware:
    """A rule said no (`orgchart.errors.Refused`): the sentence becomes a page, never a 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405:
            allowed = response.headers["Allow"]
            response = error_page(request, status=405)
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, message=exception.message)
        return None
