"""What `monitor doctor` looks at of being told: routes, the heartbeat, what starts a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.time import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.bootstrap import Application
    from monitor.cli.context import Context
    from monitor.cli.cron.schedule import Job
    from monitor.services.doctor import Check

SEEN = 2 * DAY
"""Whoever ran in this time is run by something, even where neither cron nor systemd knows it."""


def check_routes(context: Context, application: Application) -> Iterator[Check]:
    """What is doubtful in the routes; nothing where everybody is told everything."""
    from monitor.language.routelints import lints
    from monitor.services.doctor import Check, Verdict

    policy = application.policy
    if policy.plain:
        return
    remarks = lints(policy, application.receiver_names, context.now)
    for path, text in remarks:
        yield Check(Verdict.WARN, "routes", f"{path} {text}", "see `monitor alerts routes show`")
    if not remarks:
        count = sum(1 for _ in policy.root.all())
        told = len(policy.receivers)
        text = (
            f"{count} route{'' if count == 1 else 's'} to {told} receiver{'' if told == 1 else 's'}"
        )
        yield Check(Verdict.OK, "routes", text)


def check_heartbeat(application: Application) -> Check:
    """Whether somebody else would notice that no run happens."""
    from monitor.errors import MonitorError
    from monitor.services.doctor import Check, Verdict

    try:
        heartbeat = application.heartbeat
    except MonitorError as error:
        return Check(Verdict.FAIL, "heartbeat", error.message, error.hint)
    if heartbeat is None:
        return Check(
            Verdict.OK,
            "heartbeat",
            "none: nobody is told when runs do not happen",
            "a dead man's switch is: `heartbeat` in monitor.yaml",
        )
    return Check(Verdict.OK, "heartbeat", heartbeat.shown)


def check_schedule(context: Context, application: Application) -> Iterator[Check]:
    """Whether cron or systemd starts runs with this configuration, and could do so."""
    from monitor.cli.cron.schedule import job, missing_variables
    from monitor.errors import MonitorError
    from monitor.services.doctor import Check, Verdict

    subject = "schedule"
    try:
        todo = job(context)
    except MonitorError:  # without a file, which is told as such, nothing can be scheduled
        return
    found = _in_crontab(todo) or _in_systemd(todo)
    if found is None:
        text = "neither in this user's crontab nor in systemd"
        if _ran_lately(context, application):
            yield Check(Verdict.OK, subject, f"{text}: something else runs it")
        else:
            yield Check(Verdict.WARN, subject, text, "`monitor cron install`")
        return
    missing = missing_variables(context)
    if todo.command[0] not in found.words:
        yield Check(
            Verdict.WARN,
            subject,
            f"{found.text}: runs another program than this one, {todo.command[0]}",
            "`monitor cron install` puts this one in",
        )
    elif missing and "--env-file" not in found.words:
        yield Check(
            Verdict.WARN,
            subject,
            f"{found.text}: {', '.join(missing)} will not be set",
            "put what is missing into a file, and say `monitor --env-file FILE cron install`",
        )
    else:
        yield Check(Verdict.OK, subject, found.text)


class _Found(NamedTuple):
    """Where the job stands, and the words of its command."""

    text: str
    words: Sequence[str]


def _in_crontab(todo: Job) -> _Found | None:
    import shlex

    from monitor.cli.cron import crontab
    from monitor.errors import ConfigError

    try:
        line = crontab.line(crontab.read(), todo)
    except ConfigError:  # there is no cron here, or not for this user
        return None
    if line is None:
        return None
    try:
        words = shlex.split(line.replace(r"\%", "%"))
    except ValueError:
        words = []
    return _Found(f"crontab: {' '.join(words[:5])}", words)


def _in_systemd(todo: Job) -> _Found | None:
    import shlex

    from monitor.cli.cron import systemd

    units = systemd.installed(todo)
    timer = next((name for name in units if name.endswith(".timer")), None)
    if timer is None:
        return None
    lines = [line for text in units.values() for line in text.splitlines()]
    command = next((line for line in lines if line.startswith("ExecStart=:")), "ExecStart=:")
    words = shlex.split(command.removeprefix("ExecStart=:").replace("%%", "%"))
    return _Found(f"systemd: {timer}", words)


def _ran_lately(context: Context, application: Application) -> bool:
    from monitor.errors import MonitorError

    path = application.store_path
    if path is None or not path.exists():
        return False
    try:
        with application.store.read() as reader:
            reached = reader.meta("now")
    except MonitorError:
        return False
    return reached is not None and context.now - int(reached) < SEEN
