"""The rules as they were at a revision of the git repository that they lie in.

Nothing is checked out and nothing in the repository is touched: the tree of the revision is
unpacked (`git archive`) into a folder that is gone afterwards.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import RulebookError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Rulebook


class Revision(NamedTuple):
    """A commit of the repository at `root`, and which rules are meant, relative to `root`."""

    root: Path
    commit: str
    rules: Sequence[str]


def find_revision(name: str, rules: Sequence[Path]) -> Revision:
    """The revision that is called `name`: REV for the rules in use, or REV:PATH for others.

    Args:
        name: as git understands it; PATH is relative to the top of the repository.
        rules: those in use.

    Raises:
        UsageError: there is no git, no repository, or no such revision in it.
    """
    missing = f"--rules {name}: there is no such file or folder"
    revision, _, path = name.partition(":")
    place = rules[0] if rules else Path()
    folder = next(p for p in (place.absolute(), *place.absolute().parents) if p.is_dir())
    top = _git(folder, "rev-parse", "--show-toplevel", missing=missing)
    if top is None:
        raise UsageError(
            f"{missing}, and {folder} is in no git repository",
            hint="a revision is looked for in the repository of the configured rules",
        )
    root = Path(top)
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
        missing=missing,
    )  # fmt: skip
    if not commit:
        raise UsageError(
            f"{missing}, and no such revision in {root}",
            hint="`git log --oneline` lists revisions; HEAD~1 is the one before the last",
        )
    if path:
        return Revision(root, commit, [path])
    return Revision(root, commit, [_inside(root, rule, name) for rule in rules])


def _inside(root: Path, rule: Path, name: str) -> str:
    real = Path(os.path.realpath(rule))
    if not real.is_relative_to(os.path.realpath(root)):
        raise UsageError(
            f"--rules {name}: {rule} lies outside of the repository {root}",
            hint="name the rules of that revision: REV:PATH",
        )
    return str(real.relative_to(os.path.realpath(root)))


def _git(folder: Path, *arguments: str, missing: str) -> str | None:
    """What git prints; None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a revision cannot pass for an option
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the user's own git
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        raise UsageError(
            f"{missing}, and git is not installed", hint="a revision of the rules needs git"
        ) from None
    return done.stdout.strip() if done.returncode == 0 else None


def rulebook_at(revision: Revision, name: str) -> Rulebook:
    """The rulebook of a revision, with every file that lay beside it then.

    Raises:
        RulebookError: it has faults, or was not there.
        UsageError: git cannot give the tree.
    """
    from monitor.language.loader import load_rulebook

    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        tree = Path(folder)
        _unpack(revision, tree)
        # From where its user stands, so that its files have the names that they know.
        here, real = Path.cwd(), Path(os.path.realpath(revision.root))
        stand = tree / (here.relative_to(real) if here.is_relative_to(real) else "")
        stand.mkdir(parents=True, exist_ok=True)
        paths = [Path(os.path.relpath(tree / rule, stand)) for rule in revision.rules]
        try:
            with chdir(stand):
                return load_rulebook(paths)
        except RulebookError as error:
            raise RulebookError(
                f"{error.message}, at {name}", error.faults, hint=error.hint
            ) from None


def _unpack(revision: Revision, tree: Path) -> None:
    """Files and folders; of links those that stay inside."""
    command = ["git", "-C", str(revision.root), "archive", "--format=tar", revision.commit]
    with subprocess.Popen(  # noqa: S603 - the commit is one that git has named
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    _write(archive, member, tree)
        except tarfile.TarError:
            said = process.stderr.read().decode(errors="replace").strip() or "it gave no archive"
            raise UsageError(f"git archive {revision.commit[:7]}: {said}") from None


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, tree: Path) -> None:
    target = Path(os.path.normpath(tree / member.name))
    if not target.is_relative_to(tree):
        return
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
    elif member.isfile():
        content = archive.extractfile(member)
        assert content is not None  # noqa: S101 - a file has a content
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.read())
    elif member.issym():
        to = Path(os.path.normpath(target.parent / member.linkname))
        if to.is_relative_to(tree):
            target.symlink_to(member.linkname)
