"""What a password may be: long, not one that everybody tries first, and the same however it was typed."""

import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.kernel.folding import fold

_WORDS = """
    abc anhyeuem anhnhoem banthan bimat bixa bong bua cando canbo cam catinh chao chucmung chucvui congan
    congchuc congsan conghoa cong cuocsong dangnhap daotao diachi dienthoai doclap duocroi emyeuanh giadinh
    haiphong hanoi hanhphuc hochiminh hoctap hoilamgi hoilamchi huyen iloveyou khongbiet khongco khongnho
    khongquen maimai matkhau matkhaucuatoi minhyeuem motnamba muahe mu nam namba ngaymai nguyen nguyenvan
    nhanvien password phuong qwerty qwertyuiop quantri quenroi sinhnhat taptapthe taphuan thanhpho
    thang tinh toan toiladay toiyeuem toiyeuvietnam trinhdien truong tudohanhphuc tudo tuyetvoi
    vietnam vietnamvodich vodich vungtau vung xa xinchao yeuanh yeuem yeunuocvietnam
    admin administrator asdfgh asdfghjkl letmein welcome
"""
COMMON = frozenset(_WORDS.split())
"""Words, folded, that make no password by themselves, whatever digits stand around them."""
_PADDING = re.compile(r"[\W\d_]+")
_FEWEST_SIGNS = 5


def composed(password: str | None) -> str | None:
    """NFC: one keyboard writes «ế» as one sign, another as three."""
    return unicodedata.normalize("NFC", password) if password else password


class NotAWordThatEverybodyTries:
    """Refuses what is only common words, or nothing, when digits, signs and tones are taken away."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        bare = _PADDING.sub("", fold(password))
        if len(set(password)) < _FEWEST_SIGNS or not bare or _made_of_common(bare):
            raise ValidationError(
                _("This is among the passwords that are tried first. Choose a short sentence of your own."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("A short sentence that only you think of is easy to type and hard to guess.")


def _made_of_common(bare: str) -> bool:
    """Whether the letters are common words one after the other and nothing else."""
    reached = {0}
    for at in range(len(bare)):
        if at in reached:
            reached |= {at + len(word) for word in COMMON if bare.startswith(word, at)}
    return len(bare) in reached
