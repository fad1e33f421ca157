"""Verbs of the register. Each says who does it (`by`: a person, or "operator"), is all or nothing, and its
entry in the ledger is part of it. `today` decides what the person's roles allow; the other days are when the
thing holds."""

from .absences import approve_absence, end_absence, propose_absence, reject_absence
from .confirmations import confirm_roster
from .demonstration import load_demonstration
from .erasures import approve_erasure, propose_erasure, reject_erasure
from .looks import note_looks
from .mergers import NewUnit, merge_units
from .people import correct_record, merge_people, open_national_id, part_people
from .postings import correct_posting, end_posting, move_person, start_posting
from .roles import approve_role, end_role, grant_role, reject_role
from .sign_ins import (
    ask_factor_reset,
    close_sign_in,
    decide_factor_reset,
    give_sign_in,
    invite_people,
    print_code,
    print_codes,
    reopen_sign_in,
)
from .uploads import (
    apply_upload,
    faults_of,
    faulty_lines_of,
    keep_file,
    keep_upload,
    kept_file,
    mend_upload,
    preview_upload,
)
from .vaults import rotate_vault_keys

__all__ = [
    "NewUnit",
    "apply_upload",
    "approve_absence",
    "approve_erasure",
    "approve_role",
    "ask_factor_reset",
    "close_sign_in",
    "confirm_roster",
    "correct_posting",
    "correct_record",
    "decide_factor_reset",
    "end_absence",
    "end_posting",
    "end_role",
    "faults_of",
    "faulty_lines_of",
    "give_sign_in",
    "grant_role",
    "invite_people",
    "keep_file",
    "keep_upload",
    "kept_file",
    "load_demonstration",
    "mend_upload",
    "merge_people",
    "merge_units",
    "move_person",
    "note_looks",
    "open_national_id",
    "part_people",
    "preview_upload",
    "print_code",
    "print_codes",
    "propose_absence",
    "propose_erasure",
    "reject_absence",
    "reject_erasure",
    "reject_role",
    "reopen_sign_in",
    "rotate_vault_keys",
    "start_posting",
]
