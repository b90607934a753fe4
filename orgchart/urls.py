from django.urls import path, register_converter

from orgchart.addresses import CodeConverter
from orgchart.views import events, organization, people

register_converter(CodeConverter, "organization_code")

urlpatterns = [
    path("organizations/", organization.organization_list, name="organization_list"),
    path(
        "organizations/<organization_code:code>/",
        organization.organization_detail,
        name="organization_detail",
    ),
    path(
        "organizations/<organization_code:code>/history/",
        events.organization_events,
        name="organization_events",
    ),
    path("people/", people.people_search, name="people_search"),
    path("people/<str:dod_id>/", people.person_detail, name="person_detail"),
]
