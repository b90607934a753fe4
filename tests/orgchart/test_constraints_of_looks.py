"""What a kept look at the hierarchy must never be, tried against the database itself."""

import pytest
from django.db import IntegrityError

from orgchart import clock
from orgchart.models import HierarchyLook
from tests.factories import OrganizationFactory


@pytest.mark.django_db
def test_a_unit_was_looked_at_once() -> None:
    unit = OrganizationFactory()
    HierarchyLook.objects.create(organization=unit, most=25, looked_at=clock.now())
    with pytest.raises(IntegrityError, match="hierarchy_looked_at_once"):
        HierarchyLook.objects.create(organization=unit, most=25, looked_at=clock.now())
