"""Files as answers: checked by what they are, kept in the database, their digest in the receipt."""

import hashlib

from django.utils.translation import gettext as _

from lms.kernel.clock import database_now
from lms.kernel.filenames import clean_name

from ..errors import AnotherDevice, AttemptIsOver, FileRefused
from ..handed import LARGEST, WrongFile, types_taken, wrong_with_file
from ..models import AttemptItem, HandedFile
from .attempts import save_answer


def hand_in_file(*, item: AttemptItem, name: str, content: bytes, device: str = "") -> HandedFile:
    """Keep a file as the answer of an item, in place of the one before.

    What came after time was up is kept and not counted, as any answer. Raises FileRefused, AttemptIsOver,
    AnotherDevice.
    """
    types = types_taken(item.question.body.get("types") or ())
    fault = wrong_with_file(name, content, types)
    if fault is not None:
        raise FileRefused(_sentence(fault, types))
    kept = HandedFile.objects.create(
        item=item,
        name=clean_name(name, otherwise="bai-lam"),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        at=database_now(),
    )
    answer = {"id": str(kept.public_id), "name": kept.name, "sha256": kept.sha256}
    try:
        save_answer(item=item, answer=answer, device=device)
    except (AttemptIsOver, AnotherDevice):
        if not AttemptItem.objects.filter(pk=item.pk, late_answer=answer).exists():
            kept.delete()
        raise
    HandedFile.objects.filter(item=item).exclude(pk=kept.pk).delete()
    return kept


def _sentence(fault: WrongFile, types: tuple[str, ...]) -> str:
    return {
        WrongFile.EMPTY: _("The file is empty."),
        WrongFile.TOO_LARGE: _("The file is larger than {size} MB.").format(size=LARGEST // 1024 // 1024),
        WrongFile.OTHER_TYPE: _("These kinds of file are taken: {kinds}.").format(kinds=", ".join(types)),
        WrongFile.NOT_WHAT_IT_SAYS: _("The file is damaged, or it is not what its name says."),
        WrongFile.MACROS: _("The file holds programs (macros). Save it without them and hand it in again."),
    }[fault]
