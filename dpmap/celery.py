"""The worker and its clock. A task only wakes up work that is already written in the database."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpmap.settings")

app = Celery("dpmap", task_cls="dpmap.dated_task:DatedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = {
    "apply-reorganizations": {
        "task": "appraisals.jobs.reorganizing.apply_reorganizations",
        "schedule": crontab(minute="*/5"),
    },
    "run-departures": {
        "task": "appraisals.jobs.departures.run_departures",
        "schedule": crontab(minute="*/5"),
    },
    "deliver-post": {
        "task": "appraisals.tasks.post.deliver_post",
        "schedule": 20.0,
    },
    "fold-counts": {"task": "appraisals.tasks.counts.fold_counts", "schedule": 20.0},
    "keep-people-found": {"task": "orgchart.tasks.keep_people_found", "schedule": 60.0},
    "close-accounts": {"task": "orgchart.tasks.close_accounts", "schedule": crontab(minute="10")},
    "render-forms": {"task": "appraisals.tasks.paper.render_forms", "schedule": 60.0},
    "remind": {
        "task": "appraisals.tasks.reminders.remind",
        "schedule": crontab(minute="0"),
    },
    "destroy-records": {
        "task": "appraisals.tasks.retention.destroy_records",
        "schedule": crontab(minute="*/5"),
    },
    "sweep-pushes": {"task": "appraisals.jobs.mandatory.sweep_pushes", "schedule": 30.0},
    "sweep-forecasts": {"task": "appraisals.jobs.policy.sweep_forecasts", "schedule": 30.0},
    "sweep-archives": {"task": "appraisals.tasks.archives.sweep_archives", "schedule": 30.0},
    "sweep-rosters": {"task": "orgchart.tasks.sweep_rosters", "schedule": 30.0},
    "send-ratings": {
        "task": "appraisals.tasks.feed.send_ratings",
        "schedule": crontab(hour="2", minute="30"),
    },
    "sweep-files": {
        "task": "appraisals.tasks.paper.sweep_files",
        "schedule": crontab(hour="3", minute="45"),
    },
    "clear-sessions": {
        "task": "dpmap.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="15"),
    },
}
