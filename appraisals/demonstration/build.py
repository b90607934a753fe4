"""Records in any number, each told by its course: for the demonstration and for measuring."""

import datetime as dt
from collections.abc import Callable, Iterable

from appraisals.demonstration.courses import Course
from appraisals.demonstration.history import Batch
from appraisals.demonstration.program import Program, Season, Subject
from appraisals.demonstration.year import Year

CourseOf = Callable[[int, str], Course | None]


def build_records(
    subjects: Iterable[Subject],
    *,
    program: Program,
    season: Season,
    course_of: CourseOf,
    until: dt.date,
    chunk: int = 1000,
) -> int:
    """Write the records of one cycle and save them, `chunk` at a time. Returns how many there are."""
    built = 0
    batch = Batch(until)
    for index, subject in enumerate(subjects):
        course = course_of(index, subject.story)
        if course is None:
            continue
        Year(subject, course, program, season, batch).tell()
        if len(batch.appraisals) >= chunk:
            built += len(batch.appraisals)
            batch.save()
            batch = Batch(until)
    batch.save()
    return built + len(batch.appraisals)
