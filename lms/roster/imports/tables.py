"""The columns of the files that come in (CONTRACT.md "Files that come in")."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from lms.kernel.cells import codes, day, one_of, text
from lms.kernel.faults import ValueFault
from lms.kernel.tables import Column, Table
from lms.roster.enums import UnitKind, UploadKind

_KINDS = {
    UnitKind.COUNTRY: "quốc gia",
    UnitKind.PROVINCE: "cấp tỉnh",
    UnitKind.DISTRICT: "cấp huyện",
    UnitKind.COMMUNE: "cấp xã",
    UnitKind.DEPARTMENT: "cơ quan",
    UnitKind.FACILITY: "cơ sở",
    UnitKind.SCHOOL: "trường",
    UnitKind.COMPANY: "doanh nghiệp",
    UnitKind.OTHER: "khác",
}
_code = text(longest=64)
_unit_code = text(longest=32)
_email = EmailValidator()


def national_id(cell: str) -> str:
    """12 digits (căn cước) or the 9 of old papers. Never named in a message."""
    digits = re.sub(r"[ .-]", "", cell)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueFault(_("is not a number of 12 digits (or the 9 of old papers)"))
    if len(digits) in (8, 11):
        raise ValueFault(
            _("has {count} digits; perhaps Excel has lost the first zero").format(count=len(digits))
        )
    if len(digits) not in (9, 12):
        raise ValueFault(
            _("has {count} digits where 12 are expected (or the 9 of old papers)").format(count=len(digits))
        )
    return digits


def phone(cell: str) -> str:
    """Digits as they are dialled here: +84 912 345 678 and 912345678 are 0912345678."""
    dialled = re.sub(r"[ .()-]", "", cell)
    if dialled.startswith("+84"):
        dialled = "0" + dialled[3:].lstrip("0")
    if len(dialled) == 9 and dialled.isdigit() and not dialled.startswith("0"):
        dialled = "0" + dialled
    if not (dialled.isascii() and dialled.lstrip("+").isdigit() and 8 <= len(dialled) <= 16):
        raise ValueFault(_("is not a telephone number"))
    return dialled


def email(cell: str) -> str:
    try:
        _email(cell)
    except ValidationError:
        raise ValueFault(_("is not an e-mail address")) from None
    if len(cell) > 254:
        raise ValueFault(_("is not an e-mail address"))
    return cell


UNITS = Table(
    Column("code", "mã đơn vị", _unit_code, required=True),
    Column("name", "tên đơn vị", text(longest=200), required=True),
    Column("kind", "loại", one_of(_KINDS), required=True),
    Column("parent", "đơn vị cấp trên", _unit_code),
    Column("sector", "ngành", text(longest=64), default=""),
    Column("since", "từ ngày", day, required=True),
    Column("until", "đến ngày", day),
    Column("successor", "đơn vị kế thừa", _unit_code),
    Column("decision", "quyết định", text(longest=200), default=""),
)

ROSTER = Table(
    Column("person", "mã cán bộ", _code, required=True),
    Column("full_name", "họ và tên", text(longest=200), required=True),
    Column("birth_date", "ngày sinh", day),
    Column("national_id", "số CCCD", national_id, default=""),
    Column("phone", "điện thoại", phone, default=""),
    Column("email", "email", email, default=""),
    Column("unit", "mã đơn vị", _unit_code, required=True),
    Column("title", "chức vụ", text(longest=200), default=""),
    Column("audiences", "nhóm đối tượng", codes(longest=16), default=()),
    Column("since", "từ ngày", day, required=True),
    Column("until", "đến ngày", day),
    Column("decision", "quyết định", text(longest=200), default=""),
)


def absences() -> Table:
    """Made anew, since the settings say which reasons there are."""
    return Table(
        Column("person", "mã cán bộ", _code, required=True),
        Column("reason", "lý do", one_of(settings.ABSENCE_REASONS), required=True),
        Column("since", "từ ngày", day, required=True),
        Column("until", "đến ngày", day),
        Column("decision", "quyết định", text(longest=200), default=""),
    )


def table_of(kind: UploadKind) -> Table:
    """The columns that a file of this kind may have."""
    return {UploadKind.ROSTER: ROSTER, UploadKind.UNITS: UNITS}.get(kind) or absences()


def called_here(kind: UploadKind) -> dict[str, str]:
    """What people here call a column, for its English name."""
    return {column.name: column.vietnamese or column.name for column in table_of(kind).columns}
