"""The audience groups that ship."""

import pytest

from lms.roster.models import Audience

pytestmark = pytest.mark.django_db


def test_the_fifteen_audiences_of_the_plans_ship_in_their_order():
    assert list(Audience.objects.values_list("code", flat=True)) == [
        "QLNN", "LD", "TTCN", "TTSC", "YT", "CA", "TA", "CTXH",
        "BCD", "LDNT", "GVPN", "LDDN", "BV", "TK", "DT",
    ]  # fmt: skip


def test_each_audience_has_a_bit_of_its_own_in_the_mask():
    assert sum(audience.mask for audience in Audience.objects.all()) == 2**15 - 1
