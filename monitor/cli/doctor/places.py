"""What `monitor doctor` looks at outside the store's records: files, Python, disk, secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.bootstrap import Application
    from monitor.cli.context import Context
    from monitor.services.doctor import Check

_LOW, _FULL = 500_000_000, 50_000_000
"""Bytes that are free: below the first it warns, below the second it fails."""


def check_configuration(context: Context) -> Check:
    import os
    from pathlib import Path

    from monitor.config import DEFAULT_FILE
    from monitor.services.doctor import Check, Verdict

    named = context.config or os.environ.get("MONITOR_CONFIG")
    file = Path(named or DEFAULT_FILE)
    if not file.exists():
        return Check(
            Verdict.WARN,
            "configuration",
            f"none ({DEFAULT_FILE} is not here): defaults",
            "`monitor init` writes a starter",
        )
    own = sorted(name for name in os.environ if name.startswith("MONITOR_"))
    beside = f", and {', '.join(own)} from the environment" if own else ""
    return Check(Verdict.OK, "configuration", f"{file.resolve()}{beside}")


def check_rules(application: Application) -> Check:
    from monitor.errors import MonitorError, RulebookError
    from monitor.services.doctor import Check, Verdict

    try:
        rulebook = application.rulebook
    except MonitorError as error:
        faults = error.faults if isinstance(error, RulebookError) else ()
        text = "; ".join([error.message, *faults[:1]])
        return Check(Verdict.FAIL, "rules", text, error.hint or "see `monitor rules check`")
    commitments = rulebook.commitments
    rules = sum(len(c.rules) for c in commitments.values())
    text = (
        f"{len(rulebook.agreements)} agreement{'' if len(rulebook.agreements) == 1 else 's'}, "
        f"{len(commitments)} commitments, {rules} rules"
    )
    if not commitments:
        return Check(Verdict.WARN, "rules", text, "put a rulebook into a folder of `rules`")
    return Check(Verdict.OK, "rules", text)


def check_evaluator(application: Application) -> Check:
    """Which one is in use and why; every rule is compiled for it."""
    import platform
    import sys

    from monitor.errors import MonitorError
    from monitor.services.doctor import Check, Verdict

    wanted = application.settings.evaluator
    python = f"Python {platform.python_version()}"
    try:
        engine = application.engine
        for key in engine.commitments:
            engine.plan(key)
    except MonitorError as error:
        return Check(Verdict.FAIL, "evaluator", error.message, error.hint)
    if engine.evaluator.name != "plain":
        return Check(Verdict.OK, "evaluator", f"durable-rules ({wanted}; {python})")
    if wanted == "plain":
        return Check(Verdict.OK, "evaluator", f"plain Python, as configured ({python})")
    if sys.version_info >= (3, 13):
        reason = f"durable-rules cannot be built on {python}"
        return Check(Verdict.OK, "evaluator", f"plain Python: {reason}")
    return Check(
        Verdict.WARN,
        "evaluator",
        f"plain Python: durable-rules is not installed ({python}, {_compiler()})",
        "install it where a compiler is, or write `evaluator: plain`; the conclusions are the same",
    )


def _compiler() -> str:
    import shutil

    found = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    return f"a C compiler is here: {found}" if found else "no C compiler is here"


def check_sources(application: Application) -> Iterator[Check]:
    import os

    from monitor.errors import MonitorError
    from monitor.services.doctor import Check, Verdict

    try:
        sources = application.sources
    except MonitorError as error:
        yield Check(Verdict.FAIL, "sources", error.message, error.hint)
        return
    if not sources:
        yield Check(
            Verdict.WARN,
            "sources",
            "none: `monitor run` brings no updates",
            "add `sources` to monitor.yaml, or use `monitor ingest`",
        )
    for source in sources:
        subject = f"source {source.name}"
        if not source.path.is_file():
            yield Check(Verdict.FAIL, subject, f"{source.path} is not there", "mend its `file`")
        elif not os.access(source.path, os.R_OK):
            yield Check(Verdict.FAIL, subject, f"{source.path} cannot be read", "mend its rights")
        else:
            yield Check(Verdict.OK, subject, str(source.path))


def _can_be_made(path: Path) -> bool:
    """Whether the first folder above a missing file that exists may be written."""
    import os

    folder = next(parent for parent in path.absolute().parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def check_store(context: Context, application: Application, *, sound: bool) -> Iterator[Check]:
    """The file, and what is in it. A database that does not exist yet is not made."""
    from monitor.errors import MonitorError
    from monitor.services import doctor as services
    from monitor.services.doctor import Check, Verdict

    path = application.store_path
    if path is None:
        yield Check(Verdict.FAIL, "store", application.settings.store, "only SQLite can be used")
        return
    if not path.exists() and not _can_be_made(path):
        yield Check(
            Verdict.FAIL, "store", f"{path} cannot be made", "name a folder that may be written"
        )
        return
    if not path.exists():
        yield Check(
            Verdict.WARN, "store", f"{path} does not exist yet", "the first `monitor run` makes it"
        )
        yield from _disk(path)
        return
    try:
        with application.store.read() as reader:
            yield _file(path)
            yield from services.check_records(reader, context.now, context.zone)
            if sound:
                yield from services.check_coverage(reader, application.rulebook, context.now)
            signed = {
                r.name: r.signed for r in application.settings.receivers if hasattr(r, "signed")
            }
            yield from services.check_receivers(reader, application.receiver_names, signed)
        yield _lock(application)
    except MonitorError as error:
        yield Check(Verdict.FAIL, "store", error.message, error.hint)
    yield from _disk(path)


def _file(path: Path) -> Check:
    import os

    from monitor.services.doctor import Check, Verdict
    from monitor.store.revisions import REVISIONS

    text = f"{path}, schema {REVISIONS[-1]}, {_size(path.stat().st_size)}"
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return Check(Verdict.OK, "store", text)
    return Check(
        Verdict.FAIL,
        "store",
        f"{text}, not writable",
        "give this user the right to write it and its directory",
    )


def _lock(application: Application) -> Check:
    from monitor.services.doctor import Check, Verdict

    with application.store.exclusive(wait=False) as held:
        if held:
            return Check(Verdict.OK, "lock", "free")
        return Check(Verdict.OK, "lock", f"held: a run is at work ({application.store.holder()})")


def _disk(path: Path) -> Iterator[Check]:
    import shutil

    from monitor.services.doctor import Check, Verdict

    folder = next(p for p in (path.absolute(), *path.absolute().parents) if p.is_dir())
    free = shutil.disk_usage(folder).free
    text = f"{_size(free)} free at {folder}"
    if free >= _LOW:
        yield Check(Verdict.OK, "disk", text)
    else:
        verdict = Verdict.WARN if free >= _FULL else Verdict.FAIL
        yield Check(verdict, "disk", text, "make room: what cannot be written is not announced")


def check_secrets(application: Application) -> Iterator[Check]:
    """Whether every receiver could be called; the secrets themselves are never shown."""
    from monitor.errors import MonitorError
    from monitor.receivers import raise_unusable
    from monitor.services.doctor import Check, Verdict

    if not application.receiver_names:
        yield Check(
            Verdict.WARN,
            "receivers",
            "none: alerts are recorded, and sent to nobody",
            "add `receivers` to monitor.yaml",
        )
        return
    try:
        found = application.receivers
        raise_unusable(found)
    except MonitorError as error:
        yield Check(Verdict.FAIL, "receivers", error.message, error.hint)
        return
    yield Check(Verdict.OK, "receivers", f"{len(found)} configured, with addresses and secrets")


def _size(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit in ("B", "kB") else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
