"""The corpus: which packages there are (packages.tsv) and which places in them somebody has judged (sites.tsv; those in C
and C++ are in native/, whose sites are read here too).

Both files are tab separated with a header; lines that begin with # are comments. An error names file and line.
"""

import csv
import dataclasses
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = os.path.join(HERE, "packages.tsv")
SITES = os.path.join(HERE, "sites.tsv")

VERDICTS = ("HAZ", "LOW", "SAFE")
SETS = ("given", "own")
LANGUAGES = {"python": "Python", "native": "C and C++"}  # with their titles
PYTHON, NATIVE = LANGUAGES


class CorpusError(Exception):
    """A line of one of the two files that does not say what it should."""


@dataclasses.dataclass(frozen=True)
class Package:
    """One pinned project. `source` is `sdist`, or the version of Python whose wheel is taken."""

    project: str
    version: str
    source: str
    set: str

    language = PYTHON

    @property
    def folder(self):
        return f"{self.project}-{self.version}"


@dataclasses.dataclass(frozen=True)
class Site:
    """One judged place. HAZ: a warning or error is due, by any of `rules`; LOW: a note at most; SAFE: neither."""

    project: str
    version: str
    path: str
    line: int
    verdict: str
    rules: frozenset
    note: str


def rows(path, columns):
    """(line number, row) of each line that is no comment."""
    with open(path, encoding="utf-8") as file:
        lines = [(number, line) for number, line in enumerate(file, 1) if line.strip() and not line.startswith("#")]
    table = list(csv.reader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not table or table[0] != columns:
        raise CorpusError(f"{path}: the first line must be the header: {', '.join(columns)}")
    for (number, _), row in zip(lines[1:], table[1:]):
        if len(row) != len(columns):
            raise CorpusError(f"{path}:{number}: {len(row)} columns where {len(columns)} are due")
        yield number, dict(zip(columns, row))


def read_packages(path=PACKAGES):
    packages = {}
    for number, row in rows(path, ["project", "version", "source", "set"]):
        package = Package(**row)
        if package.source != "sdist" and not re.fullmatch(r"3\.\d+", package.source):
            raise CorpusError(f"{path}:{number}: the source is `sdist` or a version of Python, not `{package.source}`")
        if package.set not in SETS:
            raise CorpusError(f"{path}:{number}: `{package.set}` is no set ({', '.join(SETS)})")
        if package.project in packages:
            raise CorpusError(f"{path}:{number}: {package.project} is there twice")
        packages[package.project] = package
    return list(packages.values())


def read_sites(path=SITES, packages=None):
    """With `packages`, each site must be one in the version that is pinned."""
    pinned = {package.project: package for package in packages or []}
    sites, known = [], set()
    for number, row in rows(path, ["project", "version", "path", "line", "verdict", "rules", "note"]):
        where = f"{path}:{number}"
        rules = frozenset(rule.strip() for rule in row["rules"].split(",")) - {""}
        if row["verdict"] not in VERDICTS:
            raise CorpusError(f"{where}: `{row['verdict']}` is no verdict ({', '.join(VERDICTS)})")
        if not row["line"].isdigit():
            raise CorpusError(f"{where}: `{row['line']}` is no line")
        if row["verdict"] == "HAZ" and not rules:
            raise CorpusError(f"{where}: a hazard names the rules that are right")
        if packages is not None:
            package = pinned.get(row["project"])
            if not package or package.version != row["version"]:
                raise CorpusError(f"{where}: {row['project']} {row['version']} is not pinned")
            if not row["path"].startswith(package.folder + "/"):
                raise CorpusError(f"{where}: the path does not begin with {package.folder}/")
        site = Site(row["project"], row["version"], row["path"], int(row["line"]), row["verdict"], rules, row["note"])
        if (site.path, site.line) in known:
            raise CorpusError(f"{where}: {site.path}:{site.line} is judged twice")
        known.add((site.path, site.line))
        sites.append(site)
    return sites
