"""Tests of the ecosystem check's part for C and C++: its tables, fetching, compile databases, projects that are absent.
Nothing is fetched from anywhere and no compiler is run."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "ecosystem"))
import corpus
import run
from native import configure, database, debian, projects


class Native(unittest.TestCase):
    def projects(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "projects.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return projects.read_projects(path)

    def test_what_is_in_the_project(self):
        native = projects.read_projects()
        sites = corpus.read_sites(projects.SITES, native)
        self.assertGreaterEqual(sum(project.set == "own" for project in native), 15)
        self.assertEqual({project.project for project in native} - {each.project for each in sites}, set(),
                         "projects without a judged site")
        self.assertEqual({project.project for project in native}
                         & {package.project for package in corpus.read_packages()}, set(), "a name in both tables")
        units = os.path.join(projects.HERE, "units")
        self.assertEqual(set(os.listdir(units)) - {project.project for project in native}, set())

    def test_folder(self):
        for version, folder in {"1:2.39-0+deb12u3": "p-2.39", "4.8+really4.7-1": "p-4.8", "1.9~dfsg-3": "p-1.9"}.items():
            self.assertEqual(projects.Project("p", version, "own", "make").folder, folder)

    def test_wrong_projects(self):
        for text, error in {
            "[p]\nset = 'own'\nrecipe = 'make'": "p: .*version",
            "[p]\nversion = '1'\nset = 'own'\nrecipe = 'bazel'": "`bazel` is no recipe",
            "[p]\nversion = '1'\nset = 'all'\nrecipe = 'make'": "`all` is no set",
            "[p]\nversion = '1'\nset = 'own'\nrecipe = 'make'\nwants = []": "p: .*wants",
            "[p": "projects.toml: ",
        }.items():
            with self.assertRaisesRegex(corpus.CorpusError, error):
                self.projects(text)

    def test_dry_run_of_make(self):
        told = """\
make: Entering directory '/r'
clang-19 -Wall -Werror '-DNAME="x y"' -MD -MF .d/a.d -c -o a.o a.c
make[1]: Entering directory '/r/lib'
/bin/sh ../libtool --mode=compile clang-19 -I.. -g \\
  -MT b.lo -c -o b.lo `test -f 'b.cpp' || echo './'`b.cpp
echo "c.c is not compiled"
make[1]: Leaving directory '/r/lib'
cd sub && clang++-19 -std=c++17 -c d.cc; echo done
clang-19 -E e.c > e.i
clang-19 -o tool tool.c -lm
make: Leaving directory '/r'
"""
        entries = database.from_make(told, "/r")
        self.assertEqual([(each["directory"], each["file"]) for each in entries],
                         [("/r", "a.c"), ("/r/lib", "b.cpp"), ("/r/sub", "d.cc"), ("/r", "tool.c")])
        self.assertEqual(entries[0]["arguments"], ["clang-19", "-Wall", '-DNAME="x y"', "-c", "a.c"])
        self.assertEqual(entries[1]["arguments"], ["clang-19", "-I..", "-g", "-c", "b.cpp"])

    def test_configured_once(self):
        project = projects.Project("p", "1-1", "own", "list", flags=("-Ix",), sources=("*.c",))

        class Archive:
            def __init__(self, folder):
                os.makedirs(folder, exist_ok=True)

            def unpack(self, _, target):
                os.makedirs(target)
                for name in ("a.c", "b.c", "c.txt"):
                    open(os.path.join(target, name), "w").close()
        with tempfile.TemporaryDirectory() as cache, mock.patch.object(debian, "Archive", Archive), \
                contextlib.redirect_stderr(io.StringIO()) as errors:
            configure.bring(project, cache)
            configure.bring(project, cache)
            with open(os.path.join(cache, "p-1", "compile_commands.json"), encoding="utf-8") as file:
                entries = json.load(file)
        self.assertEqual(errors.getvalue(), "ecosystem: p-1: 2 units\n")
        self.assertEqual([each["arguments"] for each in entries],
                         [["clang-19", "-Ix", "-c", "a.c"], ["clang-19", "-Ix", "-c", "b.c"]])

    def fetched(self, there, files):
        """What an archive gives that has only the version `there` of p."""
        def apt(archive, *words):
            wanted = words[-1].partition("=")[2] or there
            if words[0] != "update" and wanted == there:
                for name, text in files.items():
                    with open(os.path.join(archive.got, name), "w", encoding="utf-8") as file:
                        file.write(text)
            return subprocess.CompletedProcess(words, 0, stdout="404")
        targets = subprocess.CompletedProcess([], 0, stdout="deb-src http://archive/ suite main\n")
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(debian.Archive, "apt", apt), \
                mock.patch.object(debian, "run", lambda command: targets), \
                contextlib.redirect_stderr(io.StringIO()) as errors:
            got = debian.Archive(folder).download(projects.Project("p", "1:2-1", "own", "make"))
        return os.path.basename(got), errors.getvalue()

    def test_the_pinned_version(self):
        files = {"p_2-1.dsc": "Files:\n 0 1 p_2.tar\n 0 1 p_2.tar.asc\nx\n", "p_2.tar": ""}
        self.assertEqual(self.fetched("1:2-1", files), ("p_2-1.dsc", ""))

    def test_another_version_is_told(self):
        files = {"p_2-3.dsc": "Files:\n 0 1 p_2.tar\n", "p_2.tar": ""}
        got, told = self.fetched("1:2-3", files)
        self.assertEqual(got, "p_2-3.dsc")
        self.assertIn("version 1:2-1 has gone from the archive, so p_2-3.dsc is taken", told)

    def test_half_a_source_is_none(self):
        with self.assertRaisesRegex(debian.DebianError, "apt gave nothing"):
            self.fetched("1:2-1", {"p_2-1.dsc": "Files:\n 0 1 p_2.tar\n"})

    def test_a_project_that_is_absent_is_a_fault(self):
        project = projects.Project("p", "1-1", "own", "make")
        with tempfile.TemporaryDirectory() as cache, contextlib.redirect_stderr(io.StringIO()), \
                mock.patch.object(debian, "install", lambda packages: None), \
                mock.patch.object(configure, "bring", mock.Mock(side_effect=debian.DebianError("apt gave nothing"))):
            absent = run.bring_all([project], cache, 1)
        runs = run.check_all("no binary is run", [project], "", "", 1, absent)
        self.assertEqual([each.fault for each in runs], ["apt gave nothing"])
        out = io.StringIO()
        run.print_tables(runs, [], out)
        self.assertEqual(out.getvalue().splitlines()[0], "C and C++:")


if __name__ == "__main__":
    unittest.main()
