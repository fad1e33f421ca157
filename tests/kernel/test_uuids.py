"""Random identities in the order of time."""

import time

from lms.kernel.uuids import ordered_uuids


def test_they_are_version_7_of_the_rfc_and_all_different():
    made = ordered_uuids(1_000)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 1_000


def test_later_ones_come_after_earlier_ones():
    earlier = max(ordered_uuids(100))
    time.sleep(0.002)
    assert min(ordered_uuids(100)) > earlier


def test_they_carry_the_time_in_milliseconds():
    before = time.time_ns() // 1_000_000
    [one] = ordered_uuids(1)
    assert before <= one.int >> 80 <= time.time_ns() // 1_000_000
