"""A province with two communes, their officers, and a target that both are counted by."""

from datetime import date
from types import SimpleNamespace

import pytest

from content.models import Course
from lms.coverage.models import Evidence, Target
from lms.kernel.services import record_fact
from lms.reports import services
from lms.reports.enums import PeriodKind
from lms.reports.models import Letterhead, Period, UnitReport
from lms.roster.models import Person, Unit
from tests.factories import roster as make

DAY = date(2026, 6, 14)
TODAY = date(2026, 6, 20)


def officer(code: str, unit: Unit, role: str) -> Person:
    person = make.person(code, f"Cán bộ {code}")
    make.role(person, unit, role)
    return person


def trained(person: Person, on: date = date(2026, 5, 1), **fields: object) -> Evidence:
    row = Evidence(
        **{
            "person": person,
            "course": Course.objects.get(code="B5"),
            "source": "class",
            "completed_on": on,
            "outcome": "passed",
            "level": "co_ban",
            "status": "approved",
            "reference": "QĐ-7",
            **fields,
        }
    )
    return record_fact(row, by="operator")


@pytest.fixture
def province(db: None) -> SimpleNamespace:
    """Commune X1 with five officers, four trained; X2 with two, none trained; one works in both."""
    country = make.unit("VN", kind="country")
    top = make.unit("P", country, kind="province", name="Thành phố Hải Phòng")
    communes = [make.unit(code, top, name=f"Phường {code}") for code in ("X1", "X2")]
    Course.objects.create(code="B5", title="B5")
    people = [make.person(f"CB{n}", f"Nguyễn Văn {n}") for n in range(1, 7)]
    for person in people[:5]:
        make.posting(person, communes[0], "TTCN")
    for person in people[4:]:
        make.posting(person, communes[1], "TTCN")
    for person in people[:4]:
        trained(person)
    record_fact(
        Target(
            code="T1",
            name="Trên 80 % cán bộ được tập huấn",
            document="Kế hoạch 121/KH-UBND",
            audience_mask=make.mask("TTCN"),
            unit=country,
            courses=["B5"],
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
        ),
        by="operator",
    )
    return SimpleNamespace(
        country=country,
        top=top,
        communes=communes,
        people=people,
        managers=[officer(f"QL{n}", unit, "unit_manager") for n, unit in enumerate(communes, 1)],
        signers=[officer(f"KY{n}", unit, "reporting_officer") for n, unit in enumerate(communes, 1)],
        officer=officer("BC1", top, "reporting_officer"),
        second=officer("BC2", top, "reporting_officer"),
    )


def asked(**fields: object) -> services.PeriodAsked:
    return services.PeriodAsked(
        **{
            "name": "06 tháng đầu năm 2026",
            "kind": PeriodKind.HALF_YEAR,
            "since": date(2026, 1, 1),
            "on": DAY,
            "due": date(2026, 6, 25),
            "targets": ["T1"],
            "units": ["X1", "X2"],
            **fields,
        }
    )


@pytest.fixture
def period(province: SimpleNamespace) -> Period:
    return services.open_period(unit="P", asked=asked(), by=province.officer, today=TODAY)


def report_of(period: Period, code: str) -> UnitReport:
    rows = UnitReport.objects.select_related("period__unit", "period__station", "unit")
    return rows.get(period=period, unit__code=code)


def with_letterhead(unit: Unit) -> None:
    Letterhead.objects.get_or_create(
        unit=unit,
        defaults={
            "superior": "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG",
            "issuer": "ỦY BAN NHÂN DÂN PHƯỜNG",
            "place": "Hải Phòng",
            "recipients": "Ủy ban nhân dân thành phố Hải Phòng",
            "authority": "TM. ỦY BAN NHÂN DÂN",
            "signatory_title": "CHỦ TỊCH",
            "signatory": "Trần Thị Bình",
            "copies": "Thường trực Đảng ủy",
        },
    )


def prepare(report: UnitReport, by: Person) -> UnitReport:
    with_letterhead(report.unit)
    return services.prepare_report(report=report, version=report.version, by=by, today=TODAY)


def send(period: Period, code: str, preparer: Person, signer: Person, today: date = TODAY) -> UnitReport:
    ready = prepare(report_of(period, code), preparer)
    return services.sign_report(report=ready, version=ready.version, by=signer, today=today)
