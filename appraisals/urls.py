from django.urls import path

from appraisals.views import (
    document,
    element,
    form,
    history,
    home,
    plan,
    record,
    reviews,
    team,
    writing,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("team/", team.team, name="team"),
    path("team/start-plans/", team.team_start_plans, name="team_start_plans"),
    path("reviews/", reviews.review_queue, name="review_queue"),
    path("reviews/supervisors/", reviews.supervisors, name="supervisors"),
    path("appraisals/<int:pk>/", record.appraisal_detail, name="appraisal_detail"),
    path("appraisals/<int:pk>/viewers/", record.viewers, name="viewers"),
    path("appraisals/<int:pk>/timeline/", history.timeline, name="timeline"),
    path(
        "appraisals/<int:pk>/timeline/<int:event_pk>/",
        history.timeline_text,
        name="timeline_text",
    ),
    path("versions/<slug:of>/<int:pk>/", history.versions, name="versions"),
    path("people/<str:dod_id>/record/", plan.record_start, name="record_start"),
    path(
        "appraisals/<int:pk>/progress-review/",
        plan.progress_review_start,
        name="progress_review_start",
    ),
    path(
        "appraisals/<int:pk>/annual-appraisal/",
        plan.annual_appraisal_start,
        name="annual_appraisal_start",
    ),
    path("appraisals/<int:pk>/form.pdf", form.form_pdf, name="form_pdf"),
    path("documents/<int:pk>/", document.document_detail, name="document_detail"),
    path("documents/<int:pk>/copy/", plan.plan_copy, name="plan_copy"),
    path("documents/<int:pk>/copy-to-many/", plan.plan_copy_to_many, name="plan_copy_to_many"),
    path("documents/<int:pk>/elements/new/", element.element_new, name="element_new"),
    path("documents/<int:pk>/steps/<slug:name>/", document.document_step, name="document_step"),
    path("sections/<int:pk>/", writing.section_edit, name="section_edit"),
    path("elements/<int:pk>/", element.element_edit, name="element_edit"),
    path("elements/<int:pk>/accept/", element.element_accept, name="element_accept"),
    path("elements/<int:pk>/remove/", element.element_remove, name="element_remove"),
    path("elements/<int:pk>/up/", element.element_up, name="element_up"),
]
