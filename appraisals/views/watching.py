"""A page that watches a job: how far it is, looked at again every two seconds while it is open."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orgchart.waking import is_delayed

# At one look every two seconds, a quarter of an hour: an unattended page must not stay signed in.
MOST_LOOKS = 450


@dataclass(frozen=True, kw_only=True)
class Job:
    """In words; `percent` None: not begun, or nobody knows of how much."""

    step: str
    percent: int | None
    count: str = ""
    left: str = ""


@dataclass(frozen=True, kw_only=True)
class Work(Job):
    """For components/work.html."""

    url: str
    looks: int
    is_new_step: bool

    @property
    def goes_on_looking(self) -> bool:
        return self.looks <= MOST_LOOKS


def watched(request: HttpRequest, job: Job, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, which extends appraisals/watch.html, or for htmx only what moves on it.

    `seen` is the step that was said last.
    """
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    looks = request.GET.get("looks", "")
    work = Work(
        **vars(job),
        url=request.path,
        looks=(int(looks) if looks.isdecimal() else 0) + 1,
        is_new_step=htmx and job.step != request.GET.get("seen", ""),
    )
    if htmx:
        return render(request, "components/work.html", {"work": work})
    return render(request, template, context | {"work": work, "is_delayed": is_delayed()})
