"""Configures projects without building them: each recipe leads to a compile_commands.json in the project's folder."""

import os
import shutil
import subprocess

import fetch
from native import database, debian

ALWAYS_NEEDED = ("clang-19", "dpkg-dev", "make", "ninja-build", "pkg-config")
# The recipes, with the packages that each needs beside the project's own.
NEEDED = {
    "cmake": ("cmake",),
    "meson": ("meson",),
    "autotools": ("autoconf", "automake", "libtool", "gettext"),
    "make": (),
    "list": (),
}
MOST_SECONDS = 900
HERE = os.path.dirname(os.path.abspath(__file__))


# One for each folder, since its lock guards what apt writes there.
ARCHIVES = {}


class Steps:
    """Runs the steps for one project; what they print goes to a log beside its folder."""

    def __init__(self, project, root, log):
        self.project, self.root, self.log = project, root, log
        self.environment = dict(os.environ, CC="clang-19", CXX="clang++-19", LC_ALL="C.UTF-8", NOCONFIGURE="1")

    def run(self, command, output=None):
        """True if it ended well. `output`: the file for what it prints, if not the log."""
        with open(self.log, "ab") as log, open(output or os.devnull, "wb") as out:
            log.write(f"$ {command}\n".encode())
            log.flush()
            try:
                done = subprocess.run(command, cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL,
                                      stdout=out if output else log, stderr=log, timeout=MOST_SECONDS,
                                      shell=isinstance(command, str))
            except (subprocess.TimeoutExpired, FileNotFoundError) as error:
                log.write(f"{error}\n".encode())
                return False
        return done.returncode == 0

    def must(self, command):
        if not self.run(command):
            raise debian.DebianError(f"step failed: {command if isinstance(command, str) else ' '.join(command)} "
                                     f"(see {self.log})")

    def generate(self):
        """Headers and sources that units include. One that fails costs the units that need it, not the project."""
        for command in self.project.generate:
            if not self.run(command):
                debian.say(f"{self.project.folder}: step failed: {command} (see {self.log})")

    def ninja(self):
        """Makes what is generated and included, but no object."""
        listed = self.log + ".targets"
        self.run(["ninja", "-C", "build", "-t", "targets", "all"], listed)
        with open(listed, encoding="utf-8", errors="replace") as file:
            made = [line.split(": ")[0] for line in file if line.rstrip().endswith(("CUSTOM_COMMAND", "_COMMAND"))]
        made = [name for name in made if name.endswith((".h", ".hh", ".hpp", ".hxx", ".inc", ".c", ".cc", ".cpp"))]
        if made:
            self.run(["ninja", "-C", "build", "-k", "0", *made])
        self.generate()
        return database.from_json(os.path.join(self.root, "build", "compile_commands.json"))

    def cmake(self):
        # A header that is compiled before the others is not there, since nothing is built.
        self.must(["cmake", "-S", ".", "-B", "build", "-GNinja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                   "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON", *self.project.options])
        return self.ninja()

    def meson(self):
        self.must(["meson", "setup", "build", *self.project.options])
        return self.ninja()

    def autotools(self):
        if not os.path.exists(os.path.join(self.root, "configure")):
            self.must(["autoreconf", "-fi"])
        self.must(["./configure", *self.project.options])
        return self.make()

    def make(self):
        """A dry run. Make still runs the lines that call it again, so it goes through all folders."""
        self.generate()
        told = self.log + ".make"
        variables = self.project.options if self.project.recipe == "make" else ()
        self.run(["make", "-n", "-k", "-w", "V=1", *variables, *self.project.targets], told)
        with open(told, encoding="utf-8", errors="replace") as file:
            return database.from_make(file.read(), self.root)

    def list(self):
        self.generate()
        return []


def is_there(project, cache):
    return os.path.exists(os.path.join(cache, project.folder, "compile_commands.json"))


def bring(project, cache):
    """Unpacks and configures the project below `cache` unless that has been done."""
    if is_there(project, cache):
        return
    root = os.path.realpath(os.path.join(cache, project.folder))
    archive = os.path.join(os.path.realpath(cache), ".debian")
    shutil.rmtree(root, ignore_errors=True)
    ARCHIVES.setdefault(archive, debian.Archive(archive)).unpack(project, root)
    units = os.path.join(HERE, "units", project.project)
    if os.path.isdir(units):
        shutil.copytree(units, os.path.join(root, "units"))
    log = os.path.join(archive, project.project + ".log")
    open(log, "w").close()
    steps = Steps(project, root, log)
    entries = getattr(steps, project.recipe)() + database.from_list(root, project.sources, project.flags)
    if not entries:
        raise debian.DebianError(f"no compile command was found (see {log})")
    written, absent = database.write(root, entries)
    open(os.path.join(root, fetch.MARK), "a").close()
    debian.say(f"{project.folder}: {written} units" + (f", {absent} sources are not there" if absent else ""))
