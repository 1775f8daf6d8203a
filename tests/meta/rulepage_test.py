"""Tests of the rule-page format, against a stand-in for forklint that reports what a file tells it to."""

import json
import os
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import rulepage

PAGE = '''+++
summary = "x"
+++
# a-rule
```
no language: text
```
## Example
```python
fork()  # warning: [a-rule]
```
```cpp file=a.cpp
void f();
```
```cpp file=b.cpp options=--target-version=3.14 options=-j1
int x; // error: [a-rule] // note: [other]
```
```cpp file=a.cpp
int y;
```
## Use instead
```python file=a.py
pass
```
'''

# Prints the report that the file `answer` beside it holds, which is that without rows where `without` is beside it and
# some are left out; its arguments go to the file `asked`.
STAND_IN = """#!{python}
import json, os, sys
here = os.path.dirname(os.path.abspath(__file__))
json.dump([sys.argv[1:], sorted(os.listdir("."))], open(os.path.join(here, "asked"), "w"))
without = os.path.join(here, "without")
withheld = "--without-models" in sys.argv and os.path.exists(without)
text = open(without if withheld else os.path.join(here, "answer")).read()
print(text)
sys.exit(2 if text == "" else 0)
"""


def finding(path="main.py", line=1, level="warning", rule="a-rule", message="forks here"):
    return {"path": path, "line": line, "level": level, "rule": rule, "message": message}


class Parse(unittest.TestCase):
    def test_groups(self):
        groups = rulepage.groups_of(PAGE)
        self.assertEqual([sorted(group.files()) for group in groups],
                         [["main.py"], ["a.cpp", "b.cpp"], ["a.cpp"], ["a.py"]])
        self.assertEqual([group.fires for group in groups], [True, True, False, False])
        self.assertEqual(groups[1].blocks[1].options, ["--target-version=3.14", "-j1"])
        self.assertEqual(groups[1].blocks[1].expected, [(1, "error", "a-rule"), (1, "note", "other")])
        self.assertEqual(groups[3].blocks[0].heading, "Use instead")

    def test_bad_pages(self):
        for page in ("```python\nx", "```python fille=a.py\n```\n"):
            with self.assertRaises(ValueError):
                rulepage.groups_of(page)


class Compare(unittest.TestCase):
    def setUp(self):
        self.groups = rulepage.groups_of(PAGE)

    def test_as_expected(self):
        self.assertEqual(rulepage.differences(self.groups[0], [finding()]), [])

    def test_missing_surplus_and_elsewhere(self):
        self.assertEqual(rulepage.differences(self.groups[0], []),
                         ["rule.md:10: warning: [a-rule] was expected, not reported"])
        self.assertEqual(len(rulepage.differences(self.groups[0], [finding(), finding()])), 1)
        self.assertEqual(len(rulepage.differences(self.groups[0], [finding(line=2)])), 2)
        self.assertEqual(len(rulepage.differences(self.groups[0], [finding(level="error")])), 2)
        self.assertEqual(len(rulepage.differences(self.groups[3], [finding(path="a.py")])), 1)

    def test_notes_count_only_where_one_is_expected(self):
        note = finding(level="note", rule="other")
        self.assertEqual(rulepage.differences(self.groups[0], [finding(), note]), [])
        error = finding(path="b.cpp", level="error")
        self.assertEqual(len(rulepage.differences(self.groups[1], [error])), 1)
        self.assertEqual(rulepage.differences(self.groups[1], [error, {**note, "path": "b.cpp"}]), [])

    def test_message_style(self):
        for message in ("Forks here", "forks here."):
            self.assertEqual(len(rulepage.differences(self.groups[0], [finding(message=message)])), 1)


class Run(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.forklint = os.path.join(self.folder.name, "forklint")
        with open(self.forklint, "w") as file:
            file.write(STAND_IN.format(python=sys.executable))
        os.chmod(self.forklint, stat.S_IRWXU)

    def check(self, group, answer):
        with open(os.path.join(self.folder.name, "answer"), "w") as file:
            file.write(answer)
        problems = rulepage.check_group(group, self.forklint, "clang++")
        with open(os.path.join(self.folder.name, "asked")) as file:
            return problems, json.load(file)

    def test_runs_in_a_folder_of_its_own(self):
        groups = rulepage.groups_of(PAGE)
        problems, asked = self.check(groups[0], json.dumps({"findings": [finding()]}))
        self.assertEqual((problems, asked), ([], [["check", "--output", "json", "."], ["main.py"]]))
        _, asked = self.check(groups[1], json.dumps({"findings": []}))
        self.assertEqual(asked, [["check", "--output", "json", "--target-version=3.14", "-j1", "."],
                                 ["a.cpp", "b.cpp", "compile_commands.json"]])

    def test_twins_are_two(self):
        page = "## One\n```python\nfork()  # warning: [a-rule]\n```\n## Two\n```python\npass\n```\n"
        both = page + "```python\nfork()  # note: [a-rule]\n```\n"
        self.assertEqual(list(rulepage.check_twins(rulepage.groups_of(page), "x.md")),
                         ["x.md:3: no block under `One` is silent", "x.md:7: no block under `Two` fires"])
        self.assertEqual(list(rulepage.check_twins(rulepage.groups_of(both), "x.md")),
                         ["x.md:3: no block under `One` is silent"])

    def test_models_owe_a_difference_to_their_rows(self):
        groups = rulepage.groups_of("## redis, rq.job\n```python\nfork()  # warning: [a-rule]\n```\n")

        def problems(without):
            with open(os.path.join(self.folder.name, "without"), "w") as file:
                json.dump({"findings": without}, file)
            return rulepage.check_models(groups, self.forklint, "clang++", "redis.md")

        with open(os.path.join(self.folder.name, "answer"), "w") as file:
            json.dump({"findings": [finding()]}, file)
        self.assertEqual(problems([]), [])
        self.assertEqual(problems([finding(level="note")]), [])
        self.assertEqual(problems([finding()]),
                         ["redis.md:3: no finding appears or vanishes by the rows of `redis, rq.job`"])
        with open(os.path.join(self.folder.name, "asked")) as file:
            self.assertEqual(json.load(file)[0][3:],
                             ["--without-models", "redis", "--without-models", "rq.job", "."])
        with open(os.path.join(self.folder.name, "answer"), "w") as file:
            json.dump({"findings": []}, file)
        self.assertEqual(problems([finding()]), ["redis.md:3: warning: [a-rule] was expected, not reported"])

    def test_a_failed_run_is_a_problem(self):
        group = rulepage.groups_of(PAGE)[0]
        self.assertIn("exit status 2", self.check(group, "")[0][0])
        self.assertIn("not JSON", self.check(group, "oops")[0][0])


if __name__ == "__main__":
    unittest.main()
