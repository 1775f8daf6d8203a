"""Runs every test of one build: the GoogleTest binaries, then lit. The last line is `N passed, N failed`."""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

LIT = "/usr/lib/llvm-19/build/utils/lit/lit.py"
# LLVM's own allocators mark memory in the parts that are compiled here and do not unmark it in those that are not.
os.environ.setdefault("ASAN_OPTIONS", "allow_user_poisoning=0")
TESTS = os.path.dirname(os.path.abspath(__file__))


def run_googletest(binary):
    """(passed, failed) over the cases; a binary that dies counts as one failure more."""
    print(f"-- {os.path.basename(binary)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        told = os.path.join(folder, "report.json")
        run = subprocess.run([binary, f"--gtest_output=json:{told}", "--gtest_brief=1"], cwd=os.path.dirname(TESTS),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        try:
            with open(told, encoding="utf-8") as file:
                report = json.load(file)
        except (OSError, ValueError):
            print(run.stdout, f"{binary} ended with status {run.returncode} and told no results", sep="\n")
            return 0, 1
    for line in run.stdout.splitlines():
        if line.startswith("not tested: "):
            print(line)
    skipped = sum(case.get("result") in ("SKIPPED", "SUPPRESSED")
                  for suite in report.get("testsuites", []) for case in suite["testsuite"])
    failed = report["failures"] + report.get("errors", 0)
    passed = report["tests"] - failed - report.get("disabled", 0) - skipped
    if run.returncode and not failed:
        failed = 1
    if failed:
        print(run.stdout)
    return passed, failed


def run_lit(build, jobs, pattern):
    print("-- lit", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        told = os.path.join(folder, "report.json")
        command = [sys.executable, LIT, TESTS, "-v", "-j", str(jobs), "--output", told]
        if pattern:
            command += ["--filter", pattern]
        status = subprocess.run(command, env={**os.environ, "FORKLINT_BUILD": os.path.abspath(build)}).returncode
        try:
            with open(told, encoding="utf-8") as file:
                results = [re.sub(r"\W", "", test["code"]) for test in json.load(file)["tests"]]
        except (OSError, ValueError):
            return 0, 1
    # A pass at a second try is no pass here. An expected failure is neither: its test says what it waits for, and
    # fails once it passes.
    passed = results.count("PASS")
    other = ("UNSUPPORTED", "EXCLUDED", "SKIPPED", "XFAIL")
    failed = len(results) - passed - sum(results.count(code) for code in other)
    for code in sorted(set(results) - {"PASS", "FAIL"}):
        print(f"lit: {results.count(code)} {code}")
    return passed, failed or int(status != 0 and not pattern)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--filter", default="", help="lit tests whose name matches; no GoogleTest")
    options = parser.parse_args()

    binaries = [] if options.filter else sorted(glob.glob(os.path.join(options.build, "bin", "forklint-*-tests")))
    results = [run_googletest(binary) for binary in binaries]
    results.append(run_lit(options.build, options.jobs, options.filter))
    passed, failed = (sum(column) for column in zip(*results))
    print(f"{passed} passed, {failed} failed", flush=True)
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
