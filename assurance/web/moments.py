"""Which moments and days are accepted: ISO 8601 with an offset, in the years this platform can mean."""

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from assurance.web.invalid import Invalid

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099

MOMENT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def moment(value: object) -> datetime:
    """Return the moment in UTC.

    :raises Invalid: moment_format, timezone_required, date_out_of_range
    """
    parsed = _parsed(value)
    if parsed.tzinfo is None:
        raise Invalid("timezone_required")
    return parsed.astimezone(UTC)


def local_moment(value: object, *, zone: tzinfo) -> datetime:
    """Return in UTC the moment somebody typed by the clock on his wall."""
    parsed = _parsed(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)


def day(value: object) -> date:
    """Return a calendar day.

    :raises Invalid: date_format, date_out_of_range
    """
    if not isinstance(value, str) or not re.fullmatch(DAY, value):
        raise Invalid("date_format")
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise Invalid("date_format") from None
    _check_year(parsed.year)
    return parsed


def _parsed(value: object) -> datetime:
    match = re.fullmatch(MOMENT, value) if isinstance(value, str) else None
    if match is None:
        raise Invalid("moment_format")
    try:
        parsed = datetime.fromisoformat(_six_places(match[0]))
    except ValueError:
        raise Invalid("moment_format") from None
    _check_year(parsed.year)
    return parsed


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("date_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)


def _six_places(value: str) -> str:
    """Python 3.11 reads three or six decimals of a second only in some forms; give it six."""
    return re.sub(r"\.([0-9]{1,6})", lambda found: "." + found[1].ljust(6, "0"), value)


def written(value: datetime) -> str:
    """Return a moment as every answer of the API writes it: UTC, to the millisecond at most when it has fractions."""
    utc = value.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")
