"""Ratings that are questioned or changed, more time, years without a rating, other calendars."""

from django.urls import path

from appraisals.views import disagreement, rateability, rating_lists

urlpatterns = [
    path("appraisals/<int:pk>/rateability/", rateability.rateability, name="rateability"),
    path("appraisals/<int:pk>/more-time/", rateability.extension_new, name="extension_new"),
    path("appraisals/<int:pk>/more-time/end/", rateability.extension_end, name="extension_end"),
    path("more-time/<int:pk>/", rateability.extension_decide, name="extension_decide"),
    path("appraisals/<int:pk>/not-rated/", rateability.year_close, name="year_close"),
    path("appraisals/<int:pk>/not-rated/undo/", rateability.year_reopen, name="year_reopen"),
    path("appraisals/<int:pk>/situations/", rateability.situation_new, name="situation_new"),
    path(
        "appraisals/<int:pk>/situations/<int:situation_pk>/",
        rateability.situation_end,
        name="situation_end",
    ),
    path("appraisals/<int:pk>/cycle/", rateability.cycle_change, name="cycle_change"),
    path("appraisals/<int:pk>/rating/", disagreement.rating_detail, name="rating_detail"),
    path("appraisals/<int:pk>/rating/change/", disagreement.rating_change, name="rating_change"),
    path("appraisals/<int:pk>/rating/<slug:kind>/", disagreement.disagree, name="disagree"),
    path("disagreements/<int:pk>/", disagreement.disagreement_detail, name="disagreement_detail"),
    path(
        "disagreements/<int:pk>/withdraw/",
        disagreement.disagreement_withdraw,
        name="disagreement_withdraw",
    ),
    path("hr/not-rated/", rating_lists.unrated_list, name="unrated_list"),
    path("hr/not-rated/close/", rating_lists.years_close, name="years_close"),
    path("hr/disagreements/", rating_lists.disagreement_list, name="disagreement_list"),
]
