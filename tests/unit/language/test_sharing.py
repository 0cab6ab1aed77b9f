"""Very many files are looked at by several processes, with the result of one."""

from __future__ import annotations

import subprocess
import sys
import threading

from monitor.language import sharing

HERE = """\
import os, sys
from pathlib import Path
from monitor.language import looking, sharing
from monitor.language.loader import check_rulebook
"""
"""Not in the test's own process, which may have several threads."""


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", HERE + script, *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(folder, files):
    """Rulebooks of which some have faults, some doubts, some name others, some allow a lint."""
    for n in range(files):
        parts = [f"agreement: a-{n - (n % 50 == 49)}", "title: A", "date: 2025", "commitments:"]
        if n % 7 == 0:
            parts[1] = "titel: A"
        commitment = f"  - {{id: c-{n % 5}, title: C, quote: q, theme: t"
        if n % 3 == 0:
            other = f"a-{(n + 40) % (files + 5)}/c-{n % 4}"
            rule = f"{{id: r, when: {{status: {{commitment: {other}, level: limited}}}}, then: stalled}}"
            commitment += f", rules: [{rule}]"
        parts.append(commitment + "}")
        if n % 11 == 0:
            parts[0] += "  # monitor: allow no-source -- it is made up"
        (folder / f"{n:03}.yaml").write_text("\n".join(parts) + "\n")


def test_several_processes_find_the_same_in_the_same_order_as_one(tmp_path):
    write(tmp_path, 140)
    script = """
def report(among):
    used = []
    looking.processes = lambda files: used.append(files) or among
    found = check_rulebook([Path(sys.argv[1])], topics_seen={"c-1"})
    assert used == [140]
    return found
one, three = report(1), report(3)
assert one == three
assert [str(f) for f in one.faults] == [str(f) for f in three.faults]
codes = {f.code for f in one.faults}
assert {"duplicate-id", "unknown-commitment", "missing-key", "shared-topic"} <= codes, codes
assert one.suppressed
print(len(one.faults), "faults")
"""
    assert int(run(script, tmp_path).split()[0]) > 100


def test_the_work_is_really_done_by_other_processes():
    script = """
found = sharing.shared(lambda items: [(item, os.getpid()) for item in items], range(100), 2)
assert [item for item, _ in found] == list(range(100))
print(os.getpid() in {pid for _, pid in found})
"""
    assert run(script) == "False\n"


def test_where_a_process_dies_the_one_that_was_asked_does_all_of_the_work():
    script = """
me = os.getpid()
def work(items):
    if os.getpid() != me:
        os._exit(9)
    return [2 * item for item in items]
print(sharing.shared(work, range(100), 2) == [2 * n for n in range(100)])
"""
    assert run(script) == "True\n"


def test_what_goes_wrong_in_a_process_goes_wrong_in_the_one_that_was_asked():
    script = """
def work(items):
    raise ValueError("so it is")
try:
    sharing.shared(work, range(100), 2)
except ValueError as error:
    print(error)
"""
    assert run(script) == "so it is\n"


def test_few_files_one_core_several_threads_and_other_systems_are_not_shared(monkeypatch):
    monkeypatch.setattr(sharing.sys, "platform", "linux")
    monkeypatch.setattr(sharing.os, "sched_getaffinity", lambda _: range(4), raising=False)
    monkeypatch.setattr(sharing.threading, "active_count", lambda: 1)
    assert sharing.processes(sharing.MANY - 1) == 1
    assert sharing.processes(100) == 3
    assert sharing.processes(10_000) == 4
    monkeypatch.setattr(sharing.os, "sched_getaffinity", lambda _: range(64))
    assert sharing.processes(10_000) == 8
    monkeypatch.setattr(sharing.os, "sched_getaffinity", lambda _: range(1))
    assert sharing.processes(10_000) == 1
    monkeypatch.setattr(sharing.os, "sched_getaffinity", lambda _: range(4))
    monkeypatch.setattr(sharing.sys, "platform", "darwin")
    assert sharing.processes(10_000) == 1
    monkeypatch.setattr(sharing.sys, "platform", "linux")
    monkeypatch.setattr(sharing.threading, "active_count", lambda: 2)
    assert threading.active_count() == 2
    assert sharing.processes(10_000) == 1
