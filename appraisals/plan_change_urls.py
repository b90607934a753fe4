"""Addresses of plans that change: by their rating official, and by what HR makes mandatory."""

from django.urls import path

from appraisals.views import mandatory, plan_change

urlpatterns = [
    path(
        "appraisals/<int:pk>/plan-change/", plan_change.plan_change_start, name="plan_change_start"
    ),
    path("documents/<int:pk>/change/add/", plan_change.change_add, name="change_add"),
    path(
        "documents/<int:pk>/change/<int:element_pk>/reword/",
        plan_change.change_reword,
        name="change_reword",
    ),
    path(
        "documents/<int:pk>/change/<int:element_pk>/remove/",
        plan_change.change_remove,
        name="change_remove",
    ),
    path("changes/<int:pk>/", plan_change.change_edit, name="change_edit"),
    path("changes/<int:pk>/take-out/", plan_change.change_take_out, name="change_take_out"),
    path("hr/mandatory/new/", mandatory.mandatory_new, name="mandatory_new"),
    path("hr/mandatory/<int:pk>/", mandatory.mandatory_detail, name="mandatory_detail"),
    path("hr/mandatory/<int:pk>/edit/", mandatory.mandatory_edit, name="mandatory_edit"),
    path("hr/mandatory/<int:pk>/plans/", mandatory.mandatory_plans, name="mandatory_plans"),
    path("hr/mandatory/<int:pk>/put-in/", mandatory.mandatory_push, name="mandatory_push"),
]
