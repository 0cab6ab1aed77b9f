"""Named hours and days, as they are written in monitor.yaml."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from monitor.domain.interval import parse_times, parse_weekdays
from monitor.domain.zones import load_zone
from monitor.language.forms import Many


def _zone(name: str) -> str:
    load_zone(name)
    return name


def _times(text: str) -> str:
    parse_times(text)
    return text


def _weekdays(text: str) -> str:
    parse_weekdays(text)
    return text


def _dates(text: str) -> str:
    parse_dates(text)
    return text


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


Zone = Annotated[str, AfterValidator(_zone)]


class WindowModel(BaseModel):
    """Some hours of some days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weekdays: Many[Annotated[str, AfterValidator(_weekdays)]] | None = Field(
        None, description="Such as mon-fri, or [sat, sun]."
    )
    times: Many[Annotated[str, AfterValidator(_times)]] | None = Field(
        None, description="Such as 09:00-18:00; 22:00-06:00 goes on into the next day."
    )
    dates: Many[Annotated[str, AfterValidator(_dates)]] | None = Field(
        None, description="Such as 2026-08-10/2026-08-14."
    )
    calendar: Many[str] | None = Field(
        None, description="Only working days, in each of these places: JP, US-CA."
    )
    zone: Zone | None = Field(None, description="The zone; that of monitor.yaml if not given.")


Windows = Annotated[
    tuple[WindowModel, ...], BeforeValidator(lambda v: (v,) if isinstance(v, dict) else v)
]
