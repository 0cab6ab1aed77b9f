"""Commands on the shipped rulebook: on a store of one's own, or on one that is only read."""

import os

import pytest


@pytest.fixture(autouse=True)
def _plain(support, monkeypatch):
    """The command line of these tests is told nothing by the environment."""
    ours = {*support("shell").OURS, *(name for name in os.environ if name.startswith("MONITOR_"))}
    for name in ours:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def monitor(support, tmp_path):
    """Commands on the shipped configuration, with a store that is not there yet."""
    return support("shell").Shell(tmp_path / "monitor.db")


@pytest.fixture
def own(support, tmp_path):
    """Commands on an agreement of 2025 with these commitments, after a first run in January."""

    def made(commitments):
        (tmp_path / "book.yaml").write_text(
            "agreement: own\ntitle: Own\ndate: 2025-01-01\ncoverage: assumed\ncommitments:\n"
            + commitments
        )
        config = tmp_path / "monitor.yaml"
        config.write_text("rules: [book.yaml]\n")
        shell = support("shell").Shell(tmp_path / "own.db", config)
        shell("run", "--now", "2025-01-02")
        return shell

    return made


@pytest.fixture(scope="session")
def seen(support, tmp_path_factory):
    """The same with a store that has seen the shipped feed on 1 March 2026: only read it."""
    shell = support("shell").Shell(tmp_path_factory.mktemp("seen") / "monitor.db")
    assert shell.process("run", "--now", "2026-03-01").returncode == 0
    return shell
