"""The README does what it says: its commands are run as they stand, its captures compared.

With WRITE_README=1 in the environment the captures on the page are replaced by what is printed.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

COLUMNS = 100
PORT = "8765"
PATIENCE = 120
"""Seconds until a command that prints nothing is given up."""

_PAIR = re.compile(
    r"^```sh (?P<scene>\w+)\n(?P<commands>.*?)^```\n"
    r"(?:\n^```text\n(?P<capture>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
_FIRST = re.compile(r"(^```text run\n)(.*?)(^```\n)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages(support):
    return support("pages")


@pytest.fixture(scope="module")
def readme(pages):
    return pages.Page("README.md")


@pytest.fixture
def checkout(pages, tmp_path):
    """What a clone holds that a run needs, with the installed monitor where the README has it."""
    for name in ("rules", "seeds"):
        shutil.copytree(pages.ROOT / name, tmp_path / name)
    shutil.copy(pages.ROOT / "monitor.yaml", tmp_path)
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    bin_ = Path(sys.executable).parent
    (venv / "bin" / "activate").write_text(f'PATH="{bin_}:$PATH"\n')
    (venv / "bin" / "monitor").symlink_to(bin_ / "monitor")
    return tmp_path


def perform(scripts, folder):
    """What a terminal shows of each script; one shell runs them all, one after the other."""
    text = "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n"  # or the terminal stays open
    text += "".join(f"{script}\nprintf '\\036'\n" for script in scripts)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("MONITOR_") and key not in ("COLUMNS", "LINES", "FORCE_COLOR")
    }
    env |= {"TERM": "xterm", "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    env["MONITOR_PROGRESS"] = "off"  # a slow machine would show a bar where a fast one does not
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    seen = bytearray()
    try:
        while chunk := _read(master):
            seen += chunk
        code = process.wait(PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)
    text = seen.decode()
    assert code == 0, text
    return [on_page(part) for part in text.split("\036")[:-1]]


def on_page(text):
    """Without what only makes it bold, as a page has it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")


def _read(master):
    if not select.select([master], [], [], PATIENCE)[0]:
        raise TimeoutError(f"nothing was printed for {PATIENCE} seconds")
    try:
        return os.read(master, 65_536)
    except OSError:  # Linux says so when the last process has left the terminal
        return b""


def trimmed(text):
    """Without the blanks that only fill the line, and without the day on which it is read."""
    text = re.sub(r"\b(as of|known|known on) \d{4}-\d\d-\d\d", r"\1 (a day)", text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def shown_on_page(text):
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def compare(readme, pairs, outputs):
    """Each capture with what was printed; or write it down."""
    if os.environ.get("WRITE_README"):
        text = Path("README.md").read_text(encoding="utf-8")
        for pair, output in zip(pairs, outputs, strict=True):
            if pair["capture"] is not None:
                old = pair[0]
                start = old.index("```text\n") + len("```text\n")
                assert text.count(old) == 1
                text = text.replace(old, old[:start] + shown_on_page(output) + "```\n")
        Path("README.md").write_text(text, encoding="utf-8")
        return
    for pair, output in zip(pairs, outputs, strict=True):
        line = readme.text.count("\n", 0, pair.start()) + 1
        expected = pair["capture"] or ""
        assert trimmed(output) == trimmed(expected), f"README.md:{line}"


def scene(readme, name):
    found = [pair for pair in _PAIR.finditer(readme.text) if pair["scene"] == name]
    assert found
    return found


def listening(port):
    """A shell loop that ends when somebody listens: a person at a keyboard is slower than that."""
    return (
        f"for _ in $(seq 300); do (: < /dev/tcp/127.0.0.1/{port}) 2> /dev/null && break;"
        " sleep 0.1; done"
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_every_block_of_commands_belongs_to_a_scene(readme):
    words = {block.words for block in readme.blocks("sh")}
    assert words == {"", "checkout", "walk"}
    assert len(readme.blocks("sh", "")) == 2


def test_the_first_command_shows_the_summit(readme, checkout):
    (command,) = re.findall(r"<!-- run -->\n```sh\n(.*)\n```\n", readme.text)
    venv, install, run = command.split(" && ")
    assert (venv, install) == ("python3 -m venv .venv", ".venv/bin/pip install -q .")
    (shown,) = perform([run], checkout)
    for id_ in ("clean-energy", "us-tariff-jp", "joint-statement"):
        assert id_ in shown
    assert "no data on 10: 2 were stalled" in shown
    assert "was stalled      2026-02-19" in shown
    assert "no first advance in 180d of watching, since 2025-08-23" in shown
    assert "delivered" in shown
    again = perform([run], checkout)
    assert again == [""]


def test_the_second_command_runs_the_tests(readme, pages):
    (command,) = re.findall(r"<!-- tests -->\n```sh\n(.*)\n```\n", readme.text)
    venv, install, run = command.split(" && ")
    assert (venv, install) == ("python3 -m venv .venv", ".venv/bin/pip install -q -e '.[test]'")
    assert run.startswith(".venv/bin/pytest")
    options = run.split()[1:]
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *options, "tests/unit/test_docs.py"],
        cwd=pages.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert collected.returncode == 0, collected.stdout + collected.stderr


def test_the_first_capture_is_what_the_monitor_prints(readme, checkout):
    outputs = perform(["monitor run"], checkout)
    if os.environ.get("WRITE_README"):
        text = Path("README.md").read_text(encoding="utf-8")
        text = _FIRST.sub(lambda m: m[1] + shown_on_page(outputs[-1]) + m[3], text)
        Path("README.md").write_text(text, encoding="utf-8")
        return
    assert trimmed(outputs[-1]) == trimmed(_FIRST.search(readme.text)[2])


def test_the_commands_in_the_checkout_print_what_the_page_shows(readme, checkout):
    pairs = scene(readme, "checkout")
    outputs = perform(
        ["monitor run > /dev/null 2>&1", *(pair["commands"] for pair in pairs)], checkout
    )
    compare(readme, pairs, outputs[1:])


def test_the_walk_from_an_article_to_an_alert(readme, tmp_path, direct):
    pairs = scene(readme, "walk")
    port = free_port()
    scripts = []
    for pair in pairs:
        script = pair["commands"].replace(PORT, port)
        if script.endswith("&\n"):
            script += listening(port)
        scripts.append(script)
    compare(readme, pairs, [out.replace(port, PORT) for out in perform(scripts, tmp_path)])


def test_the_cron_line_runs_the_monitor_and_is_silent(readme, checkout):
    (block,) = readme.blocks("cron")
    schedule, command = re.fullmatch(r"((?:\S+ ){5})(.+)\n", block.text).groups()
    assert all(re.fullmatch(r"[\d*/,-]+", field) for field in schedule.split())
    assert "%" not in command  # cron would cut the line there
    command = command.replace("/home/me/watch", str(checkout)).replace(
        "/home/me/monitor", str(checkout)
    )
    first, second, printed = perform([command, command, "monitor cron print"], checkout)
    assert "joint-statement" in first
    assert second == ""
    made = printed.splitlines()[1]
    assert made.startswith(schedule)
    assert made.endswith(command.partition(" ")[2])


def test_there_is_nothing_else_in_the_way_of_the_walk(readme):
    """Each command block of the walk stands before the capture of what it prints."""
    walk = readme.text.index("## From an article to an alert")
    end = readme.text.index("## The rule language")
    part = readme.text[walk:end]
    assert part.count("```text\n") == sum(
        1 for pair in scene(readme, "walk") if pair["capture"] is not None
    )
