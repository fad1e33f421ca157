"""Working days, as offices here keep them: neither weekends nor public holidays, nor days moved for them."""

from datetime import date
from functools import cache

import holidays


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("VN")


def is_working_day(day: date) -> bool:
    return bool(_calendar().is_working_day(day))


def working_day_after(day: date, count: int) -> date:
    """The so-manieth working day after `day`: what is due "in two working days" is due by its end.

    By the public holidays that are known today: those of a year whose moved days are not announced yet
    are computed from the law alone.
    """
    found: date = _calendar().get_nth_working_day(day, count)
    return found
