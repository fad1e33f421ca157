import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences are compared as they stand in the source."""
    with translation.override("en"):
        yield
