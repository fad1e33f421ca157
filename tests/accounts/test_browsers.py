"""A browser's name for itself, in words."""

import pytest
from django.utils.translation import override

from lms.accounts.browsers import device_words

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (ANDROID, "Chrome trên Android"),
        (ANDROID + " Zalo android/24", "Zalo trên Android"),
        (ANDROID.replace("Chrome", "SamsungBrowser/24.0 Chrome"), "Samsung Internet trên Android"),
        (IPHONE, "Safari trên iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:126.0) Gecko/20100101 Firefox/126.0", "Firefox trên Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/125.0 Safari/537.36 Edg/125.0", "Edge trên Windows"),
        ("curl/8.5.0", "trình duyệt không cho biết tên"),
        ("", "trình duyệt không cho biết tên"),
        ("<script>alert(1)</script>", "trình duyệt không cho biết tên"),
    ],
)
def test_a_device_is_told_in_words(told: str, words: str) -> None:
    with override("vi"):
        assert device_words(told) == words
