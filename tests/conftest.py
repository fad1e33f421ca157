"""What every test finds: compiled catalogues, and the rows that ship even after a flush."""

import gc
import logging
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings

from tests.canary import OURS, Canary

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# The same examples at every run, so that a red suite is red again when it is repeated;
# `HYPOTHESIS_PROFILE=explore` looks further.
hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=1_000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_finish() -> None:
    """What was loaded by now stays until the end: looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    from lms.kernel.catalogues import compile_all

    compile_all()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _nothing_personal_in_our_logs() -> Iterator[None]:
    """Whatever a test does, no log of ours tells whom it did it with (TRUST.md §4)."""
    canary, ours = Canary(), [logging.getLogger(name) for name in OURS]
    for logger in ours:
        logger.addHandler(canary)
    yield
    for logger in ours:
        logger.removeHandler(canary)
    assert canary.told == []


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path_factory) -> None:
    """Keys remember what they signed; a test's ledger is not the next one's."""
    settings.KEY_DIR = tmp_path_factory.getbasetemp() / uuid4().hex / "keys"


@pytest.fixture(autouse=True)
def _numbered_at_once(settings) -> None:
    """A test's transaction never commits, so the ledger is numbered at once on every database.

    A test of the sequencer, which numbers afterwards, asks for it by setting `LEDGER_INLINE` itself.
    """
    settings.LEDGER_INLINE = True


@pytest.fixture
def what_ships(transactional_db: None) -> None:
    """The rows of data migrations, which a transactional test before this one has flushed away."""
    from content.services import ensure_groups

    _ship_audiences()
    ensure_groups()


@pytest.fixture(autouse=True)
def _audiences_are_there(request, _django_db_marker) -> None:
    """Every test that reads the database finds the audiences, whichever test came before it."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & {*request.fixturenames}:
        request.getfixturevalue("_django_db_helper")
        _ship_audiences()


def _ship_audiences() -> None:
    from tests.factories.roster import ship_audiences

    ship_audiences()
