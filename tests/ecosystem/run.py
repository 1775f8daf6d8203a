"""Checks the pinned projects and compares what is told with the judged sites: Python (packages.tsv, sites.tsv), C and C++
(native/).

One JSON report a project goes to the folder REPORTS. Without --quiet a line is printed for each miss and each false alarm,
then a table for each language.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import subprocess
import sys
import threading
import time

import corpus
import fetch
import precision
import score
from native import configure, debian, projects

# Longer is a fault of the program. Larger too: `./dev ecosystem` tells what is over.
MOST_SECONDS = 600
MOST_MEBIBYTES = 2048


@dataclasses.dataclass
class Run:
    """One run of the program over one project. `report` is None where it told none; `fault` says why."""

    package: object
    report: dict | None = None
    fault: str = ""
    seconds: float = 0
    mebibytes: float = 0

    @property
    def findings(self):
        return score.about_the_program(self.report) if self.report else []

    @property
    def calls(self):
        """(resolved, modelled, unknown) of the call sites in functions that lead to a fork."""
        statistics = (self.report or {}).get("summary", {}).get("statistics")
        return tuple(statistics["calls"][name] for name in ("resolved", "modelled", "unknown")) if statistics else None


def measure(command, folder, log):
    """(exit status or None after MOST_SECONDS, seconds of CPU, MiB at the most) of a process and its children."""
    with open(log, "wb") as stderr:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr)
    timer = threading.Timer(MOST_SECONDS, process.kill)
    begun = time.monotonic()
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    late = process.returncode < 0 and time.monotonic() - begun >= MOST_SECONDS
    return None if late else process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def check(binary, package, cache, reports):
    """Runs the program in `cache`, so that paths of the report begin with the project's folder."""
    os.makedirs(reports, exist_ok=True)
    told, log = (os.path.join(reports, package.project + ending) for ending in (".json", ".log"))
    if os.path.exists(told):
        os.remove(told)
    command = [binary, "check", "-j", "1", "--stats", "--output", f"json={told}", package.folder]
    status, seconds, mebibytes = measure(command, cache, log)
    run = Run(package, None, "", seconds, mebibytes)
    if status is None:
        run.fault = f"not done after {MOST_SECONDS} s"
    elif status not in (0, 1):
        run.fault = f"exit status {status}"
    if mebibytes > MOST_MEBIBYTES:
        run.fault = "; ".join(filter(None, [run.fault, f"took {mebibytes:.0f} MiB of memory"]))
    try:
        with open(told, encoding="utf-8") as file:
            run.report = json.load(file)
    except (OSError, ValueError):
        run.fault = run.fault or "told no report"
    return run


def check_all(binary, packages, cache, reports, jobs, absent=()):
    """`absent`: why a package is not there, by its project."""
    def one(package):
        if package.project in absent:
            return Run(package, fault=absent[package.project])
        return check(binary, package, cache, reports)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, packages))


def bring_all(packages, cache, jobs):
    """Fetches what is not there yet; C and C++ are configured too. Returns why packages are absent, by project.

    A Python package that is absent ends the run: pip gives it or the net is gone. What configures depends on the machine.
    """
    for package in packages:
        if package.language == corpus.PYTHON and fetch.fetch(package, cache):
            print(f"fetched {package.folder}", file=sys.stderr, flush=True)
    native = [package for package in packages if package.language == corpus.NATIVE]
    absent = {}

    def one(project):
        try:
            configure.bring(project, cache)
        except debian.DebianError as error:
            absent[project.project] = str(error)
    try:
        debian.install({need for project in native if not configure.is_there(project, cache) for need in project.all_needs})
    except debian.DebianError as error:
        return {project.project: str(error) for project in native if not configure.is_there(project, cache)}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, native))
    return absent


def read_all():
    """(packages, sites) of all languages."""
    python, native = corpus.read_packages(), projects.read_projects()
    return python + native, corpus.read_sites(packages=python) + corpus.read_sites(projects.SITES, native)


# --- the table ---------------------------------------------------------------------------------------------------

COLUMNS = ("project", "hazards", "right", "safe", "low", "new", "loud right", "resolved", "modelled", "unknown", "CPU s",
           "MiB")
LEGEND = """\
hazards, right: judged hazards told, and told by a right rule, of all; safe, low: judged places told at warning or error
although they are none; new: warnings and errors that nobody has judged; loud right: judged warnings and errors that are
right; resolved, modelled, unknown: per cent of the call sites in functions that lead to a fork"""


def shares(calls):
    total = sum(calls) if calls else 0
    return [f"{100 * part / total:.1f}" if total else "-" for part in calls or (0, 0, 0)]


def cells(name, scored, judged, calls, seconds, mebibytes):
    right, of = judged
    return [name, f"{scored.found}/{scored.hazards}", f"{scored.right}/{scored.hazards}", f"{scored.false}/{scored.safe}",
            f"{scored.loud_low}/{scored.low}", str(len(scored.unjudged)), f"{right}/{of}", *shares(calls),
            f"{seconds:.2f}", f"{mebibytes:.0f}"]


def total_of(name, runs, sites):
    """The cells over several runs, and what their scores are together."""
    together, right, of = score.Score(), 0, 0
    calls = [0, 0, 0]
    for run in runs:
        own = [site for site in sites if site.project == run.package.project]
        together.add(score.score(own, run.findings))
        judged = score.precision(score.judge(own, run.findings))
        right, of = right + judged[0], of + judged[1]
        calls = [sum(pair) for pair in zip(calls, run.calls or (0, 0, 0))]
    return cells(name, together, (right, of), calls, sum(run.seconds for run in runs),
                 max((run.mebibytes for run in runs), default=0)), together


def by_language(runs):
    """(language, its runs) of each language that there is."""
    for language in corpus.LANGUAGES:
        those = [run for run in runs if run.package.language == language]
        if those:
            yield language, those


def print_tables(runs, sites, out=sys.stdout):
    for language, those in by_language(runs):
        print(f"{corpus.LANGUAGES[language]}:", file=out)
        print_table(those, sites, out)
    print(LEGEND, file=out)


def print_table(runs, sites, out=sys.stdout):
    table = [list(COLUMNS)]
    for run in runs:
        table.append(total_of(run.package.folder, [run], sites)[0])
    for which in corpus.SETS:
        those = [run for run in runs if run.package.set == which]
        if those:
            table.append(total_of(f"all {len(those)} {which}", those, sites)[0])
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    for row in table:
        print("  ".join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]),
              file=out)


def print_places(runs, sites, listed, out=sys.stdout):
    for run in runs:
        own = [site for site in sites if site.project == run.package.project]
        scored = score.score(own, run.findings)
        for line in scored.lines:
            print(line, file=out)
        for finding in scored.unjudged if listed else ():
            print(f"NEW   {line_of(finding)}", file=out)
        if run.fault:
            print(f"FAULT {run.package.folder}: {run.fault}", file=out)


def print_unknown(runs, out=sys.stdout, most=20):
    """The callees that are not known, by how many call sites of all projects call them."""
    sites = {}
    for run in runs:
        statistics = (run.report or {}).get("summary", {}).get("statistics", {})
        for callee in statistics.get("calls", {}).get("unknown_callees", []):
            sites[callee["name"]] = sites.get(callee["name"], 0) + callee["sites"]
    for name, count in sorted(sites.items(), key=lambda each: (-each[1], each[0]))[:most]:
        print(f"UNKNOWN {count:5} {name}", file=out)


def line_of(finding):
    return (f"{finding['path']}:{finding.get('line', 0)} {finding['level']} [{finding['rule']}] "
            f"{finding['message'][:160]}")


def print_difference(runs, others, out=sys.stdout):
    """What the other build told and this one does not, and the other way round."""
    count = 0
    for run, other in zip(runs, others):
        gone, come = score.difference(other.findings, run.findings)
        count += len(gone) + len(come)
        for sign, findings in (("-", gone), ("+", come)):
            for finding in findings:
                print(f"{sign} {line_of(finding)}", file=out)
        if run.fault != other.fault:
            print(f"! {run.package.folder}: {other.fault or 'sound'} became {run.fault or 'sound'}", file=out)
    print(f"{count} findings differ", file=out)


def main():
    parser = argparse.ArgumentParser(prog="./dev ecosystem", description=__doc__.split("\n", 1)[0])
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help="only these (default: all)")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", required=True, help="folder of the unpacked projects")
    parser.add_argument("--reports", required=True, help="folder of the reports")
    parser.add_argument("--jobs", type=int, default=1, help="how many projects at a time")
    parser.add_argument("--set", choices=corpus.SETS, help="only the projects of this set")
    parser.add_argument("--language", choices=corpus.LANGUAGES, help="only the projects in this language")
    parser.add_argument("--list", action="store_true", help="also list warnings and errors that nobody has judged")
    parser.add_argument("--quiet", action="store_true", help="only the table")
    parser.add_argument("--unknown", action="store_true", help="also list the most frequent callees that are not known")
    parser.add_argument("--against", metavar="BINARY", help="print what this build tells and BINARY does not, and back")
    parser.add_argument("--precision", metavar="FILE", help="write the counts by rule into this page")
    parser.add_argument("--fetch-only", action="store_true", help="fetch the projects, check nothing")
    options = parser.parse_args()

    try:
        packages, sites = read_all()
        unknown = set(options.projects) - {package.project for package in packages}
        if unknown:
            raise corpus.CorpusError(f"no such projects: {', '.join(sorted(unknown))}")
        packages = [package for package in packages if (not options.projects or package.project in options.projects)
                    and options.set in (None, package.set) and options.language in (None, package.language)]
        absent = bring_all(packages, options.cache, options.jobs)
    except (corpus.CorpusError, fetch.FetchError) as error:
        print(f"ecosystem: {error}", file=sys.stderr)
        return 2
    if options.fetch_only:
        for project, fault in absent.items():
            print(f"FAULT {project}: {fault}")
        return int(bool(absent))

    runs = check_all(options.binary, packages, options.cache, options.reports, options.jobs, absent)
    if options.against:
        others = check_all(options.against, packages, options.cache, options.reports + "-against", options.jobs,
                           absent)
        print_difference(runs, others)
        return int(any(run.fault for run in runs))
    if not options.quiet:
        print_places(runs, sites, options.list)
    if options.unknown:
        print_unknown(runs)
    print_tables(runs, sites)
    if options.precision:
        judgements = {language: [each for run in those if run.package.set == "own"
                                 for each in score.judge(sites, run.findings)] for language, those in by_language(runs)}
        precision.write(options.precision, judgements)
    return int(any(run.fault for run in runs))


if __name__ == "__main__":
    sys.exit(main())
