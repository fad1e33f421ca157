"""Groups that plans name, and the masks that stand for several."""

from collections.abc import Iterable

from ..models import Audience


def known_audiences() -> list[tuple[str, int]]:
    return [(audience.code, audience.mask) for audience in Audience.objects.all()]


def audience_mask(codes: Iterable[str]) -> int:
    """The mask of these audience codes; KeyError for one that the register does not know."""
    masks = dict(known_audiences())
    mask = 0
    for code in codes:
        mask |= masks[code]
    return mask


def audience_choices() -> list[tuple[str, str]]:
    """Code and name of every audience, as a form offers them."""
    return [(audience.code, f"{audience.code} · {audience.name}") for audience in Audience.objects.all()]


def audience_masks_and_names() -> list[tuple[int, str]]:
    """Every audience's mask and name, in the register's order."""
    return [(audience.mask, audience.name) for audience in Audience.objects.all()]


def audience_codes(mask: int) -> tuple[str, ...]:
    return tuple(code for code, bit in known_audiences() if mask & bit)
