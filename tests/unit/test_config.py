"""monitor.yaml, MONITOR_* and flags: who wins, and what is said of a wrong value."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.config import load_settings
from monitor.errors import ConfigError
from monitor.receiver_settings import ReceiverSettings
from monitor.receivers import make_receiver, secret


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("RULES", "STORE", "TIMEZONE", "EVALUATOR", "SOURCES", "RECEIVERS", "CONFIG"):
        monkeypatch.delenv(f"MONITOR_{name}", raising=False)
    return tmp_path


def write(folder, text, name="monitor.yaml"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def refusal(**flags):
    with pytest.raises(ConfigError) as caught:
        load_settings(**flags)
    return caught.value.message


def test_without_a_file_everything_has_a_default(folder):
    settings = load_settings()
    assert settings.rules == [Path("rules")]
    assert settings.store == "sqlite:///monitor.db"
    assert settings.timezone == "UTC"


def test_flags_win_over_the_environment_and_that_over_the_file(folder, monkeypatch):
    write(folder, "timezone: Asia/Tokyo\nstore: sqlite:///file.db\nevaluator: durable\n")
    monkeypatch.setenv("MONITOR_STORE", "sqlite:///env.db")
    monkeypatch.setenv("MONITOR_EVALUATOR", "plain")
    settings = load_settings(store="sqlite:///flag.db")
    assert (settings.timezone, settings.evaluator) == ("Asia/Tokyo", "plain")
    assert settings.store == "sqlite:///flag.db"


def test_paths_in_a_file_are_relative_to_it_and_others_to_where_one_is(folder, monkeypatch):
    file = write(
        folder,
        "rules: [r]\nstore: sqlite:///s.db\nsources: [{name: a, file: a.jsonl}]\n",
        "deep/monitor.yaml",
    )
    settings = load_settings(file)
    assert settings.rules == [file.parent / "r"]
    assert settings.store == f"sqlite:///{file.parent / 's.db'}"
    assert settings.sources[0].file == file.parent / "a.jsonl"
    monkeypatch.setenv("MONITOR_RULES", "x:y")
    assert load_settings(file).rules == [Path("x"), Path("y")]


def test_a_file_named_by_the_environment_is_read_and_must_exist(folder, monkeypatch):
    write(folder, "timezone: Asia/Seoul\n", "other.yaml")
    monkeypatch.setenv("MONITOR_CONFIG", "other.yaml")
    assert load_settings().timezone == "Asia/Seoul"
    monkeypatch.setenv("MONITOR_CONFIG", "gone.yaml")
    assert refusal().startswith("gone.yaml: ")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("timezone: Mars\n", "monitor.yaml:1:11", "no time zone is called 'Mars'"),
        ("storre: x\n", "monitor.yaml:1:1", "did you mean 'store'"),
        ("sources:\n  - name: a\n    fil: b\n", "monitor.yaml:3:5", "did you mean 'file'"),
        (
            "sources: [{name: a, file: a}, {name: a, file: b}]\n",
            "monitor.yaml:1:10",
            "two entries are called 'a'",
        ),
        (
            "receivers: [{name: a, url: 'https://x', timeout: 500}]\n",
            "monitor.yaml:1:50",
            "120",
        ),
        (
            "sources: [{name: a, file: a, covers_until: 2026-02-30}]\n",
            "monitor.yaml:1:44",
            "no such",
        ),
        (
            "receivers:\n  - {name: a, url: 'https://x', secrt_env: X}\n",
            "monitor.yaml:2:33",
            "did you mean 'secret_env'",
        ),
        (
            "receivers: [{name: a}]\n",
            "monitor.yaml:1:13",
            "url, url_env or url_file is missing",
        ),
        (
            "receivers: [{name: a, url: 'https://x', url_env: X}]\n",
            "monitor.yaml:1:13",
            "url and url_env exclude each other",
        ),
        ("receivers: [{name: a, type: pigeon}]\n", "monitor.yaml:1:13", "type is none of webhook"),
        (
            "receivers: [{name: a, url: b, language: ko}]\n",
            "monitor.yaml:1:13",
            "a webhook has no language: its body is a contract for programs",
        ),
        (
            "receivers: [{name: a, url: b, max_bytes: 9}]\n",
            "monitor.yaml:1:42",
            "greater than or equal to 16384",
        ),
        ("- a\n", "monitor.yaml:1:1", "mapping"),
        ("a: [\n", "monitor.yaml:2:1", ""),
    ],
)
def test_a_wrong_value_is_located(folder, text, where, what):
    write(folder, text)
    message = refusal()
    assert where in message
    assert what in message


def test_a_wrong_value_from_elsewhere_names_the_variable_or_the_flag(folder, monkeypatch):
    write(folder, "timezone: Asia/Tokyo\n")
    monkeypatch.setenv("MONITOR_TIMEZONE", "Mars")
    assert refusal() == "MONITOR_TIMEZONE: no time zone is called 'Mars'"
    monkeypatch.delenv("MONITOR_TIMEZONE")
    assert refusal(evaluator="both").startswith("--evaluator: ")
    monkeypatch.setenv("MONITOR_SOURCES", "[1")
    assert "MONITOR_SOURCES" in refusal()


def test_a_secret_comes_from_a_variable_or_a_file_and_is_never_shown(folder, monkeypatch):
    def receiver(**where):
        return ReceiverSettings(name="desk", url="https://x.example", **where)

    monkeypatch.setenv("DESK", "whsec_abc\n")
    write(folder, "whsec_def\n", "secret")
    assert secret(receiver(secret_env="DESK"), "secret") == "whsec_abc"
    assert secret(receiver(secret_file=Path("secret")), "secret") == "whsec_def"
    assert secret(receiver(), "secret") is None
    for where in ({"secret_env": "UNSET_VARIABLE"}, {"secret_file": Path("gone")}):
        with pytest.raises(ConfigError) as caught:
            secret(receiver(**where), "secret")
        assert "desk" in caught.value.message
        assert "whsec" not in caught.value.message


def test_an_address_and_headers_may_be_secrets_too(folder, monkeypatch):
    monkeypatch.setenv("HOOK", "https://hooks.example/T0/B0\n")
    monkeypatch.setenv("TOKEN", "Bearer abc")
    desk = ReceiverSettings(name="desk", url_env="HOOK", headers_env={"Authorization": "TOKEN"})
    assert repr(make_receiver(desk)) == "WebhookReceiver('desk', 'https://hooks.example')"
    assert secret(desk, "url") == "https://hooks.example/T0/B0"
    monkeypatch.delenv("TOKEN")
    with pytest.raises(ConfigError, match="'desk': the variable TOKEN is not set"):
        make_receiver(desk)


def test_files_of_a_receiver_are_relative_to_the_configuration(folder):
    file = write(folder, "receivers: [{name: a, url_file: hook}]\n", "deep/monitor.yaml")
    (receiver,) = load_settings(file).receivers
    assert receiver.url_file == file.parent / "hook"
    write(folder, " \n", "deep/hook")
    with pytest.raises(ConfigError, match="hook: is empty"):
        make_receiver(receiver)


def test_who_has_no_routes_does_not_wait_for_the_models_of_any(folder):
    code = (
        "import sys; from monitor.config import load_settings, policy_of; policy_of(load_settings());"
        " print({'monitor.language.routing', 'monitor.language.policy', 'holidays'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_who_has_no_receivers_does_not_wait_for_the_models_of_any(folder):
    code = (
        "import sys; from monitor.config import load_settings; load_settings();"
        " print('monitor.receiver_settings' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
