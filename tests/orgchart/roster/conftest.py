import pytest

from tests.factories import KINDS, kind


@pytest.fixture(autouse=True)
def _kinds(db):
    for code in KINDS:
        kind(code)
