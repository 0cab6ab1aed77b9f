"""One bad rulebook per fault, and what is said about it.

`bad/expected.txt` holds a line for every fault: file | line:column | code | message.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from monitor.errors import RulebookError
from monitor.language.loader import check_rulebook, load_rulebook

BAD = Path(__file__).parent / "bad"


def table() -> dict[str, list[tuple[str, str, str]]]:
    expected = defaultdict(list)
    for line in (BAD / "expected.txt").read_text(encoding="utf-8").splitlines():
        name, place, code, message = line.split(" | ", 3)
        expected[name].append((place, code, message))
    return expected


EXPECTED = table()


def test_every_bad_file_is_in_the_table_and_the_other_way_round():
    assert sorted(EXPECTED) == sorted(path.stem for path in BAD.glob("*.yaml"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_rulebook_is_told_where_and_what_is_wrong(name, monkeypatch):
    monkeypatch.chdir(BAD)
    report = check_rulebook([Path(f"{name}.yaml")])
    assert report.size is None
    found = []
    for fault in report.errors:
        text = str(fault).split(": error: ", 1)[1]
        text = text.replace(f" (at {fault.path})", "") if fault.path else text
        assert str(fault).startswith(f"{name}.yaml:")
        found.append((f"{fault.location.line}:{fault.location.column}", fault.code, text))
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_rulebook_does_not_load(name):
    with pytest.raises(RulebookError) as caught:
        load_rulebook([BAD / f"{name}.yaml"])
    assert len(caught.value.faults) == len(EXPECTED[name])
    assert caught.value.exit_code == 2


def test_all_faults_of_all_files_are_told_up_to_fifty():
    with pytest.raises(RulebookError) as caught:
        load_rulebook([BAD])
    total = sum(len(faults) for faults in EXPECTED.values())
    more = int(caught.value.faults[-1].removeprefix("… and ").removesuffix(" more"))
    assert len(caught.value.faults) == 51
    # Most of these files hold the same agreement, which is one fault more for each but the first.
    assert more > total - 50
    assert "rulebook files" in caught.value.message
