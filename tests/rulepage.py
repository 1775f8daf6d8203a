"""Rule pages as tests: the fenced blocks of rules/*/rule.md are checked, and each must give what its comments say.

A block is a file of its own; consecutive blocks of one section whose info strings say `file=NAME` are one group of
files (a name that comes again begins the next group). `options=...` (repeatable) adds options of `forklint check`,
`flags=...` (repeatable) those of the command that compiles the block, `compiler=...` names another one than Clang.
A comment `# warning: [rule]` (`//` in C and C++; also error, note) expects a finding of that rule and level on its
line. A finding of level warning or error that no comment expects is a failure; notes count only in groups that expect
one.

A page of models (tests/models/*.md) holds what rows of libraries promise. Each of its headings with blocks names what
the rows stand for, as `redis` or `rq, celery.app`; without the rows of these names at least one of its groups must give
something else, else nobody would notice that they are gone.

A page of twins (tests/traps/*.md, tests/twins/*.md, tests/bugs/*.md) shows what is told next to what is not: under each of its
headings with blocks one group fires and one is silent.
"""

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

try:
    import lit.Test
    from lit.formats.base import TestFormat
except ImportError:  # the parser is of use without lit
    lit = None
    TestFormat = object

FENCE = re.compile(r"^(`{3,})\s*(\S*)\s*(.*)$")
EXPECTED = re.compile(r"(?:#|//)\s*(error|warning|note):\s*\[([a-z0-9-]+)\]")
SUFFIXES = {"python": ".py", "cpp": ".cpp", "c": ".c", "ini": ".ini", "json": ".json", "toml": ".toml"}
COMPILED = (".cpp", ".cc", ".cxx", ".c")
PROPER_NAMES = re.compile(r"(Python|CPython|C|C\+\+|Linux|POSIX|NumPy|GIL|I/O|[A-Z]+)\b")


def style(what, text):
    """A message is a sentence that begins small and has no period, so that it fits any line it is put on."""
    if text[:1].isupper() and not PROPER_NAMES.match(text):
        yield f"{what} begins with a capital: \"{text}\""
    if text.rstrip().endswith("."):
        yield f"{what} ends with a period: \"{text}\""


@dataclass
class Block:
    heading: str
    language: str
    name: str  # file name; empty without `file=`
    options: list
    line: int  # of the page, where the text begins
    text: str
    flags: list = field(default_factory=list)
    compiler: str = ""

    @property
    def expected(self):
        """(line in the block, level, rule) for each expectation."""
        return [(number, level, rule)
                for number, line in enumerate(self.text.splitlines(), 1)
                for level, rule in EXPECTED.findall(line)]


@dataclass
class Group:
    blocks: list = field(default_factory=list)

    @property
    def fires(self):
        return any(block.expected for block in self.blocks)

    def files(self):
        return {block.name or "main" + SUFFIXES[block.language]: block for block in self.blocks}


def blocks_of(page):
    heading, fence, block = "", None, None
    for number, line in enumerate(page.splitlines(), 1):
        if fence is not None:
            if line.strip() == fence:
                if block:
                    yield block
                fence = block = None
            elif block:
                block.text += line + "\n"
            continue
        opened = FENCE.match(line)
        if opened:
            fence, language, info = opened.groups()
            if language in SUFFIXES:
                words = [word.partition("=")[::2] for word in info.split()]
                wrong = [key for key, _ in words if key not in ("file", "options", "flags", "compiler")]
                if wrong:
                    raise ValueError(f"line {number}: there is no `{wrong[0]}` in an info string")
                name = next((value for key, value in words if key == "file"), "")
                block = Block(heading, language, name, [v for k, v in words if k == "options"], number + 1, "",
                              [v for k, v in words if k == "flags"],
                              next((value for key, value in words if key == "compiler"), ""))
        elif line.startswith("#"):
            heading = line.lstrip("# ").strip()
    if fence is not None:
        raise ValueError("a fenced block is not closed")


def groups_of(page):
    groups, last = [], None
    for block in blocks_of(page):
        joins = (block.name and last and last.blocks[-1].heading == block.heading
                 and last.blocks[0].name and block.name not in last.files())
        if not joins:
            last = Group()
            groups.append(last)
        last.blocks.append(block)
    return groups


def write_group(group, folder, clang):
    commands = []
    for name, block in group.files().items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(block.text)
        if name.endswith(COMPILED):
            language = ["-x", "c", "-std=c17"] if name.endswith(".c") else ["-std=c++20"]
            commands.append({"directory": folder, "file": path,
                             "arguments": [block.compiler or clang, *language, *block.flags, "-pthread", "-c", path, "-o", path + ".o"]})
    if commands:
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(commands, file, indent=1)


def found_by(group, findings):
    """(file, line, level, rule) of each finding that counts in the group."""
    notes = any(level == "note" for block in group.blocks for _, level, _ in block.expected)
    return sorted((os.path.normpath(finding["path"]), finding.get("line", 0), finding["level"], finding["rule"])
                  for finding in findings if notes or finding["level"] != "note")


def differences(group, findings, page="rule.md"):
    """What is wrong with the findings, in lines of the page; nothing when all is as the comments say."""
    files = group.files()
    expected = sorted((name, *one) for name, block in files.items() for one in block.expected)
    remaining, problems = list(expected), []

    def told(name, line, level, rule):
        where = f"{page}:{files[name].line + line - 1}" if name in files else f"{name}:{line}"
        return f"{where}: {level}: [{rule}]"

    for one in found_by(group, findings):
        if one in remaining:
            remaining.remove(one)
        else:
            message = next(f.get("message", "") for f in findings
                           if (f["line"], f["level"], f["rule"]) == one[1:])
            problems.append(f"{told(*one)} was reported, not expected: {message}")
    problems += [f"{told(*one)} was expected, not reported" for one in remaining]
    for finding in findings:
        problems += style("a message", finding.get("message", ""))
    return problems


def findings_of(group, forklint, clang, *more):
    """Runs forklint on the group alone. Raises ValueError where that gives no report."""
    with tempfile.TemporaryDirectory(prefix="forklint-page-") as folder:
        folder = os.path.realpath(folder)
        write_group(group, folder, clang)
        options = [option for block in group.blocks for option in block.options]
        command = [forklint, "check", "--output", "json", *options, *more, "."]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        if run.returncode not in (0, 1):
            raise ValueError(f"exit status {run.returncode} of {' '.join(command)}\n{run.stderr}")
        try:
            return json.loads(run.stdout)["findings"]
        except ValueError as error:
            raise ValueError(f"not JSON ({error}):\n{run.stdout[:2000]}\n{run.stderr}") from error


def check_group(group, forklint, clang, page="rule.md"):
    """Runs forklint on the group alone; returns the problems."""
    try:
        return differences(group, findings_of(group, forklint, clang), page)
    except ValueError as error:
        return [f"{page}:{group.blocks[0].line}: {error}"]


def check_models(groups, forklint, clang, page):
    """The problems of a page of models: its groups give what they expect, and under each heading one of them owes
    that to the rows of the names in the heading."""
    problems, owing, headings = [], set(), {}
    for group in groups:
        heading, line = group.blocks[0].heading, group.blocks[0].line
        headings.setdefault(heading, line)
        withheld = [option for name in heading.split(",") for option in ("--without-models", name.strip())]
        try:
            found = findings_of(group, forklint, clang)
            problems += differences(group, found, page)
            if heading not in owing and (found_by(group, found) !=
                                         found_by(group, findings_of(group, forklint, clang, *withheld))):
                owing.add(heading)
        except ValueError as error:
            problems.append(f"{page}:{line}: {error}")
    return problems + [f"{page}:{line}: no finding appears or vanishes by the rows of `{heading}`"
                       for heading, line in headings.items() if heading not in owing]


def check_twins(groups, page):
    """What is missing under the headings of a page of twins."""
    for heading in dict.fromkeys(group.blocks[0].heading for group in groups):
        under = [group for group in groups if group.blocks[0].heading == heading]
        for fires, word in ((True, "fires"), (False, "is silent")):
            if all(group.fires != fires for group in under):
                yield f"{page}:{under[0].blocks[0].line}: no block under `{heading}` {word}"


def has_blocks(path):
    """Whether the page is a test; one that can not be parsed is one that fails."""
    with open(path, encoding="utf-8") as file:
        try:
            return any(True for _ in blocks_of(file.read()))
        except ValueError:
            return True


class TestsAndPages(TestFormat):
    """The suite's format: everything that `inner` finds below tests/, and each page as one more test: those of `rules`,
    and those in the folders of tests/ that `PAGES` lists."""

    def __init__(self, inner, rules, tests):
        self.inner, self.rules, self.tests = inner, rules, tests

    def getTestsInDirectory(self, suite, path, lit_config, config):
        yield from self.inner.getTestsInDirectory(suite, path, lit_config, config)
        if path == () and os.path.isdir(self.rules):
            for slug in sorted(os.listdir(self.rules)):
                page = os.path.join(self.rules, slug, "rule.md")
                if os.path.exists(page) and has_blocks(page):
                    yield RulePage(suite, ("rules", slug, "rule.md"), config, file_path=page)
        for folder, kind in PAGES.items() if path == () else ():
            for name in sorted(os.listdir(os.path.join(self.tests, folder))):
                if name.endswith(".md"):
                    yield kind(suite, (folder, name), config, file_path=os.path.join(self.tests, folder, name))

    def getTestsForPath(self, suite, path, lit_config, config):
        yield from self.inner.getTestsForPath(suite, path, lit_config, config)

    def execute(self, test, lit_config):
        return test.run_page() if isinstance(test, RulePage) else self.inner.execute(test, lit_config)


class RulePage(lit.Test.Test if lit else object):
    def run_page(self):
        with open(self.file_path, encoding="utf-8") as file:
            try:
                groups = groups_of(file.read())
            except ValueError as error:
                return lit.Test.Result(lit.Test.FAIL, f"{self.file_path}: {error}")
        without_cpp = "cpp-frontend" not in self.config.available_features
        if without_cpp:
            groups = [group for group in groups if all(block.language not in ("c", "cpp") for block in group.blocks)]
        if not groups:
            return lit.Test.Result(lit.Test.UNSUPPORTED, "this build checks no block of the page")
        if not os.path.exists(self.config.forklint):
            return lit.Test.Result(lit.Test.FAIL, f"{self.config.forklint} is not built")
        problems = self.problems(groups)
        if problems:
            return lit.Test.Result(lit.Test.FAIL, "\n".join(problems))
        return lit.Test.Result(lit.Test.PASS, "")

    def problems(self, groups):
        return [problem for group in groups
                for problem in check_group(group, self.config.forklint, self.config.clang)]


class ModelPage(RulePage):
    def problems(self, groups):
        return check_models(groups, self.config.forklint, self.config.clang, os.path.basename(self.file_path))


class TwinPage(RulePage):
    def problems(self, groups):
        page = os.path.basename(self.file_path)
        return [*check_twins(groups, page),
                *(problem for group in groups
                  for problem in check_group(group, self.config.forklint, self.config.clang, page))]


PAGES = {"bugs": TwinPage, "models": ModelPage, "traps": TwinPage, "twins": TwinPage}
