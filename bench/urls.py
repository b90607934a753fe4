"""The product's addresses and one page that does the least a signed-in page can do."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from orgchart.models import Person


def bare(request: HttpRequest) -> HttpResponse:
    name = Person.objects.values_list("first_name", flat=True).get(
        email=request.user.get_username()
    )
    return HttpResponse(f"<!doctype html><title>Bare</title><p>Hello, {name}")


urlpatterns = [path("bare/", bare, name="bare"), path("", include("dpmap.urls"))]
