"""What every test may use: the `--long` flag, hypothesis profiles, a real HTTP receiver."""

import importlib.util
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "long", settings.get_profile("ci"), max_examples=2000, derandomize=False, print_blob=True
)


def _support(name):
    """A module of tests/support, which is no package, once per process."""
    key = f"tests_support_{name}"
    if key not in sys.modules:
        path = Path(__file__).parent / "support" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(key, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[key] = module
        spec.loader.exec_module(module)
    return sys.modules[key]


def pytest_addoption(parser):
    parser.addoption(
        "--long",
        action="store_true",
        help="also run the long form of the law, chaos and property tests, with the hypothesis"
        " profile 'long'",
    )


def pytest_configure(config):
    if config.getoption("--hypothesis-profile", None) is None:
        settings.load_profile("long" if config.getoption("--long") else "ci")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="long: run it with --long")
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def support():
    """`support("receiver")` is the module tests/support/receiver.py."""
    return _support


@pytest.fixture
def direct(monkeypatch):
    """No proxy between a test and a server on this machine, in child processes neither."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def library_clock(monkeypatch):
    """`library_clock(instant)`: the official library, as a receiver, reads this clock.

    It refuses signatures that are minutes old; how long a test run takes must not matter.
    """

    def set_to(instant):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return cls.fromtimestamp(instant, tz)

        monkeypatch.setattr("standardwebhooks.webhooks.datetime", Clock)

    return set_to


@pytest.fixture
def receiver(direct):
    """A running `tests/support/receiver.py` Receiver: `url`, `requests`, `answer(...)`."""
    with _support("receiver").Receiver() as running:
        yield running
