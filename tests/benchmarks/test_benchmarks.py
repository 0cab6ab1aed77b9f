"""The benchmarks run, and the ratios inside one run hold with wide margins.

Never an absolute time: `python -m tests.benchmarks` prints those.
"""

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from monitor.language.loader import check_rulebook, load_rulebook
from tests.benchmarks import __main__ as command
from tests.benchmarks import (
    alerts,
    backtest,
    check,
    cold,
    deliver,
    ingest,
    measure,
    memory,
    tick,
    truth,
    world,
)

SUMMIT = Path(__file__).parents[2] / "rules" / "jp-kr-tokyo-2025.yaml"


def test_the_made_up_feed_is_as_dense_as_the_shipped_one(tmp_path):
    dates = [date.fromisoformat(record["occurred_at"]) for record in world.shipped_feed()]
    promised = load_rulebook([SUMMIT]).commitments
    assert world.SHIPPED.updates == len(dates)
    assert world.SHIPPED.commitments == len(promised)
    assert world.SHIPPED.days == (date.fromisoformat(cold.NOW) - min(dates)).days
    ((_, end),) = world.write_feed(tmp_path, 1_000, 10)
    assert end == pytest.approx(100 * world.SHIPPED.days_for, rel=0.02)


def test_a_feed_is_the_same_in_every_run_however_it_is_cut(tmp_path):
    ((whole, end),) = world.write_feed(tmp_path / "one", 500, 10)
    parts = world.write_feed(tmp_path / "many", 500, 10, files=5)
    assert b"".join(path.read_bytes() for path, _ in parts) == whole.read_bytes()
    assert [day for _, day in parts] == sorted(day for _, day in parts)
    assert parts[-1][1] == end


def test_sections_inside_sections_count_once():
    class Work:
        def outer(self):
            return self.inner()

        def inner(self):
            return sum(range(200_000))

    sections = measure.Sections()
    sections.wrap(Work, "outer", "outer")
    sections.wrap(Work, "inner", "inner")
    with sections.watching(), measure.Timer() as timer:
        Work().outer()
    sections.restore()
    assert {"outer", "inner", "rest"} <= set(sections.seconds)
    assert sum(sections.seconds.values()) == pytest.approx(timer.cpu, rel=0.5, abs=0.01)
    assert not hasattr(Work.inner, "__wrapped__")


def test_ingest_keeps_everything_alerts_and_stays_near_the_raw_ceiling():
    found = ingest.measure(4_000, 40, evaluators=ingest.EVALUATORS)
    for name in ingest.EVALUATORS:
        (ran,) = found[name]
        assert ran["alerts"] > 400
        # the one delivery more is that of the summary which introduced the commitments
        assert ran["deliveries"] == ran["alerts"] + 1
        assert {"parse", "derive", "commit"} <= set(ran["sections"])
        assert ingest.share(found, name) > 0.02
    assert len({found[name][0]["alerts"] for name in ingest.EVALUATORS}) == 1


def test_a_tick_costs_what_is_due_and_not_what_is_there():
    small, large = tick.measure(tick.LAYOUTS[0], (1_000, 4_000))
    for found in (small, large):
        assert {t["touched"] for t in found.ticks} == {tick.DUE}
        assert {t["alerts"] for t in found.ticks} == {tick.DUE}
    # four times as many, and a walk over them all would cost more than three times as much
    assert large.growth < 2


def test_a_cold_check_is_measured_beside_its_imports(tmp_path):
    check = cold.filled(tmp_path)
    found = cold.measure(check, 1)
    assert cold.ratio(found, "python") < 1
    assert cold.ratio(found, "check") < 10
    assert cold.import_times(check)["pydantic"] > 0


def test_a_check_of_many_files_stays_near_the_bare_parse_of_their_yaml(tmp_path):
    found = check.measure(40, 3)
    assert found["commitments"] == 40 * check.EACH
    assert found["ratio"] < 2 * check.LIMIT


def test_what_a_check_is_measured_with_has_neither_faults_nor_doubts(tmp_path):
    check.write(tmp_path, 2)
    report = check_rulebook([tmp_path])
    assert {fault.code for fault in report.faults} <= {"shared-topic", "complete-out-of-reach"}
    assert check.bare(tmp_path) > 500


def test_a_backtest_is_measured_with_news_of_every_day_that_changes_something():
    found = backtest.measure(1_000)
    assert found["commitments"] == world.SHIPPED.commitments
    assert found["reports"] >= 1_000
    assert found["alerts"] > 100
    assert found["replay"] > 0


def test_a_process_that_fails_is_no_measurement():
    with pytest.raises(RuntimeError, match="ended with 7"):
        cold.spent((sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(RuntimeError, match="process ended"):
        measure.once("memory:stepping", folder="/dev/null/nowhere", commitments=1)


def test_memory_grows_no_faster_than_the_commitments():
    small, large = memory.measure(1_000), memory.measure(4_000)
    stages = ["imported", "rulebook loaded", "engine planned", "first step"]
    assert list(small) == stages
    assert list(large.values()) == sorted(large.values())
    grown = [p["first step"] - p["imported"] for p in (small, large)]
    assert grown[1] < 6 * grown[0]


def test_the_command_prints_one_table(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "memory"])
    command.main()
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if line.startswith("benchmark ")]
    assert any("first step" in line and "KiB a commitment" in line for line in shown)


def test_the_command_names_what_it_can_measure(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "speed"])
    with pytest.raises(SystemExit):
        command.main()
    said = f"there is no 'speed'; there are {', '.join(command.NAMES)}"
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.long
def test_a_tick_of_many_agreements_does_not_grow_with_a_tenfold_rulebook():
    _, large = tick.measure(tick.LAYOUTS[0], (1_000, 10_000))
    assert large.growth < 2


@pytest.mark.long
def test_ingest_of_many_updates_stays_near_the_raw_ceiling():
    found = ingest.measure(20_000, 200, transactions=2, rounds=3)
    assert ingest.share(found, ingest.EVALUATORS[0]) > 0.04


def test_every_alert_of_the_delivery_benchmark_arrives():
    found = list(deliver.rows(quick=True))
    assert [row.benchmark for row in found] == ["deliver", "deliver"]
    assert all("alerts/s" in row.value for row in found)


def test_everything_is_assessed_again_and_a_late_update_costs_no_replay_of_all():
    found = truth.measure_renewal(2_000, 20)
    assert all(one["cpu"] > 0 for one in found.values())
    few, many = (truth.measure_late(depth, "middle", "asked") for depth in (100, 2_000))
    assert many < 15 * few


def test_alerts_are_measured_from_commit_to_receipt_and_beside_alertmanager():
    told = deliver.alerts(60)
    waits = alerts.latencies(told)
    assert len(waits) == 60
    assert 0 < waits[0] < waits[-1]
    program = shutil.which("prometheus-alertmanager")
    if program is not None:
        assert alerts.theirs(program, told) > 0


def test_a_run_with_nothing_new_does_not_cost_what_open_alerts_there_are():
    small, large = alerts.idle((500, 2_000))
    assert (small.open, large.open) == (500, 2_000)
    for found in (small, large):
        assert {(one["alerts"], one["touched"]) for one in found.runs} == {(0, 0)}
    # four times as many, and a walk over them all would cost more than three times as much
    assert large.growth < 2
