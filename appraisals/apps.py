from importlib import import_module

from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    name = "appraisals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A page wakes tasks by name, so every process knows them, not the worker alone."""
        import_module("appraisals.tasks")
        from orgchart.roster import first  # noqa: PLC0415  its models are not there before

        # Every cycle belongs to an organization.
        first.SPARED.append(("orgchart_assignment", "standing_insert"))
