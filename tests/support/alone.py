"""An environment that holds a wheel and what it says that it needs, and nothing else: without a package index.

The requirements are those of the installed wheel, and theirs in turn. Each is taken from the environment of the tests,
where `make install` put the version that the lock names, by links to its files.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def installed(wheel: Path, folder: Path) -> Path:
    """The `bin` folder of the environment, which is made in `folder`."""
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    done = subprocess.run(
        [*pip, "--quiet", "--no-index", "--no-deps", "--no-compile", str(wheel)],
        capture_output=True, text=True, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (own,) = distributions(path=[str(site)])
    for needed in _closure(_requirements(own, ())):
        _link(needed, site)
    return folder / "bin"


def _closure(wanted: Iterable[Requirement]) -> Iterator[Distribution]:
    """Every distribution that is needed, each once; those of the tests' own environment must do."""
    todo, known, given = list(wanted), set[tuple[str, frozenset[str]]](), set[str]()
    while todo:
        need = todo.pop()
        name, extras = canonicalize_name(need.name), frozenset(need.extras)
        if (name, extras) in known:
            continue
        known.add((name, extras))
        found = distribution(need.name)
        assert need.specifier.contains(found.version, prereleases=True), (need, found.version)
        todo += _requirements(found, extras)
        if name not in given:
            given.add(name)
            yield found


def _requirements(of: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for line in of.requires or ():
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": it}) for it in ("", *extras)):
            yield need


def _link(needed: Distribution, site: Path) -> None:
    for file in needed.files or ():
        if ".." not in file.parts:
            place = site / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(Path(str(needed.locate_file(file))))
