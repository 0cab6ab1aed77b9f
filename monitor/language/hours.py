"""Named hours and days, as they are written in monitor.yaml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from monitor.domain.interval import parse_times, parse_weekdays
from monitor.domain.zones import load_zone
from monitor.language.forms import Many, OneOrMany


def readable(parse: Callable[[str], object]) -> AfterValidator:
    """Text stays as it was written, and is refused where it cannot be read."""

    def read(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(read)


def parse_dates(text: str) -> tuple[date, date]:
    """Read "2026-08-10" or "2026-08-10/2026-08-14".

    Raises:
        ValueError: they are no dates.
    """
    first, _, last = text.partition("/")
    try:
        span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise ValueError(
            f"{text!r} are no dates: write 2026-08-10 or 2026-08-10/2026-08-14"
        ) from None
    if span[0] > span[1]:
        raise ValueError(f"{text!r} ends before it begins")
    return span


Zone = Annotated[str, readable(load_zone)]


class WindowModel(BaseModel):
    """Some hours of some days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weekdays: Many[Annotated[str, readable(parse_weekdays)]] | None = Field(
        None, description="Such as mon-fri, or [sat, sun]."
    )
    times: Many[Annotated[str, readable(parse_times)]] | None = Field(
        None, description="Such as 09:00-18:00; 22:00-06:00 goes on into the next day."
    )
    dates: Many[Annotated[str, readable(parse_dates)]] | None = Field(
        None, description="Such as 2026-08-10/2026-08-14."
    )
    calendar: Many[str] | None = Field(
        None, description="Only working days, in each of these places: JP, US-CA."
    )
    zone: Zone | None = Field(None, description="The zone; that of monitor.yaml if not given.")


Windows = Annotated[
    tuple[WindowModel, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, dict) else v),
    OneOrMany(),
]
