"""Addresses of policy editions, and of the worked examples under each."""

from django.urls import path

from appraisals.views import examples, policy, policy_drafts, policy_effects

urlpatterns = [
    path("hr/policy/", policy.policy_list, name="policy_list"),
    path("hr/policy/new/", policy_drafts.policy_new, name="policy_new"),
    path("hr/policy/drafts/<int:pk>/", policy_drafts.policy_draft, name="policy_draft"),
    path("hr/policy/drafts/<int:pk>/edit/", policy_drafts.policy_edit, name="policy_edit"),
    path("hr/policy/drafts/<int:pk>/count/", policy_drafts.policy_count, name="policy_count"),
    path(
        "hr/policy/drafts/<int:pk>/schedule/",
        policy_drafts.policy_schedule,
        name="policy_schedule",
    ),
    path(
        "hr/policy/drafts/<int:pk>/withdraw/",
        policy_drafts.policy_withdraw,
        name="policy_withdraw",
    ),
    path("hr/policy/drafts/<int:pk>/discard/", policy_drafts.policy_discard, name="policy_discard"),
    path(
        "hr/policy/drafts/<int:pk>/examples/",
        policy_drafts.policy_draft_examples,
        name="policy_draft_examples",
    ),
    path(
        "hr/policy/drafts/<int:pk>/effects/<slug:key>/",
        policy_effects.policy_effect,
        name="policy_effect",
    ),
    path("hr/policy/<int:pk>/", policy.policy_detail, name="policy_detail"),
    path("hr/policy/<int:pk>/examples/", examples.policy_examples, name="policy_examples"),
    path("worked-examples/", examples.worked_examples, name="worked_examples"),
]
