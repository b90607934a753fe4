"""Addresses of departures, of what goes along, and of records that nobody holds."""

from django.urls import path

from appraisals.views import departure_packs, departures, stranded

urlpatterns = [
    path("departures/", departures.departure_list, name="departure_list"),
    path("departures/<int:pk>/", departures.departure_detail, name="departure_detail"),
    path("departures/<int:pk>/undo/", departures.departure_undo, name="departure_undo"),
    path("departures/<int:pk>/pack/", departure_packs.departure_pack, name="departure_pack"),
    path(
        "departures/<int:pk>/goes-along/",
        departure_packs.departure_goes_along,
        name="departure_goes_along",
    ),
    path(
        "departures/<int:pk>/goes-along/<slug:key>.pdf",
        departure_packs.departure_goes_along_form,
        name="departure_goes_along_form",
    ),
    path(
        "departures/<int:pk>/goes-along/forms.zip",
        departure_packs.departure_goes_along_file,
        name="departure_goes_along_file",
    ),
    path("people/<str:dod_id>/leaves/", departures.departure_new, name="departure_new"),
    path("hr/stranded/", stranded.stranded_list, name="stranded_list"),
]
