from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    name = "appraisals"
    default_auto_field = "django.db.models.BigAutoField"
