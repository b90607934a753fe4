"""The talk all year long."""

from django.urls import path

from appraisals.views import check_ins, feedback, journal, recognition, support

urlpatterns = [
    path("journal/", journal.journal, name="journal"),
    path("journal/new/", journal.journal_new, name="journal_new"),
    path("journal/<int:pk>/", journal.journal_edit, name="journal_edit"),
    path("journal/<int:pk>/delete/", journal.journal_delete, name="journal_delete"),
    path("check-ins/", check_ins.check_in_list, name="check_in_list"),
    path("check-ins/<str:dod_id>/", check_ins.check_in_series, name="check_in_series"),
    path("check-ins/<str:dod_id>/plan/", check_ins.check_in_plan, name="check_in_plan"),
    path("check-ins/<str:dod_id>/agenda/", check_ins.agenda_add, name="agenda_add"),
    path("check-ins/<str:dod_id>/held/", check_ins.check_in_hold, name="check_in_hold"),
    path("check-ins/<str:dod_id>/actions/", check_ins.action_add, name="action_add"),
    path("agenda/<int:pk>/remove/", check_ins.agenda_remove, name="agenda_remove"),
    path("actions/<int:pk>/end/", check_ins.action_end, name="action_end"),
    path("requests/", support.support_list, name="support_list"),
    path("requests/new/", support.support_new, name="support_new"),
    path("requests/<int:pk>/", support.support_detail, name="support_detail"),
    path("requests/<int:pk>/end/", support.support_end, name="support_end"),
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/new/", feedback.feedback_new, name="feedback_new"),
    path("feedback/<int:pk>/give/", feedback.feedback_give, name="feedback_give"),
    path("feedback/<int:pk>/withdraw/", feedback.feedback_withdraw, name="feedback_withdraw"),
    path("feedback/answer/<str:token>/", feedback.feedback_answer, name="feedback_answer"),
    path("recognition/", recognition.recognition_list, name="recognition_list"),
    path("people/<str:dod_id>/recognize/", recognition.recognition_new, name="recognition_new"),
]
