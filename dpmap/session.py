from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST


@require_POST
def session_extend(request: HttpRequest) -> HttpResponse:
    """Stay signed in: any request by a person moves the end of the session (WCAG 2.2.1)."""
    request.session.modified = True
    return HttpResponse(status=204)
