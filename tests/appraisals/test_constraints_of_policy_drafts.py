"""What must never be of a policy edition and its draft, tried against the database itself."""

import datetime as dt

import pytest
from django.db import transaction

from appraisals.models import PolicyDraft, PolicyEdition, PolicyForecast
from orgchart.models import PracticeClock
from tests.appraisals.rows import NOON, make_edition
from tests.appraisals.test_constraints import refused
from tests.factories import OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_scheduled_edition_has_its_day():
    place, writer = OrganizationFactory(), PersonFactory()
    edition = make_edition(place)
    given = {
        "name": "Local",
        "organization": place,
        "begun_by": writer,
        "begun_at": NOON,
        "changed_by": writer,
        "changed_at": NOON,
    }
    PolicyDraft.objects.create(**given)
    PolicyDraft.objects.create(**given, edition=edition, effective_on=edition.effective_on)
    with refused("a_scheduled_edition_has_its_day"):
        PolicyDraft.objects.create(**given, edition=make_edition(OrganizationFactory()))


def test_an_edition_is_never_changed_and_from_its_day_on_it_stays():
    edition = make_edition(OrganizationFactory())
    everything = PolicyEdition.objects.filter(pk=edition.pk)
    changes = (
        {"values": {"notice_days": 3}},
        {"effective_on": edition.effective_on + dt.timedelta(days=1)},
        {"core_values": "Other ones."},
    )
    clock_row = PracticeClock.objects.create(today=edition.effective_on)
    for change in changes:
        with refused("stays as it was scheduled"), transaction.atomic():
            everything.update(**change)
    with refused("stays as it was scheduled"), transaction.atomic():
        everything.delete()
    clock_row.today -= dt.timedelta(days=1)
    clock_row.save()
    with refused("stays as it was scheduled"), transaction.atomic():
        everything.update(values={"notice_days": 3})
    everything.delete()
    assert not everything.exists()


def test_a_forecast_is_done_when_it_is_counted():
    writer = PersonFactory()
    draft = PolicyDraft.objects.create(
        name="Local",
        organization=OrganizationFactory(),
        begun_by=writer,
        begun_at=NOON,
        changed_by=writer,
        changed_at=NOON,
    )
    forecast = PolicyForecast.objects.create(draft=draft, question="a")
    everything = PolicyForecast.objects.filter(pk=forecast.pk)
    for changes in ({"state": "done"}, {"counted_at": NOON}):
        with refused("a_forecast_is_done_when_it_is_counted"), transaction.atomic():
            everything.update(**changes)
    assert everything.update(state="done", counted_at=NOON) == 1
