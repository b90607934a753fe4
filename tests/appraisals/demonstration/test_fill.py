"""Filling: twice the same, only in practice, and records for imported people."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Model, Q
from django.test import override_settings

from appraisals.demonstration.build import build_records
from appraisals.demonstration.courses import Course, Stage
from appraisals.demonstration.fill import TODAY, Summary, fill, season
from appraisals.demonstration.history import ImpossibleStepError
from appraisals.demonstration.occupations import occupation_for
from appraisals.demonstration.program import Program, imported_subjects
from appraisals.demonstration.telling import Telling
from appraisals.models import (
    Appraisal,
    AppraisalCycle,
    AppraisalEvent,
    Document,
    Kind,
    State,
)
from appraisals.workflow import Given
from orgchart import clock
from orgchart.errors import Refused

pytestmark = pytest.mark.django_db


APPENDED = ("CountDifference", "GoalDifference", "UnitElementsDifference")
"""Differences are summed: in which order a statement appended them says nothing."""


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model._meta.label: rows_of(model)
        for label in ("orgchart", "appraisals")
        for model in apps.get_app_config(label).get_models()
    }


def rows_of(model: type[Model]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    if model.__name__ in APPENDED:
        return sorted(model._default_manager.values_list(*names[1:]))
    return list(model._default_manager.order_by("pk").values_list(*names))


def test_filling_twice_gives_the_same(filled: Summary) -> None:
    before = snapshot()
    assert fill() == filled
    assert snapshot() == before


def test_an_earlier_day_stops_the_histories_there(filled: Summary) -> None:
    day = dt.date(2026, 11, 2)
    with transaction.atomic(), clock.frozen(day):
        fill(today=day)
        assert AppraisalEvent.objects.latest("at").at.date() < day
        assert not Appraisal.objects.filter(cycle__name="FY 2028").exists()
        assert not Document.objects.filter(
            kind=Kind.ANNUAL_APPRAISAL, appraisal__cycle__name="FY 2027"
        ).exists()
        transaction.set_rollback(True)


def test_fill_is_refused_outside_practice_mode() -> None:
    with override_settings(PRACTICE_MODE=False), pytest.raises(Refused, match="practice mode"):
        fill()


def test_command_leaves_people_alone_when_asked_to(
    filled: Summary, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demonstration", "--if-empty")
    assert "nothing was changed" in capsys.readouterr().out


def test_a_script_that_skips_a_step_is_refused(
    filled: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def skip(telling: Telling, *_: object, **__: object) -> bool:
        given = Given(discussed_on=TODAY, method="F")
        telling.history.step("communicate", at=telling.diary.now, given=given)
        return True

    monkeypatch.setattr(Telling, "send_up", skip)
    cycle = AppraisalCycle.objects.get(name="FY 2028")
    with pytest.raises(ImpossibleStepError, match="communicate"):
        build_records(
            imported_subjects(TODAY, occupation_for),
            program=Program(cycle),
            season=season(2028),
            course_of=lambda index, story: Course(plan=Stage.ACKNOWLEDGED),
            until=TODAY,
        )


def test_records_are_built_for_people_of_whom_only_the_position_is_known(filled: Summary) -> None:
    with transaction.atomic():
        cycle = AppraisalCycle.objects.get(name="FY 2028")
        taken = Appraisal.objects.filter(cycle=cycle).values("employee")
        waiting = [
            subject
            for subject in imported_subjects(TODAY, occupation_for)
            if not taken.filter(employee=subject.assignment.employee_id)
        ]
        built = build_records(
            waiting,
            program=Program(cycle),
            season=season(2028, is_hurried=True),
            course_of=lambda index, story: Course(
                plan=Stage.IN_REVIEW, review=Stage.NONE, annual=Stage.NONE
            ),
            until=TODAY,
            chunk=20,
        )
        assert built == len(waiting) > 20
        plans = Document.objects.filter(
            Q(appraisal__cycle=cycle),
            appraisal__employee__in=[s.assignment.employee_id for s in waiting],
        )
        assert {plan.state for plan in plans} == {State.IN_REVIEW}
        assert not Appraisal.objects.filter(employee=F("rating_official")).exists()
        transaction.set_rollback(True)
