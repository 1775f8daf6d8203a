"""Brings pinned Debian packages onto the machine: sources into a folder, what configuring needs into the system.

Lists of source packages are made for these runs alone, from the archives that the machine's apt has of Debian's. So nothing
of the system's own set-up is changed, and sources need no rights.
"""

import glob
import os
import shutil
import subprocess
import sys
import threading


class DebianError(Exception):
    """A package that apt does not give, or that cannot be unpacked."""


def say(text):
    print(f"ecosystem: {text}", file=sys.stderr, flush=True)


def run(command, folder=None):
    try:
        return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace")
    except FileNotFoundError as error:
        raise DebianError(f"{command[0]} is not here; the C and C++ projects come from Debian's archive") from error


def missing(packages):
    told = run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package}\n"]).stdout
    installed = {line[2:].strip() for line in told.splitlines() if line.startswith("ii")}
    return sorted(set(packages) - installed)


def install(packages):
    """What is not there yet, all at once. Where that is not allowed or not possible, it is told and the run goes on."""
    absent = missing(packages)
    if not absent:
        return
    root = []
    if os.getuid() != 0:
        if not shutil.which("sudo") or run(["sudo", "-n", "true"]).returncode:
            say("packages are missing, and neither root nor sudo is at hand; an administrator can install them by\n"
                f"  apt-get install --no-install-recommends {' '.join(absent)}")
            return
        root = ["sudo", "-n"]
    say(f"apt installs: {' '.join(absent)}")
    apt = root + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run(apt + ["update"])
    take = apt + ["-y", "--no-install-recommends", "install"]
    if run(take + absent).returncode == 0:
        return
    for package in absent:  # One that has gone must not keep the others away.
        run(take + [package])
    if absent := missing(absent):
        say(f"apt could not install {' '.join(absent)}: some projects may not be configured")


class Archive:
    """Debian's archive as apt sees it, with state of its own below `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self.got = os.path.join(folder, "got")
        self.lock = threading.Lock()
        self.is_new = True

    def apt(self, *words):
        """Without a sandbox of its own user, for whom the folder may be closed; the machine's keys check what comes."""
        state = {"Dir::Etc::sourcelist": "source.list", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
        options = [f"-o{name}={os.path.join(self.folder, path)}" for name, path in state.items()]
        return run(["apt-get", "-q", "-oDir::Etc::sourceparts=/dev/null", "-oAPT::Sandbox::User=root", *options, *words],
                   self.got)

    def update(self):
        for name in ("got", "lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)
        told = run(["apt-get", "indextargets", "--format", "deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)",
                    "Identifier: Packages", "Origin: Debian"]).stdout
        # In apt's own order, which says where it fetches what two archives have.
        lines = list(dict.fromkeys(line for line in told.splitlines() if line.startswith("deb-src ")))
        if not lines:
            raise DebianError("apt has no list of a Debian archive; `apt-get update` makes them")
        with open(os.path.join(self.folder, "source.list"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines + [line.replace("deb-src", "deb", 1) for line in lines]) + "\n")
        done = self.apt("update")
        if done.returncode:
            raise DebianError(f"apt-get update of the list of sources: {done.stdout.strip()[-400:]}")
        self.is_new = False

    def files(self, project, version):
        ending = ".deb" if project.binary else ".dsc"
        name = project.binary or project.project
        version = version.replace(":", "%3a") if project.binary else version.split(":")[-1]
        found = glob.glob(os.path.join(glob.escape(self.got), f"{name}_{version}*{ending}"))
        return [file for file in sorted(found) if project.binary or self.is_whole(file)]

    @staticmethod
    def is_whole(description):
        """Are the files there that it lists? Mirrors may lack upstream's signature, and nobody reads it here."""
        names, inside = [], False
        with open(description, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Files:"):
                    inside = True
                elif inside and line.startswith(" "):
                    names.append(line.split()[-1])
                elif inside:
                    break
        return all(name.endswith(".asc") or os.path.exists(os.path.join(os.path.dirname(description), name))
                   for name in names)

    def download(self, project):
        """The .dsc or .deb of the pinned version; where it has gone, of the suite's present one, which is told."""
        with self.lock:
            if found := self.files(project, project.version):
                return found[-1]
            if self.is_new:
                self.update()
            verb = ["download"] if project.binary else ["source", "--download-only"]
            name = project.binary or project.project
            told = self.apt(*verb, f"{name}={project.version}").stdout
            if found := self.files(project, project.version):
                return found[-1]
            told += self.apt(*verb, name).stdout
            found = sorted(self.files(project, "*"), key=os.path.getmtime)
            if not found:
                raise DebianError(f"apt gave nothing: {told.strip()[-400:]}")
            say(f"{project.folder}: version {project.version} has gone from the archive, so {os.path.basename(found[-1])} "
                "is taken; judged lines may be off")
            return found[-1]

    def unpack(self, project, target):
        file = self.download(project)
        if project.binary:
            os.makedirs(target, exist_ok=True)
            command = ["dpkg-deb", "-x", file, target]
        else:
            command = ["dpkg-source", "--no-check", "--no-copy", "-q", "-x", file, target]
        done = run(command)
        if done.returncode:
            raise DebianError(f"cannot be unpacked: {done.stdout.strip()[-400:]}")
