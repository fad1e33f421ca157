"""One small country in which every question of the matrix has an object: P above A and B, A1 below A, and F
elsewhere. Everybody who asks holds their role for A; what they ask for belongs to each unit in turn."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from certificates import services as certificates
from certificates.enums import RevocationReason
from certificates.models import Amendment, Certificate
from content.models import Handout
from content.queries import outline
from content.services import ensure_groups
from lms.accounts.models import User
from lms.coverage import services as coverage
from lms.coverage.enums import Outcome, Source
from lms.coverage.models import Contest, ProofFile, Target
from lms.kernel.enums import JobState
from lms.kernel.models import Job
from lms.kernel.scans import Scan
from lms.kernel.services import record_fact
from lms.learning import services as learning
from lms.learning.models import Assignment
from lms.reports.models import Period, PeriodTarget, UnitReport
from lms.roster import vault
from lms.roster.enums import AbsenceStatus, Role, UploadKind
from lms.roster.models import ErasureRequest, Person, PersonMerge, Unit, Upload
from quizzes import services as hall
from quizzes.enums import RulingKind
from quizzes.models import Attempt, Bank, HandMarking
from tests.architecture.permissions import EVERYBODY, RELATIONS, ROLES
from tests.factories import certificates as make_certificates
from tests.factories import content as make_content
from tests.factories import learning as make_learning
from tests.factories import quizzes as make_quizzes
from tests.factories import roster

UNIT_OF = {"self": "A", "own": "A", "child": "A1", "parent": "P", "sibling": "B", "foreign": "F"}
CANARY = {
    "A": "Trần Thị Hoàngyến", "A1": "Lê Văn Sơnca", "P": "Ngô Thị Vànhkhuyên", "B": "Phạm Văn Chàomào",
    "F": "Đỗ Thị Họami",
}  # fmt: skip
"""A name a unit, that stands nowhere else: whoever may not reach the unit must never read it."""
COURSE = "MATRIX"

Kwargs = dict[str, Any]


class World:
    """The country and its people; `object_of` gives what an address must name."""

    def __init__(self) -> None:
        ensure_groups()
        roster.ship_audiences()
        self.today = timezone.localdate()
        self.units = self._units()
        self.people = {key: self._officer(key) for key in CANARY}
        self.askers = {role: self._asker(role) for role in ROLES}
        self.clerk = roster.person("CLERK", "Người Nhập")
        self._quiz = make_quizzes.quiz()
        self._over = make_quizzes.quiz(attempts=99)
        self.edition = make_content.edition(COURSE, quiz=self._quiz.quiz.code, with_scenario=True)
        self.target = self._target()
        self.handout = Handout.objects.create(title="Tài liệu", file="handout.pdf")
        self._made: dict[tuple[str, str, str], Kwargs] = {}

    # Places and people ------------------------------------------------------------------------

    def _units(self) -> dict[str, Unit]:
        country = roster.unit("VN", kind="country", name="Việt Nam")
        p = roster.unit("P", country, kind="province", name="Tỉnh P")
        q = roster.unit("Q", country, kind="province", name="Tỉnh Q")
        a = roster.unit("A", p, name="Xã A")
        return {
            "P": p,
            "A": a,
            "A1": roster.unit("A1", a, kind="school", name="Trường A1"),
            "B": roster.unit("B", p, name="Xã B"),
            "F": roster.unit("F", q, name="Xã F"),
        }

    def _officer(self, key: str) -> Person:
        who = roster.person(f"CB-{key}", CANARY[key], birth_date=date(1980, 5, 17))
        roster.posting(who, self.units[key], "QLNN", title="Công chức")
        who.user = User.objects.create(username=who.code, display_name=CANARY[key])
        who.save()
        return who

    def _target(self) -> str:
        """Everybody in the country has to know the course, so that every unit has a figure."""
        target = Target(
            code="CT1",
            name="Chỉ tiêu",
            operator=">",
            value=Decimal(80),
            audience_mask=roster.mask("QLNN"),
            unit=Unit.objects.get(code="VN"),
            courses=[COURSE],
            outcome="completed",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
        )
        return record_fact(target, by="operator").code

    def _asker(self, role: str) -> Person:
        who = roster.person(f"HOI-{role}", f"Người Hỏi {role}")
        roster.posting(who, self.units["A"], "QLNN")
        who.user = User.objects.create(username=who.code, display_name=f"Người Hỏi {role}")
        who.save()
        if role != "learner":
            roster.role(who, self.units["A"], Role(role))
        return who

    def clients(self) -> dict[str, Client]:
        """A browser for each who asks."""
        browsers = {who: Client(raise_request_exception=False) for who in EVERYBODY}
        for role, who in self.askers.items():
            assert who.user
            browsers[role].force_login(who.user)
        return browsers

    # Objects ----------------------------------------------------------------------------------

    def relations(self, of: str) -> tuple[str, ...]:
        """In which relations such an object can stand to who asks."""
        if not of or of == "nothing":
            return ("own",)
        return RELATIONS if of in OWNED else RELATIONS[1:]

    def object_of(self, of: str, relation: str, who: str) -> Kwargs:
        """The values by which an address names the object; made once, kept for all who ask."""
        if not of:
            return {}
        mine = relation == "self"
        key = (of, UNIT_OF[relation], who if mine else "")
        if key not in self._made:
            owner = self.askers["learner" if who == "anonymous" else who] if mine else self.people[key[1]]
            self._made[key] = OBJECTS[of](self, key[1], owner)
        return self._made[key]

    def forget_objects(self) -> None:
        self._made.clear()

    def certificate(self, unit: str, owner: Person) -> Certificate:
        code = f"CQ{unit}"
        issuer = certificates.ensure_issuer(
            code=code,
            name=f"Cơ quan {unit}",
            parent_name="Bộ Công an",
            place="Nơi cấp",
            signatory_title="Giám đốc",
            signatory="Người Ký",
            unit_code=unit,
        )
        course = make_learning.course()
        certificates.set_rule(course_id=course.pk, issuer=issuer, validity_months=None)
        make_learning.completion(owner, course, on=make_certificates.DAY)
        return certificates.issue_certificate(
            person_id=owner.pk, course_code=course.code, edition=1, on=make_certificates.DAY
        )


# What an address may name -----------------------------------------------------------------------


def _nothing(_world: World, _unit: str, _owner: Person) -> Kwargs:
    """An object that does not exist: shows only who is turned away before it is looked for."""
    some = str(uuid4())
    return dict.fromkeys(("batch", "public_id", "chain", "version_id", "attempt_id", "grant", "pk"), some) | {
        "code": "NOPE",
        "number": 1,
        "position": 1,
    }


def _unit(_world: World, unit: str, _owner: Person) -> Kwargs:
    return {"code": unit, "unit": unit}


def _person(_world: World, _unit: str, owner: Person) -> Kwargs:
    return {"public_id": owner.public_id, "person": owner.public_id, "code": owner.code}


def _absence(world: World, _unit: str, owner: Person) -> Kwargs:
    row = roster.absence(owner, since=world.today, reason="di_hoc", status=AbsenceStatus.PROPOSED)
    return {"chain": row.chain}


def _contest(world: World, unit: str, owner: Person) -> Kwargs:
    row = Contest(
        person=owner,
        unit=world.units[unit],
        about="missing",
        words="Thiếu một lớp",
        opened_on=world.today,
        due=world.today + timedelta(days=2),
    )
    return {"chain": record_fact(row, by="operator").chain}


def _declared(world: World, _unit: str, owner: Person) -> Kwargs:
    """A training of the owner that waits, with a paper beside it."""
    row = coverage.declare_evidence(
        person=owner.code,
        course=COURSE,
        source=Source.EXTERNAL,
        completed_on=world.today,
        outcome=Outcome.PASSED,
        reference=f"GCN {uuid4()}",
        scans=[Scan("giay.pdf", "application/pdf", b"%PDF-")],
        by="operator",
        today=world.today,
    )
    return {"chain": row.chain, "public_id": ProofFile.objects.get(chain=row.chain).public_id}


def _activity(world: World, unit: str, _owner: Person) -> Kwargs:
    row = coverage.record_activity(
        unit=world.units[unit],
        kind="truyen_thong_cong_dong",
        day=world.today,
        title=f"Buổi {uuid4()}",
        place="",
        participants=5,
        by="operator",
        today=world.today,
    )
    return {"chain": row.chain}


def _failed_job(_world: World, _unit: str, _owner: Person) -> Kwargs:
    job = Job.objects.create(kind="kernel.tidy_jobs", state=JobState.SET_ASIDE, attempts=8)
    return {"pk": job.pk}


def _merge(world: World, unit: str, owner: Person) -> Kwargs:
    other = roster.person(full_name=CANARY[unit])
    roster.posting(other, world.units[unit])
    row = PersonMerge(person=other, same_as=owner, reason="một người")
    return {"chain": record_fact(row, by="operator").chain}


def _upload(_world: World, unit: str, owner: Person) -> Kwargs:
    row = Upload(kind=UploadKind.ROSTER, name="danh-sach.csv", uploaded_by=owner)
    text = f"person,full_name,unit,since\nCB-{unit}-9,Nguyễn Văn Tệp,{unit},2026-01-01\n"
    row.sealed = vault.seal_file(text.encode(), row.public_id)
    row.save()
    return {"public_id": row.public_id}


def _activity_log(_world: World, unit: str, owner: Person) -> Kwargs:
    row = Upload(kind="activities", name="nhat-ky.csv", uploaded_by=owner)
    text = f"unit,kind,day,title,participants\n{unit},phong_ngua_truong_hoc,2026-03-02,Hội thi,9\n"
    row.sealed = vault.seal_file(text.encode(), row.public_id)
    row.save()
    return {"public_id": row.public_id}


def _list_of_trainings(_world: World, unit: str, owner: Person) -> Kwargs:
    row = Upload(kind="evidence", name="lop.csv", uploaded_by=owner)
    text = f"person,course,source,completed_on,outcome\n{owner.code},NOPE-{unit},class,2026-03-02,passed\n"
    row.sealed = vault.seal_file(text.encode(), row.public_id)
    row.save()
    return {"public_id": row.public_id}


def _list_of_courses(_world: World, _unit: str, owner: Person) -> Kwargs:
    row = Upload(kind="courses", name="khoa-hoc.csv", uploaded_by=owner)
    row.sealed = vault.seal_file(b"code,title\n,\n", row.public_id)
    row.save()
    return {"public_id": row.public_id}


def _certificate(world: World, unit: str, owner: Person) -> Kwargs:
    row = world.certificate(unit, owner)
    keeper = roster.person(full_name="Người Giữ Sổ")
    copy = certificates.copy_from_register(certificate=row, by=keeper, on=world.today)
    return {"public_id": row.public_id, "link": row.link, "number": copy.number}


def _amendment(world: World, unit: str, owner: Person) -> Kwargs:
    row = world.certificate(unit, owner)
    keeper = roster.person(full_name="Người Giữ Sổ")
    asked: Amendment = certificates.propose_revocation(
        certificate=row,
        reason=RevocationReason.FRAUD,
        explanation="Làm hộ.",
        by=keeper,
        on=world.today,
    )
    return {"public_id": asked.public_id}


def _issuer(world: World, unit: str, owner: Person) -> Kwargs:
    world.certificate(unit, owner)
    return {"code": f"CQ{unit}"}


def _attempt(world: World, _unit: str, owner: Person) -> Kwargs:
    learning.enrol(person_id=owner.pk, course=COURSE, on=world.today)
    attempt = hall.start_attempt(person_id=owner.pk, version=world._quiz, device="")
    return {"attempt_id": attempt.public_id, "position": 1}


def _sat(world: World, owner: Person) -> Attempt:
    """An attempt that is over; another quiz than the one that `_attempt` leaves open."""
    attempt = hall.start_attempt(person_id=owner.pk, version=world._over, device="")
    return hall.submit_attempt(attempt=attempt, key="k")


def _sitting(world: World, _unit: str, owner: Person) -> Kwargs:
    return {"public_id": _sat(world, owner).public_id}


def _marking(world: World, unit: str, owner: Person) -> Kwargs:
    """A file of theirs that waits to be marked; unlike other sittings it may be marked once."""
    version = make_quizzes.quiz(make_quizzes.hand_in())
    attempt = hall.start_attempt(person_id=owner.pk, version=version)
    hall.hand_in_file(item=attempt.items.select_related("question").get(), name="a.pdf", content=b"%PDF-1.7")
    hall.submit_attempt(attempt=attempt)
    return {"public_id": HandMarking.objects.get(item__attempt=attempt).public_id}


def _appeal(world: World, _unit: str, owner: Person) -> Kwargs:
    item = _sat(world, owner).items.select_related("attempt").all()[0]
    return {"public_id": hall.raise_appeal(item=item, text="Luật đã sửa.").public_id}


def _mark_change(world: World, _unit: str, owner: Person) -> Kwargs:
    item = _sat(world, owner).items.select_related("attempt__person").all()[0]
    asked = hall.ask_for_mark_change(item=item, points=Fraction(1), reason="Máy hỏng.", by=world.clerk)
    return {"public_id": asked.public_id}


def _question(world: World, _unit: str, _owner: Person) -> Kwargs:
    question = world._quiz.pool.select_related("question").all()[0]
    return {
        "code": world._quiz.quiz.code,
        "question": question.question.code,
        "number": question.number,
    }


def _correction(world: World, unit: str, _owner: Person) -> Kwargs:
    version = make_quizzes.quiz(make_quizzes.single(f"Q-{unit}")).pool.get()
    asked = hall.ask_for_correction(
        version=version, ruling=RulingKind.LEFT_OUT, reason="Câu mơ hồ.", by=world.clerk
    )
    return {"public_id": asked.public_id}


def _role(world: World, unit: str, owner: Person) -> Kwargs:
    row = roster.role(owner, world.units[unit], Role.TRAINER, since=world.today - timedelta(days=1))
    return {"chain": row.chain}


def _erasure(world: World, unit: str, _owner: Person) -> Kwargs:
    gone = roster.person(full_name=CANARY[unit])
    roster.posting(gone, world.units[unit], until=world.today)
    row = ErasureRequest(person=gone, reason="đã nghỉ")
    return {"chain": record_fact(row, by="operator").chain}


def _course(world: World, _unit: str, _owner: Person) -> Kwargs:
    lesson = outline(world.edition).lessons[0]
    return {
        "code": COURSE,
        "position": 1,
        "slug": lesson.slug,
        "module": outline(world.edition).modules[0].code,
        "version_id": world._quiz.public_id,
    }


def _assignment(world: World, _unit: str, owner: Person) -> Kwargs:
    """A course given to the owner by whoever answers for everybody."""
    ask = {"people": [owner.pk], "course": COURSE, "due": None, "by": "operator", "on": world.today}
    learning.assign_course(**ask)
    return {"act": Assignment.objects.current().get(person=owner).act}


def _period(world: World, unit: str, _owner: Person) -> Kwargs:
    """A period that the unit opened, and its own report; nobody else was asked."""
    day = world.today
    row = Period.objects.create(
        unit=world.units[unit], name=f"Kỳ {unit} {uuid4()}", since=day, on=day, due=day, opened_on=day
    )
    PeriodTarget.objects.create(period=row, place=1, code=world.target)
    return {"public_id": row.public_id}


def _report(world: World, unit: str, owner: Person) -> Kwargs:
    period = Period.objects.get(public_id=_period(world, unit, owner)["public_id"])
    row = UnitReport.objects.create(period=period, unit=world.units[unit])
    return {"public_id": row.public_id}


def _bank(world: World, unit: str, owner: Person) -> Kwargs:
    """A bank that the owner keeps."""
    code = f"NH{owner.pk}"
    bank = Bank.objects.filter(code=code).first()
    return {"code": (bank or hall.open_bank(code=code, title="Ngân hàng", course="", by=owner)).code}


def _bank_question(world: World, unit: str, owner: Person) -> Kwargs:
    bank = Bank.objects.get(code=_bank(world, unit, owner)["code"])
    return {"pk": hall.word_question(bank=bank, draft=make_quizzes.single(), by=owner).pk}


def _bank_file(world: World, unit: str, owner: Person) -> Kwargs:
    bank = Bank.objects.get(code=_bank(world, unit, owner)["code"])
    content = b"Ai?{=a ~b}"
    kept = hall.keep_question_file(bank=bank, form="gift", name="de.gift", content=content, by=owner)
    return {"code": bank.code, "public_id": kept.public_id}


def _picture(world: World, unit: str, owner: Person) -> Kwargs:
    bank = Bank.objects.get(code=_bank(world, unit, owner)["code"])
    return {"public_id": hall.keep_picture(bank=bank, content=make_quizzes.picture()).public_id}


OBJECTS: dict[str, Callable[[World, str, Person], Kwargs]] = {
    "nothing": _nothing,
    "sitting": _sitting,
    "appeal": _appeal,
    "marking": _marking,
    "mark_change": _mark_change,
    "question": _question,
    "correction": _correction,
    "unit": _unit,
    "person": _person,
    "absence": _absence,
    "contest": _contest,
    "declared training": _declared,
    "proof": _declared,
    "activity": _activity,
    "failed_job": _failed_job,
    "merge": _merge,
    "upload": _upload,
    "activity log": _activity_log,
    "list of trainings": _list_of_trainings,
    "list of courses": _list_of_courses,
    "certificate": _certificate,
    "amendment": _amendment,
    "issuer": _issuer,
    "attempt": _attempt,
    "bank": _bank,
    "bank question": _bank_question,
    "bank file": _bank_file,
    "picture": _picture,
    "role": _role,
    "erasure": _erasure,
    "course": _course,
    "assignment": _assignment,
    "period": _period,
    "report": _report,
}
"""By the word that permissions.yaml uses after `of:`. A new kind of object is a function more, here."""

OWNED = frozenset(
    [
        *("person", "certificate", "attempt", "upload", "contest", "sitting", "appeal", "mark_change"),
        *("bank", "bank question", "bank file", "picture", "declared training", "proof", "activity log"),
        *("list of trainings", "list of courses"),
    ]
)
"""Kinds that belong to a person, so that one of them may be one's own."""
