"""The C and C++ projects: Debian source packages, pinned, each with the recipe that configures it (projects.toml)."""

import dataclasses
import os
import re
import tomllib

import corpus
from native import configure

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECTS = os.path.join(HERE, "projects.toml")
SITES = os.path.join(HERE, "sites.tsv")


@dataclasses.dataclass(frozen=True)
class Project:
    """One table of projects.toml; docs of the keys are there."""

    project: str
    version: str
    set: str
    recipe: str
    needs: tuple = ()
    options: tuple = ()
    targets: tuple = ()
    generate: tuple = ()
    flags: tuple = ()
    sources: tuple = ()
    binary: str = ""

    language = corpus.NATIVE

    @property
    def folder(self):
        """The project and upstream's own version, without what Debian adds to it."""
        return f"{self.project}-{re.sub(r'[+~-].*', '', self.version.split(':')[-1])}"

    @property
    def all_needs(self):
        return {*configure.ALWAYS_NEEDED, *configure.NEEDED[self.recipe], *self.needs}


def read_projects(path=PROJECTS):
    with open(path, "rb") as file:
        try:
            tables = tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise corpus.CorpusError(f"{path}: {error}") from error
    projects = []
    for name, table in tables.items():
        words = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
        try:
            project = Project(name, **words)
        except TypeError as error:
            raise corpus.CorpusError(f"{path}: {name}: {error}") from error
        if project.set not in corpus.SETS:
            raise corpus.CorpusError(f"{path}: {name}: `{project.set}` is no set ({', '.join(corpus.SETS)})")
        if project.recipe not in configure.NEEDED:
            raise corpus.CorpusError(f"{path}: {name}: `{project.recipe}` is no recipe ({', '.join(configure.NEEDED)})")
        projects.append(project)
    return projects
