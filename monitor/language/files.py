"""Which files are rulebooks, and what to call them."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.location import Location
from monitor.language.faults import Fault, FaultSeverity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".yaml", ".yml")
TESTS = (".test.yaml", ".test.yml")


class RulebookFile(NamedTuple):
    """`name` is what a person reads: relative to the working directory where it lies inside."""

    path: Path
    name: str

    def beside(self, name: str) -> Path:
        """The file of this name, which is relative to the folder of the rulebook."""
        return self.path.parent / name


def rulebook_files(
    paths: Sequence[Path], *, tests: bool = False
) -> tuple[list[RulebookFile], list[Fault]]:
    """Every rulebook file that `paths` name, each once, and what is wrong with the paths.

    A folder stands for all *.yaml and *.yml below it in sorted order, except hidden files and
    folders and, without `tests`, rule tests (*.test.yaml). Symbolic links that leave the folder or
    lead back into an open one are not followed.
    """
    found: dict[str, RulebookFile] = {}
    faults: list[Fault] = []
    if not paths:
        where = Location("rules", 0, 0)
        faults.append(Fault(where, "", "no path was given", "no-rulebook", "name files or folders"))
    for path in paths:
        if path.is_dir():
            files = list(_below(path, faults, tests=tests))
            if not files:
                hint = "rulebooks end in .yaml or .yml"
                faults.append(_fault(path, "no rulebook in this folder", "no-rulebook", hint))
        elif path.is_file():
            files = [path]
        else:
            faults.append(_fault(path, *_not_there(path)))
            continue
        for file in files:
            found.setdefault(os.path.realpath(file), RulebookFile(file, display_name(file)))
    return list(found.values()), faults


def _not_there(path: Path) -> tuple[str, str, str]:
    """Message, code and hint for a path that is neither a file nor a folder."""
    try:
        path.stat()
    except OSError as error:
        if path.is_symlink():
            return f"this link leads nowhere: {_reason(error)}", "no-such-file", "check the link"
        if isinstance(error, PermissionError):
            return "cannot be reached: permission denied", "unreadable", "check its permissions"
        return "no such file or folder", "no-such-file", "check the path"
    return "not a regular file", "no-such-file", "a pipe is read as standard input: -"


def display_name(path: Path) -> str:
    """As short as possible: relative to the working directory where it lies inside of it."""
    absolute = os.path.abspath(path)  # noqa: PTH100 - `Path.resolve` would follow links
    here = os.path.join(os.getcwd(), "")  # noqa: PTH109, PTH118 - a prefix, not a path
    name = absolute.removeprefix(here)
    return name.encode("utf-8", "replace").decode()


def _fault(path: Path, message: str, code: str, hint: str | None) -> Fault:
    return Fault(Location(display_name(path), 0, 0), "", message, code, hint)


def _below(root: Path, faults: list[Fault], *, tests: bool) -> Iterator[Path]:
    """Depth first, sorted by name."""
    real_root = os.path.realpath(root)
    seen = {real_root}
    stack: list[tuple[Path, bool]] = [(root, True)]
    while stack:
        path, folder = stack.pop()
        if not folder:
            yield path
            continue
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            faults.append(_fault(path, _reason(error), "unreadable", "check its permissions"))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() and not _followed(entry, real_root, faults):
                continue
            if entry.is_dir():
                real = os.path.realpath(entry.path)
                if real not in seen:
                    seen.add(real)
                    stack.append((Path(entry.path), True))
            elif (
                entry.is_file()
                and entry.name.endswith(SUFFIXES)
                and (tests or not entry.name.endswith(TESTS))
            ):
                stack.append((Path(entry.path), False))


def is_there(file: RulebookFile, document: str) -> bool:
    """Whether the document is there that a file names as its source."""
    try:
        return (file.path.parent / document.strip()).is_file()
    except (OSError, ValueError):
        return False


def _inside(path: str, real_root: str) -> bool:
    real = os.path.realpath(path)
    return real == real_root or real.startswith(os.path.join(real_root, ""))  # noqa: PTH118


def _followed(link: os.DirEntry[str], real_root: str, faults: list[Fault]) -> bool:
    """Whether a link in a folder is followed; where it could be a rulebook, why it is not."""
    named = link.name.endswith(SUFFIXES)
    where = Location(display_name(Path(link.path)), 0, 0)
    try:
        link.stat()
    except OSError as error:
        if named or error.errno == errno.ELOOP:
            message = f"this link leads nowhere: {_reason(error)}"
            hint = "check the link"
            faults.append(Fault(where, "", message, "link-nowhere", hint, FaultSeverity.WARNING))
        return False
    if _inside(link.path, real_root):
        return True
    if named or link.is_dir():
        message = "this link leaves the folder and is not followed"
        hint = "name its target as a path of its own"
        faults.append(Fault(where, "", message, "link-leaves", hint, FaultSeverity.INFO))
    return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def read_bytes(file: RulebookFile, limit: int) -> bytes | Fault:
    """The file, but no more than `limit` + 1 bytes of it. A pipe is refused: it may never end."""
    try:
        if not stat.S_ISREG(file.path.stat().st_mode) and not file.path.is_dir():
            message = "not a regular file"
            return Fault(Location(file.name, 0, 0), "", message, "unreadable", "check the path")
        with file.path.open("rb") as stream:
            # a buffer of `limit` bytes for each of many small files would cost more than all else
            size = os.fstat(stream.fileno()).st_size
            raw = stream.read(min(size, limit) + 1)
            return raw if len(raw) <= size else raw + stream.read(limit + 1 - len(raw))
    except OSError as error:
        message = f"cannot be read: {_reason(error)}"
        return Fault(Location(file.name, 0, 0), "", message, "unreadable", "check its permissions")
