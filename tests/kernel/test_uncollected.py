import gc

import pytest

from lms.kernel.uncollected import uncollected


@uncollected()
def collecting(inner: bool = False) -> bool:
    return collecting() if inner else gc.isenabled()


@pytest.mark.parametrize("inner", [False, True])
def test_nothing_is_collected_within_and_all_is_as_before_afterwards(inner: bool) -> None:
    assert (gc.isenabled(), collecting(inner), gc.isenabled()) == (True, False, True)


def test_it_is_as_before_after_a_failure_too() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
