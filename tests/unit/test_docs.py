"""The pages in docs/ say what the code does: no more, no less."""

import ast
import inspect
import re
import textwrap
from enum import EnumType
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.config import load_settings, policy_of
from monitor.domain.alert import AlertKind
from monitor.domain.assessment import Activity, ConditionKind, Level, Schedule, Standing, Status
from monitor.domain.commitment import Thresholds
from monitor.domain.notice import NoticeState, Why
from monitor.domain.time import DAY
from monitor.domain.tracker import Means
from monitor.domain.update import KINDS
from monitor.errors import MonitorError
from monitor.language.conditions import CONDITION_KEYS
from monitor.language.hours import WindowModel
from monitor.language.layout.formatting import MODELS, formatted
from monitor.language.lintcodes import LINTS
from monitor.language.loader import check_rulebook
from monitor.language.profiles import BUILT_IN, built_in
from monitor.language.routelints import lints
from monitor.language.routing import MatchModel, MuteModel, RouteModel
from monitor.language.rules import WORDS
from monitor.language.schema import json_schema
from monitor.language.words import PLACEHOLDERS
from monitor.notify.retry import SCHEDULE
from monitor.notify.telling import letter
from monitor.notify.templates import context
from monitor.receiver_settings import (
    TYPES,
    BaseReceiver,
    HeartbeatSettings,
    HttpReceiver,
    ReceiverSettings,
)
from monitor.receivers import make_receiver
from monitor.services.ruletests.form import (
    Announced,
    Axes,
    Case,
    Change,
    Covered,
    Expected,
    Instant,
    Never,
    TestFile,
)
from monitor.services.trackers import contradictions
from monitor.services.views.check import FAILINGS, Verdict
from monitor.settings import Settings, SourceSettings
from monitor.sources.mapping import FIELDS, field_map
from monitor.sources.tracker.form import (
    PromiseForm,
    TotalsForm,
    TrackerForm,
    UpdatesForm,
    WordForm,
)
from monitor.sources.tracker.mapping import load_mapping

INHERITED = {
    *("quiet", "stalled", "dormant", "due_soon", "dwell"),
    *("tier", "severity", "labels", "calendar"),
}


@pytest.fixture(scope="session")
def pages(support):
    return support("pages")


@pytest.fixture(scope="session")
def rules(pages):
    return pages.Page("docs/rules.md")


@pytest.fixture(scope="session")
def schema():
    return json_schema()


def keys(schema, model):
    node = schema if model is None else schema["$defs"][model]
    return set(node["properties"])


# ---- The rule language: as `rules fmt` lays it out --------------------------------------------------

_AROUND = {"rule": "profiles:\n  x:\n    rules:\n", "commitment": "commitments:\n"}


@pytest.mark.parametrize("words", ["rulebook", "header", "commitment", "rule", "test"])
def test_examples_have_the_layout_that_the_page_describes(rules, words):
    around = _AROUND.get(words, "")
    indent = "  " * around.count("\n")
    examples = rules.blocks("yaml", words)
    assert examples
    for example in examples:
        text = around + textwrap.indent(example.text, indent)
        done = formatted(text.encode(), f"docs/rules.md:{example.line}", (*MODELS, TestFile))
        assert done.decode() == text


# ---- The rule language: every key, and no other ----------------------------------------------------


@pytest.mark.parametrize(
    ("section", "model", "without", "besides"),
    [
        ("Agreement", None, set(), set()),
        ("Commitment", "CommitmentModel", INHERITED, set()),
        ("What is inherited", "DefaultsModel", set(), set()),
        ("Update patterns", "PatternModel", set(), set()),
        ("Text tests", "TextModel", set(), set()),
        ("Due dates", "DueModel", {"date"}, set()),
        ("Rules", "RuleModel", set(), set()),
        ("Conditions", "ConditionModel", set(), set()),
    ],
)
def test_the_table_of_a_mapping_has_its_keys_and_no_others(
    pages, rules, schema, section, model, without, besides
):
    assert set(pages.first_column(rules.own(section))) == keys(schema, model) - without | besides


def test_about_takes_the_keys_of_an_update_pattern(schema):
    assert keys(schema, "AboutModel") == keys(schema, "PatternModel")


def test_required_keys_are_called_required(rules, schema):
    for section, model in (("Agreement", None), ("Commitment", "CommitmentModel")):
        node = schema if model is None else schema["$defs"][model]
        sentence = next(s for s in rules.own(section).split("\n\n") if "required" in s)
        named = re.findall(r"`(\w+)`", sentence)
        assert set(named) == set(node["required"])


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("Commitment", "MilestoneModel"),
        ("Commitment", "IndicatorModel"),
        ("Update patterns", "RangeModel"),
        ("Conditions", "CountModel"),
        ("Conditions", "SilenceModel"),
        ("Parties that count", "PartiesModel"),
        ("Parties that count", "ShareModel"),
        ("Parties that count", "WeightsModel"),
        ("Roll-ups", "CommitmentsModel"),
        ("Each party by itself", "PerPartyModel"),
        ("Roll-ups", "RollUpModel"),
        ("Conditions", "SequenceModel"),
        ("Conditions", "IndicatorTestModel"),
        ("Conditions", "MilestoneTestModel"),
        ("Conditions", "MilestonesModel"),
        ("Conditions", "StatusModel"),
        ("Profiles", "ProfileModel"),
    ],
)
def test_the_keys_of_a_part_are_named_where_the_part_is_explained(
    pages, rules, schema, section, model
):
    named = set(pages.codes(rules.own(section)))
    if section == "Profiles":
        named |= INHERITED  # it refers to their own section
    assert keys(schema, model) <= named


def test_keys_of_small_mappings_are_shown_in_one_place(rules, schema):
    for model, section in (
        ("DeadlineModel", "Conditions"),
        ("LevelsModel", "Conditions"),
        ("SupersededModel", "Commitment"),
        ("CoverageModel", "Time"),
        ("SourceGroupModel", "Sources and tiers"),
    ):
        text = rules.section(section) + "".join(b.text for b in rules.blocks("yaml"))
        assert [key for key in keys(schema, model) if not re.search(rf"\b{key}\b", text)] == []


def test_every_conclusion_is_in_the_table_and_nothing_else(pages, rules, schema):
    spans = pages.first_column(rules.own("Conclusions"))
    assert {re.match(r"\{?(\w+)", span)[1] for span in spans} == {
        *keys(schema, "ConclusionModel"),
        "ignore",
    }
    words = {span for span in spans if not span.startswith("{")}
    assert words == set(WORDS)


def test_every_kind_of_condition_has_an_example(rules):
    text = "".join(block.text for block in rules.blocks("yaml"))
    assert [k for k in CONDITION_KEYS if not re.search(rf"\b{k}:", text)] == []


def test_kinds_and_fields_of_updates_are_all_named(pages, rules):
    section = rules.own("Updates")
    assert set(pages.first_column(section)) == set(FIELDS)
    after = section.partition("built-in kinds:")[2]
    assert [code for code in pages.codes(after) if code != "kinds"] == list(KINDS)


def test_the_placeholders_of_a_message_are_all_named(rules):
    assert re.findall(r"`\{(\w+)\}`", rules.own("Rules")) == list(PLACEHOLDERS)


def test_built_in_profiles_stand_with_their_clocks(pages, rules):
    found = {}
    for name, _, clocks, _ in pages.rows(rules.own("Profiles")):
        found[name.strip("`")] = tuple(int(n) for n in re.findall(r"\d+", clocks))
    usual = Thresholds()
    expected = {}
    for name in BUILT_IN:
        profile, _ = built_in(name)
        expected[name] = tuple(
            (getattr(profile, clock) or getattr(usual, clock)) // DAY
            for clock in ("quiet", "stalled", "dormant")
        )
    assert found == expected


def patterns(when):
    """The update patterns anywhere in a condition of the models."""
    own = [when.update, when.count and when.count.update]
    parts = [*(when.all_ or ()), *(when.any_ or ())]
    return [p for p in own if p] + [p for part in parts for p in patterns(part)]


def test_what_the_rules_of_built_in_profiles_conclude_is_told(pages, rules):
    told = {cells[0].strip("`"): cells[3] for cells in pages.rows(rules.own("Profiles"))}
    for name in BUILT_IN:
        profile, _ = built_in(name)
        for rule in profile.rules:
            kinds = [kind for pattern in patterns(rule.when) for kind in pattern.kind or ()]
            assert kinds or name == "numeric-target", (name, rule.id)
            for kind in kinds:
                word = {"dispute": "disputes", "delay": "dela"}.get(kind, kind)
                assert word.lower() in told[name].lower(), (name, rule.id)
        levels = {rule.then.advance for rule in profile.rules if rule.then.advance}
        assert set(pages.codes(told[name])) == levels, name


def test_defaults_are_those_of_the_code(pages, rules):
    told = {
        cells[0].strip("`"): cells[1].strip("`")
        for cells in pages.rows(rules.own("What is inherited"))
    }
    usual = Thresholds()
    for clock in ("quiet", "stalled", "dormant", "due_soon"):
        assert told[clock] == f"{getattr(usual, clock) // DAY}d"
    assert (told["tier"], told["severity"], told["profile"]) == ("2", "warning", "standard")


def test_headlines_stand_in_the_order_of_precedence(pages, rules):
    section = rules.own("Where a commitment stands")
    headlines = section.partition("The headline is the first")[2]
    assert pages.first_column(headlines) == [status.value for status in Status]


def test_the_values_of_the_axes_are_all_named(pages, rules):
    table = rules.own("Where a commitment stands").partition("The headline")[0]
    told = {cells[0]: pages.codes(cells[1]) for cells in pages.rows(table)}
    assert told == {
        "level": [level.word for level in Level],
        "activity": [a.value for a in Activity],
        "schedule": [s.value for s in Schedule],
        "standing": [s.value for s in Standing],
    }


def test_every_lint_is_listed_with_its_usual_level(pages, rules):
    told = {}
    for cells in pages.rows(rules.own("Faults and lints")):
        for code in pages.codes(cells[0]):
            assert code not in told
            told[code] = cells[1].strip()
    assert told == {code: lint.severity.value for code, lint in LINTS.items()}


def test_every_lint_that_is_looked_for_is_known(pages):
    found = set(_lints(pages.ROOT / "monitor/language"))
    assert found <= set(LINTS)
    by_comment = {"allowed-without-reason", "allowed-in-vain", "unknown-lint"}
    assert set(LINTS) - found == by_comment


def _lints(folder):
    """The codes of warnings and infos, which stand as texts of this form in the lints."""
    for path in folder.joinpath("lints").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text):
                yield text
    for name in ("looking.py", "files.py"):
        text = folder.joinpath(name).read_text(encoding="utf-8")
        yield from re.findall(r'"([a-z-]+)",[^"]*FaultSeverity\.(?:INFO|WARNING)', text)


def test_what_a_rule_test_can_say_is_told(pages, rules):
    section = rules.own("Tests of rules")
    example = "".join(block.text for block in rules.blocks("yaml", "test"))
    held = section.partition("may be held to")[2].partition(".")[0]
    assert set(pages.codes(held)) == set(Expected.model_fields)
    for model in (TestFile, Case, Instant, Axes, Change, Announced, Covered, Never):
        for key in (f.alias or name for name, f in model.model_fields.items()):
            assert re.search(rf"\b{key}\b", example + section), key


# ---- Examples load -----------------------------------------------------------------------------------

HEAD = """\
agreement: example
title: Example
date: 2025-06-01
"""

COMMITMENTS = """\
commitments:
  - id: partner
    title: Partner
    quote: words
  - id: host-town
    title: Host town
    quote: words
"""

HOST = f"""\
{COMMITMENTS}
  - id: host
    title: Host
    quote: words
    deadline: 2027
    milestones: [{{id: first-meeting, title: They meet, due: 2025-12}}]
    indicators: [{{id: rate, title: Rate, baseline: 27.5, target: 15, direction: at_most}}]
    rules:
"""

WRAPS = {
    "rulebook": lambda text: text,
    "header": lambda text: f"{HEAD}{text}{COMMITMENTS}",
    "commitment": lambda text: f"{HEAD}{COMMITMENTS}{_indented(text, 2)}",
    "rule": lambda text: f"{HEAD}{HOST}{_indented(text, 6)}",
}


def _indented(text, by):
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(True))


def test_every_yaml_example_says_what_it_is(pages, rules):
    for page in (rules, pages.Page("docs/cli.md"), pages.Page("README.md")):
        kinds = {block.words for block in page.blocks("yaml")}
        assert kinds <= {
            *WRAPS,
            "test",
            "example",
            "monitor.yaml",
            "receivers",
            "heartbeat",
            "tracker-mapping",
        }, page.name


def test_the_mapping_of_a_tracker_is_of_the_form_and_its_keys_are_named(pages, cli, tmp_path):
    (block,) = cli.blocks("yaml", "tracker-mapping")
    (tmp_path / "map.yaml").write_text(block.text, "utf-8")
    mapping = load_mapping(tmp_path / "map.yaml")
    assert {word.means for word in mapping.words().values()} < set(Means)
    text = cli.section("The mapping of a tracker")
    named = set(pages.codes(text)) | set(re.findall(r"(\w+):", block.text))
    for form in (TrackerForm, PromiseForm, UpdatesForm, TotalsForm, WordForm):
        assert set(form.model_fields) <= named, form
    assert set(Means) <= named


def test_every_finding_of_an_audit_is_told(pages, cli):
    package = Path(contradictions.__file__).parents[2]
    files = [*package.glob("services/trackers/*.py"), *package.glob("sources/tracker/*.py")]
    source = "".join(file.read_text("utf-8") for file in files)
    codes = set(
        re.findall(
            r'(?:Finding|Problem|_note|_finding)\(\s*(?:\w+(?:\.\w+)*, )?"([a-z-]+)"', source
        )
    )
    told = {
        code
        for cell in pages.first_column(cli.section("monitor audit"))
        for code in re.findall(r"[a-z]+(?:-[a-z]+)*", cell)
    }
    assert len(codes) > 15
    assert codes <= told


def test_every_example_of_rules_loads_without_errors(pages, rules, tmp_path):
    examples = [b for kind in WRAPS for b in rules.blocks("yaml", kind)]
    assert len(examples) > 10
    for block in examples:
        file = tmp_path / "example.yaml"
        file.write_text(WRAPS[block.words](block.text), encoding="utf-8")
        report = check_rulebook([file])
        assert [str(fault) for fault in report.errors] == [], f"docs/rules.md:{block.line}"


def test_the_first_example_has_no_lint_but_the_missing_document(rules, tmp_path):
    file = tmp_path / "example.yaml"
    file.write_text(rules.blocks("yaml", "rulebook")[0].text, encoding="utf-8")
    assert {lint.code for lint in check_rulebook([file]).lints} == {"no-source"}


def test_the_example_of_rule_tests_passes_with_the_first_example(rules, tmp_path):
    (tmp_path / "fords.yaml").write_text(rules.blocks("yaml", "rulebook")[0].text, "utf-8")
    (block,) = rules.blocks("yaml", "test")
    file = tmp_path / "fords.test.yaml"
    file.write_text(block.text, encoding="utf-8")
    result = CliRunner().invoke(app, ["rules", "test", str(file)])
    assert result.exit_code == 0, result.output


def test_links_between_the_pages_lead_somewhere(pages):
    names = ["README.md", "docs/rules.md", "docs/cli.md", "docs/architecture.md"]
    anchors = {name: {_anchor(text) for _, text in pages.Page(name).headings()} for name in names}
    for name in names:
        here = (pages.ROOT / name).parent
        for target in re.findall(r"\]\(([^)\s]+)\)", pages.Page(name).prose):
            if target.startswith("http"):
                continue
            path, _, anchor = target.partition("#")
            file = (here / path).resolve() if path else pages.ROOT / name
            assert file.exists(), f"{name}: {target}"
            if anchor:
                assert anchor in anchors[str(file.relative_to(pages.ROOT))], f"{name}: {target}"


def _anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# ---- The command line --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cli(pages):
    return pages.Page("docs/cli.md")


def _leaves(command, path):
    found = getattr(command, "commands", None)
    if not found:
        return {path: command}
    return {k: v for name, sub in found.items() for k, v in _leaves(sub, f"{path} {name}").items()}


@pytest.fixture(scope="session")
def root():
    return typer.main.get_command(app)


@pytest.fixture(scope="session")
def commands(root):
    return _leaves(root, "monitor")


def _options(command):
    return {
        name
        for parameter in command.params
        if parameter.param_type_name == "option"
        for name in (*parameter.opts, *parameter.secondary_opts)
    }


def _named(spans):
    """`-o`, `--map FIELD=COLUMN` and the like as the bare options."""
    return {word for span in spans for word in span.split() if word.startswith("-") and word != "-"}


def test_every_command_has_a_section_and_every_section_a_command(cli, commands):
    headings = [text for _, text in cli.headings() if text.startswith("monitor ")]
    assert sorted(headings) == sorted(commands)


def test_every_option_of_a_command_is_in_its_table_and_no_other(pages, cli, commands):
    for name, command in commands.items():
        told = _named(pages.first_column(cli.section(name)))
        assert told == _options(command), name


def test_no_option_is_told_twice(pages, cli, commands):
    for name in commands:
        told = [
            word
            for span in pages.first_column(cli.section(name))
            for word in span.split()
            if word.startswith("--")
        ]
        assert sorted(told) == sorted(set(told)), name


def test_global_options_are_told(pages, cli, root):
    told = _named(pages.first_column(cli.own("Global options")))
    assert told == _options(root) | {"-h", "--help"}


def test_shared_options_are_those_that_several_commands_have(pages, cli, commands):
    for name in _named(pages.first_column(cli.own("Options that many commands have"))):
        assert sum(name in _options(command) for command in commands.values()) >= 3, name


def test_arguments_are_shown_where_there_are_any(cli, commands):
    for name, command in commands.items():
        takes = any(p.param_type_name == "argument" for p in command.params)
        assert (f"`{name} " in cli.section(name)) == (takes or name == "monitor coverage add"), name


def test_required_options_are_called_required(pages, cli, commands):
    for name, command in commands.items():
        for cells in pages.rows(cli.section(name)):
            required = {
                option
                for p in command.params
                if p.param_type_name == "option" and p.required
                for option in p.opts
            }
            if required & _named(pages.codes(cells[0])):
                assert "Required" in cells[1], (name, cells)


def test_the_choices_of_an_option_are_named_beside_it(pages, cli, commands):
    checked = 0
    for name, command in commands.items():
        told = {
            option: cells[1]
            for cells in pages.rows(cli.section(name))
            for option in _named(pages.codes(cells[0]))
        }
        hints = get_type_hints(inspect.unwrap(command.callback))
        for parameter in command.params:
            kinds = [hints[parameter.name], *get_args(hints[parameter.name])]
            (choices,) = [set(k) for k in kinds if isinstance(k, EnumType)] or [set()]
            if choices and len(choices) <= 4:
                named = set(pages.codes(told[parameter.opts[-1]]))
                assert {choice.value for choice in choices} <= named, (name, parameter.name)
                checked += 1
    assert checked > 10


def test_alert_kinds_and_their_phases_are_told(pages, cli):
    told = {}
    table = cli.section("monitor alerts list").partition("| kind |")[2]
    for kinds, _, phases in pages.rows("| kind |" + table):
        for kind in pages.codes(kinds):
            told[kind] = set(pages.codes(phases))
    opening = {kind.value for kind in ConditionKind}
    assert told == {
        kind.value: {"opened", "resolved"} if kind.value in opening else {"once"}
        for kind in AlertKind
    }


def test_exit_codes_are_those_of_the_code(pages, cli):
    told = {int(cells[0]): cells for cells in pages.rows(cli.own("Exit codes"))}
    tree, found = [MonitorError], set()
    while tree:
        error = tree.pop()
        found.add(error.exit_code)
        tree += error.__subclasses__()
    assert found <= set(told)
    verdicts = {"all well": 0, "attention": 1, "could not be assessed": 3}
    assert set(verdicts.values()) == {verdict.value for verdict in Verdict}
    assert "every pledge is well" in told[0][2]
    assert "attention" in told[1][2]
    assert "could not be assessed" in told[3][2]
    states = [told[code][3].partition(":")[0] for code in range(4)]
    assert states == ["OK", "WARNING", "CRITICAL", "UNKNOWN"]


def test_the_failings_of_check_are_told(pages, cli):
    row = pages.rows(cli.section("monitor check"))[0]
    assert pages.codes(row[1]) == [",".join(FAILINGS)]


def test_the_configuration_is_told_key_by_key(pages, cli):
    tables = re.split(r"^\| key", cli.own("Configuration"), flags=re.MULTILINE)[1:]
    found = [set(pages.first_column("| key" + table)) for table in tables]
    assert found == [
        set(model.model_fields) for model in (Settings, SourceSettings, ReceiverSettings)
    ]
    for key, variable, default, _ in pages.rows("| key" + tables[0]):
        field = Settings.model_fields[key.strip("`")]
        if variable:
            assert variable == f"`MONITOR_{key.strip('`').upper()}`"
        if field.default in ([], {}, None):
            assert default == "none"
        elif key != "`rules`":
            assert default == f"`{field.default}`"
    timeout = next(r for r in pages.rows("| key" + tables[2]) if r[0] == "`timeout`")
    assert f"{ReceiverSettings.model_fields['timeout'].default:g}" in timeout[1]


@pytest.mark.parametrize(
    ("of", "model"),
    [("a route", RouteModel), ("an interval", WindowModel), ("a rule of muting", MuteModel)],
)
def test_routes_are_told_key_by_key(pages, cli, of, model):
    table = "| key" + cli.section("Routes").partition(f"| key of {of}")[2].partition("\n\n")[0]
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert set(pages.first_column(table)) == names


def test_what_a_matcher_can_ask_for_is_told(cli):
    told = cli.section("Routes").partition("**Matchers**")[2]
    for name, field in MatchModel.model_fields.items():
        assert f"`{field.alias or name}`" in told


def test_why_somebody_was_not_told_is_told(cli):
    told = cli.section("alerts list")
    assert [why for why in Why if f"`{why.value}`" not in told] == []
    states = cli.section("alerts show")
    assert [state for state in NoticeState if f"`{state.value}`" not in states] == []


def test_the_heartbeat_is_told_key_by_key(pages, cli, tmp_path, monkeypatch):
    section = cli.own("Heartbeat")
    told = {key for cells in pages.rows(section) for key in pages.codes(cells[0])}
    assert told == set(HeartbeatSettings.model_fields) - {"name"}
    timeout = next(row for row in pages.rows(section) if row[0] == "`timeout`")
    assert f"Default: {HeartbeatSettings.model_fields['timeout'].default:g}." in timeout[1]
    (block,) = cli.blocks("yaml", "heartbeat")
    file = tmp_path / "monitor.yaml"
    file.write_text(block.text, encoding="utf-8")
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    assert load_settings(file).heartbeat.url_env == "PING_URL"


def test_required_keys_of_the_configuration_are_called_required(pages, cli):
    tables = re.split(r"^\| key", cli.own("Configuration"), flags=re.MULTILINE)[2:]
    for table, model in zip(tables, (SourceSettings, ReceiverSettings), strict=True):
        told = {r[0].strip("`") for r in pages.rows("| key" + table) if r[1].startswith("Required")}
        assert told == {n for n, field in model.model_fields.items() if field.is_required()}


def test_the_example_of_a_configuration_can_be_read(cli, tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    block, routes = cli.blocks("yaml", "monitor.yaml")
    file = tmp_path / "monitor.yaml"
    file.write_text(routes.text, encoding="utf-8")
    policy = policy_of(load_settings(file))
    assert policy.receivers == {"desk", "editor"}
    assert lints(policy, ("desk", "editor"), 0) == []
    file.write_text(block.text, encoding="utf-8")
    settings = load_settings(file)
    assert settings.sources
    assert settings.receivers
    assert field_map(settings.sources[0].map).constants == (("source", "Feed"),)


def test_every_type_of_receiver_and_each_of_its_keys_is_told(pages, cli):
    types, keys_of_types = re.split(r"^\| key", cli.own("Receivers"), flags=re.MULTILINE)
    assert pages.first_column(types) == list(TYPES)
    told = {}
    for cells in pages.rows("| key" + keys_of_types):
        named = [t for t in TYPES if f"`{t}`" in cells[1]]
        of = [t for t in TYPES if t not in named] if cells[1].startswith("all but") else named
        for kind in of:
            told.setdefault(kind, set()).update(pages.codes(cells[0]))
    for kind, model in TYPES.items():
        common = set(
            (HttpReceiver if issubclass(model, HttpReceiver) else BaseReceiver).model_fields
        )
        own = {field.alias or name for name, field in model.model_fields.items()}
        if model is not ReceiverSettings:  # its keys stand in the table of the configuration
            assert told[kind] == own - common - {"type"}, kind


def test_the_example_of_receivers_can_be_read_and_used(cli, tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    (block,) = cli.blocks("yaml", "receivers")
    file = tmp_path / "monitor.yaml"
    file.write_text(block.text, encoding="utf-8")
    (tmp_path / "mail.password").write_text("secret")
    monkeypatch.setenv("SLACK_HOOK", "https://hooks.slack.com/services/T/B/x")
    monkeypatch.setenv("NTFY_TOPIC", "desk")
    made = [make_receiver(settings) for settings in load_settings(file).receivers]
    shown = [receiver.sender.shown for receiver in made]
    assert shown == ["https://hooks.slack.com", "smtp://mail.example.org:587", "https://ntfy.sh"]


def test_what_a_template_is_given_is_told(pages, cli, support):
    messages = support("messages")
    said = messages.message()
    given = context(said, letter(said, "en"))
    told = cli.own("Receivers").partition("They are given")[2].partition("What is printed")[0]
    assert pages.codes(told) == [*given, *given["alerts"][0]]


def test_the_schedule_of_retries_is_told(cli):
    assert len(SCHEDULE) == 10
    assert 3 * DAY < sum(SCHEDULE) < 4 * DAY
    assert "ten attempts over a\nlittle more than three days" in cli.own("Webhooks")


# ---- The README ------------------------------------------------------------------------------------


def test_the_readme_names_every_command(pages, root):
    readme = pages.Page("README.md")
    named = {span.split()[1] for span in pages.first_column(readme.own("The commands"))}
    assert named == set(root.commands)


def test_the_short_reference_of_the_readme_is_complete(pages, rules, schema):
    text = pages.Page("README.md").own("The rule language")
    items = {item.split("**")[1]: item for item in text.split("\n- ") if "**" in item}
    conditions = [code.split()[0] for code in pages.codes(items["Conditions"])]
    assert conditions == list(CONDITION_KEYS)
    assert set(pages.codes(items["Conclusions"])) == keys(schema, "ConclusionModel") | {"ignore"}
    assert pages.codes(items["Levels"]) == [level.word for level in Level]
    headline = text.partition("The headline is")[2]
    assert pages.codes(headline) == [status.value for status in Status]


def test_exit_codes_in_the_readme_agree_with_the_reference(pages):
    text = pages.Page("README.md").own("The commands")
    sentence = " ".join(text.partition("Exit codes:")[2].split())
    assert [int(n) for n in re.findall(r"(?:^|; ?|: )\s*(\d) ", "; " + sentence)] == [0, 1, 2, 3]


# ---- The architecture ------------------------------------------------------------------------------


def test_every_place_that_the_architecture_names_is_there(pages):
    page = pages.Page("docs/architecture.md")
    named = [code for code in pages.codes(page.prose) if "/" in code and "*" not in code]
    assert len(named) > 25
    for name in named:
        base = pages.ROOT if name.startswith("tests/") else pages.ROOT / "monitor"
        assert (base / name).exists(), name


def test_the_architecture_says_what_every_folder_holds(pages):
    told = pages.codes(pages.Page("docs/architecture.md").own("The layers"))
    for package in ("language", "engine", "store", "sources", "notify", "services"):
        inner = (pages.ROOT / "monitor" / package).glob("*/__init__.py")
        names = {package, *(file.parent.name for file in inner)}
        assert names <= set(told), package
