"""Codes that are stored; never renumbered, never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    COUNTRY = "country", _("country")
    PROVINCE = "province", _("province")
    DISTRICT = "district", _("district")
    COMMUNE = "commune", _("commune")
    DEPARTMENT = "department", _("department")
    FACILITY = "facility", _("facility")
    SCHOOL = "school", _("school")
    COMPANY = "company", _("company")
    OTHER = "other", _("other")


class AbsenceReason(models.TextChoices):
    """Reasons that ship; the settings may add more."""

    MATERNITY = "thai_san", _("maternity leave")
    LONG_ILLNESS = "om_dai", _("long illness")
    SECONDMENT = "biet_phai", _("secondment")
    LONG_STUDY = "di_hoc", _("long study leave")


class AbsenceStatus(models.TextChoices):
    PROPOSED = "proposed", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class GrantStatus(models.TextChoices):
    """A role above unit level waits for a second person; any other is approved as it is granted."""

    PROPOSED = "proposed", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class Role(models.TextChoices):
    """What a person may do, held for a unit and a span of days."""

    TRAINER = "trainer", _("trainer")
    REVIEWER = "reviewer", _("reviewer")
    UNIT_MANAGER = "unit_manager", _("unit manager")
    REPORTING_OFFICER = "reporting_officer", _("reporting officer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class LookedAt(models.TextChoices):
    """Which page of somebody was opened by somebody else."""

    STAFF_RECORD = "staff_record", _("record on the staff list")
    TRAINING = "training", _("training record on the desk")
    CERTIFICATE = "certificate", _("line in the register of certificates")


class UploadKind(models.TextChoices):
    """What a file that is sent through the pages holds."""

    ROSTER = "roster", _("list of staff")
    ABSENCES = "absences", _("absences")
    UNITS = "units", _("units")


class Permit(models.TextChoices):
    """One thing that may be done; roles list them (policies.PERMITS)."""

    SEE_FIGURES = "see_figures", _("see the figures of the unit and below")
    READ_RECORDS = "read_records", _("read people's training records")
    MANAGE_UNITS = "manage_units", _("keep the tree of units")
    MANAGE_ROSTER = "manage_roster", _("keep the list of staff")
    CONFIRM_ROSTER = "confirm_roster", _("confirm the list of staff")
    APPROVE_ABSENCE = "approve_absence", _("approve absences")
    APPROVE_EVIDENCE = "approve_evidence", _("approve evidence")
    ANSWER_CONTESTS = "answer_contests", _("answer who contests a record")
    ASSIGN_LEARNING = "assign_learning", _("assign courses and remind people of them")
    PREPARE_REPORT = "prepare_report", _("prepare reports")
    CLOSE_PERIOD = "close_period", _("close and sign figures")
    WRITE_CONTENT = "write_content", _("write courses")
    REVIEW_CONTENT = "review_content", _("review and publish courses")
    MANAGE_ACCOUNTS = "manage_accounts", _("keep accounts and roles")
    READ_LEDGER = "read_ledger", _("read the audit log")
    KEEP_CERTIFICATES = "keep_certificates", _("keep the register of certificates")
    KEEP_COURSES = "keep_courses", _("keep the register of courses held elsewhere")
    SET_UP_CERTIFICATES = "set_up_certificates", _("set up who issues certificates and how they look")
