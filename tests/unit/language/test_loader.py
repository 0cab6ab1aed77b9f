"""Which files are read, and what holds across them."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.errors import RulebookError
from monitor.language.loader import Size, check_rulebook, load_rulebook


def text(agreement="a", commitments=("c",), extra=""):
    lines = "".join(f"  - {{id: {c}, title: C, quote: q{extra}}}\n" for c in commitments)
    return f"agreement: {agreement}\ntitle: A\ndate: 2025\ncommitments:\n{lines}"


def faults_of(*paths):
    with pytest.raises(RulebookError) as caught:
        load_rulebook([Path(path) for path in paths])
    return caught.value.faults


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asks(target, id_="c"):
    rule = f"{{id: r, when: {{status: {{commitment: {target}, level: limited}}}}, then: stalled}}"
    return f", rules: [{rule}]"


def test_a_folder_stands_for_its_rulebooks_in_sorted_order(here):
    for name in ("b/2.yml", "b/10.yaml", "a.yaml", "c.YAML", ".hidden.yaml", ".git/x.yaml"):
        path = here / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text("x-" + path.stem.strip(".")))
    (here / "rules" / "a.test.yaml").write_text("tests: []")
    (here / "rules" / "notes.txt").write_text("-")
    rulebook = load_rulebook([Path("rules")])
    assert [a.file for a in rulebook.agreements] == [
        "rules/a.yaml",
        "rules/b/10.yaml",
        "rules/b/2.yml",
    ]
    assert list(rulebook.commitments) == ["x-a/c", "x-10/c", "x-2/c"]


def test_a_file_named_twice_is_read_once(here):
    (here / "a.yaml").write_text(text())
    (here / "link.yaml").symlink_to("a.yaml")
    rulebook = load_rulebook([here / "a.yaml", Path("./a.yaml"), here, here / "link.yaml"])
    assert len(rulebook.agreements) == 1


def test_files_are_called_by_the_shortest_name(here, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "b.yaml"
    elsewhere.write_text(text("b"))
    (here / "sub").mkdir()
    (here / "sub" / "a.yaml").write_text(text("a"))
    rulebook = load_rulebook([here / "sub" / ".." / "sub" / "a.yaml", elsewhere])
    assert [a.file for a in rulebook.agreements] == ["sub/a.yaml", str(elsewhere)]
    assert str(rulebook.agreements[0].commitments[0].where) == "sub/a.yaml:5:5"


def test_links_that_leave_the_folder_are_told_and_not_followed(here):
    (here / "outside").mkdir()
    (here / "outside" / "o.yaml").write_text(text("o"))
    (here / "rules").mkdir()
    (here / "rules" / "a.yaml").write_text(text("a"))
    (here / "rules" / "file.yaml").symlink_to(here / "outside" / "o.yaml")
    (here / "rules" / "folder").symlink_to(here / "outside")
    (here / "rules" / "readme").symlink_to("/nowhere")
    rulebook = load_rulebook([Path("rules")])
    assert [a.id for a in rulebook.agreements] == ["a"]
    skipped = [f for f in check_rulebook([Path("rules")]).lints if f.code == "link-leaves"]
    assert [f.location.file for f in skipped] == ["rules/file.yaml", "rules/folder"]


def test_links_to_nowhere_and_to_themselves_are_told_and_stop_nothing(here):
    (here / "rules").mkdir()
    (here / "rules" / "a.yaml").write_text(text("a"))
    (here / "rules" / "gone.yaml").symlink_to("b.yaml")
    (here / "rules" / "out.yaml").symlink_to("/nowhere/b.yaml")
    (here / "rules" / "loop").symlink_to("loop")
    (here / "rules" / "one.yml").symlink_to("two.yml")
    (here / "rules" / "two.yml").symlink_to("one.yml")
    (here / "rules" / "readme").symlink_to("nowhere.txt")
    assert [a.id for a in load_rulebook([Path("rules")]).agreements] == ["a"]
    report = check_rulebook([Path("rules")])
    told = [(f.location.file, f.message) for f in report.lints if f.code == "link-nowhere"]
    nowhere, loop = (
        f"this link leads nowhere: {reason}"
        for reason in ("no such file or directory", "too many levels of symbolic links")
    )
    assert told == [
        ("rules/gone.yaml", nowhere),
        ("rules/loop", loop),
        ("rules/one.yml", loop),
        ("rules/out.yaml", nowhere),
        ("rules/two.yml", loop),
    ]
    assert not [f for f in report.lints if f.code == "link-leaves"]


def test_links_that_lead_back_do_not_loop(here):
    (here / "rules" / "sub").mkdir(parents=True)
    (here / "rules" / "sub" / "a.yaml").write_text(text("a"))
    (here / "rules" / "sub" / "up").symlink_to("..")
    (here / "rules" / "again").symlink_to("sub")
    assert [a.id for a in load_rulebook([Path("rules")]).agreements] == ["a"]


def test_a_mounted_folder_of_links_is_read(here):
    """Kubernetes mounts a config map as links to a hidden folder that is itself a link."""
    (here / "rules" / "..2025").mkdir(parents=True)
    (here / "rules" / "..2025" / "a.yaml").write_text(text("a"))
    (here / "rules" / "..data").symlink_to("..2025")
    (here / "rules" / "a.yaml").symlink_to("..data/a.yaml")
    assert [a.file for a in load_rulebook([Path("rules")]).agreements] == ["rules/a.yaml"]


def test_paths_without_a_rulebook_are_faults(here):
    (here / "empty").mkdir()
    os.mkfifo(here / "pipe.yaml")
    assert faults_of("nowhere.yaml", "empty", "pipe.yaml") == (
        "nowhere.yaml: error: no such file or folder; check the path",
        "empty: error: no rulebook in this folder; rulebooks end in .yaml or .yml",
        "pipe.yaml: error: not a regular file; a pipe is read as standard input: -",
    )


def test_no_path_at_all_is_a_fault():
    (line,) = faults_of()
    assert "no path was given" in line


def test_a_file_that_cannot_be_opened_is_a_fault(here, monkeypatch):
    (here / "a.yaml").write_text(text())

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (line,) = faults_of("a.yaml")
    assert line == "a.yaml: error: cannot be read: permission denied; check its permissions"


def test_two_files_cannot_hold_one_agreement(here):
    (here / "a.yaml").write_text(text("same"))
    (here / "b.yaml").write_text(text("same", ["d"]))
    assert faults_of(".") == (
        "b.yaml:1:12: error: there already is an agreement 'same', in a.yaml (at agreement); give it another id",
    )


def test_a_status_may_ask_about_a_commitment_of_another_file(here):
    (here / "a.yaml").write_text(text("a", ["c"], asks("b/c")))
    (here / "b.yaml").write_text(text("b"))
    commitment = load_rulebook([here]).commitments["a/c"]
    assert commitment.rules[-1].when.commitment == "b/c"


def test_an_unknown_commitment_of_another_file_is_a_fault(here):
    (here / "a.yaml").write_text(text("a", ["c"], asks("b/clean-enrgy")))
    (here / "b.yaml").write_text(text("b", ["clean-energy"]))
    (line,) = faults_of(".")
    assert "unknown commitment 'clean-enrgy', did you mean 'clean-energy'?" in line
    (line,) = faults_of("a.yaml")
    assert "no file that was loaded has an agreement 'b'" in line


def test_a_broken_file_does_not_make_its_commitments_unknown(here):
    (here / "a.yaml").write_text(text("a", ["c"], asks("b/c")))
    (here / "b.yaml").write_text(text("b") + "oops: 1\n")
    (line,) = faults_of(".")
    assert line.startswith("b.yaml:6:1: error: unknown key 'oops'")


def test_a_circle_through_files_is_shown_as_a_path(here):
    for name, target in (("a", "b/c"), ("b", "d/c"), ("d", "a/c")):
        (here / f"{name}.yaml").write_text(text(name, ["c"], asks(target)))
    (line,) = faults_of(".")
    assert "rests on itself: a/c -> b/c -> d/c -> a/c" in line
    assert line.startswith("d.yaml:5:")


def test_a_circle_through_a_profile_is_found(here):
    profile = "profiles: {p: {rules: [{id: r, when: {status: {commitment: y, level: limited}}, then: stalled}]}}\n"
    body = text("a", ["x", "y"], ", profile: p").replace("commitments:", profile + "commitments:")
    (here / "a.yaml").write_text(body)
    (line,) = faults_of("a.yaml")
    assert "rests on itself: a/y -> a/y" in line


def test_a_profile_rule_that_is_replaced_asks_for_nothing(here):
    profile = "profiles: {p: {rules: [{id: r, when: {status: {commitment: y, level: limited}}, then: stalled}]}}\n"
    own = ", profile: p, rules: [{id: r, when: {silence: 9d}, then: stalled}]"
    body = text("a", ["x", "y"], own).replace("commitments:", profile + "commitments:")
    (here / "a.yaml").write_text(body)
    assert len(load_rulebook([here]).commitments) == 2


def test_an_unused_profile_must_not_ask_for_what_is_not_there(here):
    profile = "profiles: {p: {rules: [{id: r, when: {status: {commitment: zz, level: limited}}, then: stalled}]}}\n"
    (here / "a.yaml").write_text(text().replace("commitments:", profile + "commitments:"))
    (line,) = faults_of("a.yaml")
    assert "unknown commitment 'zz'" in line


def test_a_long_chain_of_questions_is_no_circle(here):
    ids = [f"c{i}" for i in range(3_000)]
    lines = "".join(f"  - {{id: {a}, title: C, quote: q{asks(b)}}}\n" for a, b in pairwise(ids))
    body = f"agreement: a\ntitle: A\ndate: 2025\ncommitments:\n{lines}  - {{id: {ids[-1]}, title: C, quote: q}}\n"
    (here / "a.yaml").write_text(body)
    assert len(load_rulebook([here]).commitments) == 3_000


def test_the_hash_does_not_depend_on_names_and_order_of_files(here):
    (here / "a.yaml").write_text(text("a"))
    (here / "b.yaml").write_text(text("b"))
    first = load_rulebook([here]).hash
    (here / "a.yaml").rename(here / "z.yaml")
    assert load_rulebook([here]).hash == first
    (here / "z.yaml").write_text(text("a", ["other"]))
    assert load_rulebook([here]).hash != first


def test_a_check_gives_errors_and_lints_together_in_order(here):
    (here / "a.yaml").write_text(text("a"))
    (here / "b.yaml").write_text(text("b").replace("title: A", "titel: A"))
    report = check_rulebook([here])
    assert report.size is None
    assert {fault.location.file for fault in report.lints} == {"a.yaml"}
    assert {fault.location.file for fault in report.errors} == {"b.yaml"}
    assert sorted(report.faults, key=lambda fault: fault.order) == list(report.faults)


def test_a_check_without_errors_counts_what_would_be_loaded(here):
    (here / "a.yaml").write_text(text("a"))
    per_party = text("b").replace("title: C", "title: C, parties: [JP, KR], per_party: all")
    (here / "b.yaml").write_text(per_party)
    report = check_rulebook([here])
    book = load_rulebook([here])
    rules = sum(len(commitment.rules) for commitment in book.commitments.values())
    assert report.size == Size(len(book.agreements), len(book.commitments), rules)
    assert len([c for c in book.commitments.values() if c.part_of]) >= 2
    assert report.errors == ()


def test_many_unknown_commitments_do_not_take_long(here):
    ids = [f"commitment-{i}" for i in range(2_000)]
    lines = "".join(f"  - {{id: {i}, title: C, quote: q{asks('x' + i)}}}\n" for i in ids)
    (here / "a.yaml").write_text(f"agreement: a\ntitle: A\ndate: 2025\ncommitments:\n{lines}")
    faults = faults_of("a.yaml")
    assert len(faults) == 51
    assert faults[-1] == "… and 1950 more"
