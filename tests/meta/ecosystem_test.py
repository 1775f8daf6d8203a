"""Tests of the ecosystem check: the tables, the scorer, the page of counts, and the runner against a stand-in for
forklint and one for pip. Nothing is fetched from anywhere."""

import contextlib
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "ecosystem"))
import corpus
import fetch
import precision
import run
import score


def site(line, verdict="HAZ", rules=("fork-after-threads",), path="p-1/a.py", note="why"):
    return corpus.Site("p", "1", path, line, verdict, frozenset(rules if verdict != "SAFE" else ()), note)


def finding(line, rule="fork-after-threads", level="warning", path="p-1/a.py", **more):
    return {"path": path, "line": line, "column": 1, "rule": rule, "level": level, "message": "told", **more}


class Tables(unittest.TestCase):
    def read(self, reader, text, **more):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "table.tsv")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return reader(path, **more)

    def sites(self, *lines, packages=None):
        header = "# a comment\nproject\tversion\tpath\tline\tverdict\trules\tnote\n"
        return self.read(corpus.read_sites, header + "\n".join(lines), packages=packages)

    def packages(self, *lines):
        return self.read(corpus.read_packages, "project\tversion\tsource\tset\n" + "\n".join(lines))

    def test_what_is_in_the_project(self):
        packages = corpus.read_packages()
        sites = corpus.read_sites(packages=packages)
        self.assertGreaterEqual(sum(package.set == "own" for package in packages), 40)
        self.assertEqual({package.project for package in packages if package.set == "given"}
                         - {each.project for each in sites}, set(), "given projects without a judged site")

    def test_sites(self):
        read = self.sites('p\t1\tp-1/a.py\t7\tHAZ\tone, two\tit says "so"', "p\t1\tp-1/a.py\t9\tSAFE\t\tno")
        self.assertEqual([each.line for each in read], [7, 9])
        self.assertEqual(read[0].rules, {"one", "two"})
        self.assertEqual(read[0].note, 'it says "so"')

    def test_wrong_sites(self):
        pinned = [corpus.Package("p", "1", "3.11", "own")]
        for line, error in {
            "p\t1\tp-1/a.py\t7\tBAD\tone\tx": "`BAD` is no verdict",
            "p\t1\tp-1/a.py\tx\tHAZ\tone\tx": "`x` is no line",
            "p\t1\tp-1/a.py\t7\tHAZ\t\tx": "a hazard names the rules",
            "p\t1\tp-1/a.py\t7\tHAZ\tone": "6 columns where 7 are due",
            "p\t2\tp-2/a.py\t7\tHAZ\tone\tx": "p 2 is not pinned",
            "p\t1\tq-1/a.py\t7\tHAZ\tone\tx": ".*does not begin with p-1/",
        }.items():
            with self.assertRaisesRegex(corpus.CorpusError, ":3: " + error):
                self.sites(line, packages=pinned)
        with self.assertRaisesRegex(corpus.CorpusError, ":4: p-1/a.py:7 is judged twice"):
            self.sites("p\t1\tp-1/a.py\t7\tHAZ\tone\tx", "p\t1\tp-1/a.py\t7\tSAFE\t\tx")

    def test_wrong_packages(self):
        for lines, error in {
            ("p\t1\tegg\town",): "not `egg`",
            ("p\t1\tsdist\tall",): "`all` is no set",
            ("p\t1\tsdist\town", "p\t2\t3.11\town"): "p is there twice",
        }.items():
            with self.assertRaisesRegex(corpus.CorpusError, error):
                self.packages(*lines)
        self.assertEqual(self.packages("p\t1\tsdist\town")[0].folder, "p-1")

    def test_header(self):
        with self.assertRaisesRegex(corpus.CorpusError, "the first line must be the header"):
            self.read(corpus.read_packages, "p\t1\tsdist\town\n")


class Scores(unittest.TestCase):
    def test_hazards(self):
        sites = [site(10), site(30), site(50), site(70)]
        told = [finding(14), finding(35), finding(50, rule="other"), finding(70, level="note")]
        scored = score.score(sites, told)
        self.assertEqual((scored.hazards, scored.found, scored.right), (4, 2, 1))
        self.assertEqual([line.split()[0] for line in scored.lines], ["MISS", "OTHER", "MISS"])
        self.assertEqual([each["line"] for each in scored.unjudged], [35])

    def test_another_name_of_the_rule_is_right(self):
        scored = score.score([site(10, rules=["preexec-fn"])], [finding(10, also=["preexec-fn"])])
        self.assertEqual(scored.right, 1)

    def test_a_step_at_a_hazard_counts(self):
        steps = [{"role": "fork", "path": "p-1/b.py", "line": 11, "message": "here"}]
        told = [finding(90, steps=steps)]
        self.assertEqual(score.score([site(10, path="p-1/b.py")], told).right, 1)
        self.assertEqual(score.score([site(10, "SAFE", path="p-1/b.py")], told).false, 0)

    def test_safe_and_low(self):
        sites = [site(10, "SAFE"), site(20, "SAFE"), site(30, "LOW"), site(40, "LOW")]
        told = [finding(10), finding(20, level="note"), finding(30, level="error"), finding(40, level="note")]
        scored = score.score(sites, told)
        self.assertEqual((scored.safe, scored.false, scored.low, scored.loud_low), (2, 1, 2, 1))
        self.assertEqual([line.split(" ")[0] for line in scored.lines], ["FALSE", "LOUD"])
        self.assertEqual(scored.unjudged, [])

    def test_a_range_of_lines(self):
        self.assertEqual(score.score([site(20)], [finding(10, end_line=16)]).found, 1)
        self.assertEqual(score.score([site(21)], [finding(10, end_line=16)]).found, 0)

    def test_what_speaks_of_the_run_is_left_out(self):
        told = [finding(1, rule="unanalyzed-unit"), finding(2)]
        self.assertEqual(len(score.about_the_program({"findings": told})), 1)

    def test_the_nearest_site_judges(self):
        sites = [site(10), site(13, "SAFE")]
        judged = score.judge(sites, [finding(10), finding(12), finding(13), finding(40), finding(9, level="note")])
        self.assertEqual([each.is_right for each in judged], [True, False, False, False])
        self.assertIsNone(judged[3].site)
        self.assertEqual(score.precision(judged), (1, 3))

    def test_a_step_judges_where_nothing_nearer_does(self):
        steps = [{"role": "fork", "path": "p-1/b.py", "line": 10, "message": "here"}]
        hazard = site(10, path="p-1/b.py")
        told = [finding(51, steps=steps)]
        self.assertEqual(score.precision(score.judge([hazard], told)), (1, 1))
        self.assertEqual(score.precision(score.judge([hazard, site(50, "SAFE")], told)), (0, 1))

    def test_difference(self):
        before = [finding(1), finding(2), finding(3, level="note")]
        after = [finding(2), finding(3), finding(2, message="other words")]
        gone, come = score.difference(before, after)
        self.assertEqual([(each["line"], each["level"]) for each in gone], [(1, "warning"), (3, "note")])
        self.assertEqual([(each["line"], each["level"]) for each in come], [(3, "warning")])


class Page(unittest.TestCase):
    judgements = [score.Judgement(finding(10), site(10)),
                  score.Judgement(finding(20), site(20, "SAFE", note="joined")),
                  score.Judgement(finding(30, rule="preexec-fn"), None)]

    def test_counts(self):
        lines = precision.table(self.judgements)
        self.assertIn("| `fork-after-threads` | 1 | 1 | 0 |", lines)
        self.assertIn("| `preexec-fn` | 0 | 0 | 1 |", lines)
        self.assertEqual(lines[-1], "Right: 1 of 2 judged, 50.0 %.")
        self.assertEqual(precision.false_alarms(self.judgements),
                         ["- p-1/a.py:20 `fork-after-threads`, judged SAFE: joined"])

    def test_only_what_is_between_the_lines_changes(self):
        first, second = (precision.marks(language) for language in corpus.LANGUAGES)
        page = "\n".join(["# Title", first[0], "counts of yesterday", first[1], "by hand", *second, "end", ""])
        languages = {corpus.PYTHON: self.judgements}
        new = precision.replaced(page, languages)
        self.assertTrue(new.startswith("# Title\n") and new.endswith("\n".join(["", "by hand", *second, "end", ""])))
        self.assertNotIn("yesterday", new)
        self.assertEqual(precision.replaced(new, languages), new)
        with self.assertRaises(precision.PageError):
            precision.replaced("# Title\n", languages)


# Tells the report that the file `answer` in the project's folder holds; `die` in its place ends it with status 2.
STAND_IN = """#!{python}
import json, os, sys
told = next(word for word in sys.argv if word.startswith("json="))[5:]
text = open(os.path.join(sys.argv[-1], os.environ.get("ANSWER", "answer"))).read()
if text == "die":
    sys.exit(2)
open(told, "w").write(text)
"""


def report(*findings):
    statistics = {"calls": {"resolved": 1, "modelled": 1, "unknown": 2,
                            "unknown_callees": [{"name": "ship", "reason": "x", "sites": 2}]}}
    return json.dumps({"schema": "forklint-report/1", "findings": list(findings), "summary": {"statistics": statistics}})


class Runner(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.cache, self.reports = os.path.join(held.name, "cache"), os.path.join(held.name, "reports")
        self.binary = os.path.join(held.name, "forklint")
        with open(self.binary, "w") as file:
            file.write(STAND_IN.replace("{python}", sys.executable))
        os.chmod(self.binary, stat.S_IRWXU)
        self.package = corpus.Package("p", "1", "3.11", "own")

    def answer(self, text, name="answer", package=None):
        folder = os.path.join(self.cache, (package or self.package).folder)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)

    def run_one(self):
        return run.check_all(self.binary, [self.package], self.cache, self.reports, 1)

    def test_report_and_table(self):
        self.answer(report(finding(10), finding(90)))
        runs = self.run_one()
        self.assertEqual(runs[0].fault, "")
        self.assertEqual(runs[0].calls, (1, 1, 2))
        self.assertGreater(runs[0].mebibytes, 1)
        out = io.StringIO()
        run.print_tables(runs, [site(10)], out)
        self.assertEqual(out.getvalue().splitlines()[0], "Python:")
        row = next(line.split() for line in out.getvalue().splitlines() if line.startswith("p-1"))
        self.assertEqual(row[1:10], ["1/1", "1/1", "0/0", "0/0", "1", "1/1", "25.0", "25.0", "50.0"])
        out = io.StringIO()
        run.print_places(runs, [site(10)], True, out)
        self.assertEqual(out.getvalue(), "NEW   p-1/a.py:90 warning [fork-after-threads] told\n")
        out = io.StringIO()
        run.print_unknown(runs, out)
        self.assertEqual(out.getvalue(), "UNKNOWN     2 ship\n")

    def test_a_failed_run_is_told(self):
        self.answer(report())
        self.run_one()
        self.answer("die")
        runs = self.run_one()
        self.assertEqual(runs[0].fault, "exit status 2")
        self.assertIsNone(runs[0].report, "the report of an earlier run counts for nothing")

    def test_memory_and_time(self):
        self.answer(report())
        with mock.patch.object(run, "MOST_MEBIBYTES", 1):
            self.assertRegex(self.run_one()[0].fault, r"took \d+ MiB of memory")
        with mock.patch.object(run, "MOST_SECONDS", 0.2):
            status, _, _ = run.measure([sys.executable, "-c", "import time; time.sleep(60)"], ".", os.devnull)
        self.assertIsNone(status)

    def test_difference(self):
        self.answer(report(finding(10)))
        other = self.run_one()
        self.answer(report(finding(11)))
        out = io.StringIO()
        run.print_difference(self.run_one(), other, out)
        self.assertEqual(out.getvalue(), "- p-1/a.py:10 warning [fork-after-threads] told\n"
                                         "+ p-1/a.py:11 warning [fork-after-threads] told\n2 findings differ\n")

    def test_command_line(self):
        words = ["run.py", "--binary", self.binary, "--cache", self.cache, "--reports", self.reports, "nobody"]
        errors = io.StringIO()
        with mock.patch.object(sys, "argv", words), contextlib.redirect_stderr(errors):
            self.assertEqual(run.main(), 2)
        self.assertEqual(errors.getvalue(), "ecosystem: no such projects: nobody\n")


class Fetch(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.cache = os.path.join(held.name, "cache")

    def fetch(self, source, make):
        package = corpus.Package("p", "1", source, "own")

        def pip(command, **_):
            self.command = command
            folder = command[command.index("--dest") + 1]
            return subprocess.CompletedProcess(command, make(folder), stdout="no such package")
        with mock.patch.object(subprocess, "run", pip):
            return fetch.fetch(package, self.cache)

    @staticmethod
    def wheel(folder):
        with zipfile.ZipFile(os.path.join(folder, "p-1-py3-none-any.whl"), "w") as file:
            file.writestr("p/__init__.py", "x = 1\n")
        return 0

    def test_wheel(self):
        self.assertTrue(self.fetch("3.11", self.wheel))
        self.assertEqual(sorted(os.listdir(os.path.join(self.cache, "p-1"))), [".forklint.toml", "p"])
        self.assertEqual(os.listdir(self.cache), ["p-1"])
        self.assertEqual(self.command[-1], "p==1")
        self.assertFalse(self.fetch("3.11", lambda folder: self.fail("it is there already")))

    def test_source(self):
        def sdist(folder):
            with zipfile.ZipFile(os.path.join(folder, "p-1.zip"), "w") as file:
                file.writestr("p-1/setup.py", "")
            return 0
        self.assertTrue(self.fetch("sdist", sdist))
        self.assertEqual(sorted(os.listdir(os.path.join(self.cache, "p-1"))), [".forklint.toml", "setup.py"])
        self.assertIn("--no-binary", self.command)

    def test_failure_leaves_nothing(self):
        def broken(folder):
            with open(os.path.join(folder, "p-1.whl"), "w") as file:
                file.write("no archive")
            return 0
        for make in (lambda folder: 1, broken):
            with self.assertRaisesRegex(fetch.FetchError, "p-1: "):
                self.fetch("3.11", make)
            self.assertEqual(os.listdir(self.cache), [])


if __name__ == "__main__":
    unittest.main()
