"""Files that were sent and not applied yet."""

from uuid import UUID

from ..models import Person, Upload


def file_sent(me: Person, public_id: UUID, kind: str) -> Upload | None:
    """What this person has sent of this kind; what others sent does not exist for them."""
    return Upload.objects.filter(public_id=public_id, uploaded_by=me, kind=kind).first()
