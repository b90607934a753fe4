"""Nothing of a record is forgotten: every model is a part of it, or says why it is not."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, JSONField, Model

from appraisals.models import (
    AppraisalCycle,
    Goal,
    MandatoryElement,
    PolicyEdition,
)
from appraisals.parts import ELSEWHERE, PARTS, PERSONAL, in_order, pointing_in
from orgchart.models import Organization, Person

OURS = list(apps.get_app_config("appraisals").get_models())
IN_PARTS = {part.model for part in PARTS}
POINTED_TO = {Person, Organization, AppraisalCycle, PolicyEdition, Goal, MandatoryElement}
"""What the file of a record describes, so that the other side can find or make it."""


def label(model: type[Model]) -> str:
    return str(model._meta.label)


def columns(model: type[Model]) -> Iterator[Field]:
    yield from model._meta.concrete_fields


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_model_is_declared_once(model):
    places = [model in IN_PARTS or model in PERSONAL, model in ELSEWHERE]
    assert places.count(True) == 1, (
        f"{label(model)} is declared {places.count(True)} times in appraisals/parts.py. Put it into PARTS (it "
        "belongs to a record: destroyed and moved with it), PERSONAL (somebody’s own, beside any record) or ELSEWHERE."
    )


@pytest.mark.parametrize("column", pointing_in(), ids=str)
def test_nothing_else_holds_on_to_a_part_of_a_record(column):
    """It would make the record impossible to destroy."""
    assert column.null or column.model._meta.auto_created, (
        f"{column} points to a part of a record, so its model is one: put it into PARTS."
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.label)
def test_every_part_leads_to_its_record(part):
    if not part.record:
        return
    model = part.model
    for name in part.record.split("__"):
        each = model._meta.get_field(name)
        assert isinstance(each, ForeignKey), (part.label, name)
        model = each.related_model
    assert label(model) == "appraisals.Appraisal"


@pytest.mark.parametrize("part", [each for each in PARTS if each.travels], ids=lambda p: p.label)
def test_what_a_part_points_to_can_be_described(part):
    known = POINTED_TO | IN_PARTS
    unknown = [
        each.name
        for each in columns(part.model)
        if isinstance(each, ForeignKey) and each.related_model not in known
    ]
    assert unknown == [], (
        f"{part.label}.{unknown} points to something that appraisals/transfer cannot describe. Add a reference for it."
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.label)
def test_keys_in_json_name_a_json_column(part):
    for path in part.keys:
        assert isinstance(part.model._meta.get_field(path.split(".")[0]), JSONField)


def test_a_part_comes_after_what_it_points_to():
    order = [part.model for part in in_order()]
    assert set(order) == IN_PARTS
    assert len(order) == len(set(order))
    for part in PARTS:
        for each in part.parents():
            if each.related_model is not part.model:
                assert order.index(each.related_model) < order.index(part.model)


def test_what_is_no_part_or_stays_says_why():
    assert [part.label for part in PARTS if part.stays and not part.stays.endswith(".")] == []
    assert [label(model) for model, why in ELSEWHERE.items() if not why.endswith(".")] == []
