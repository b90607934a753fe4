import pytest


@pytest.fixture(autouse=True)
def _kinds(kinds):
    """Every test here needs the kinds of organization."""
