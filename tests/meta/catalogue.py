"""catalogue.py RULES [SCENARIOS]: holds what every folder of the catalogue promises, and that each scenario of the
harness is named by its rule's page. Prints one line for each broken promise.

`scenarios` in a page's front matter are the programs of the harness that justify the rule, `measurement` what `forklint
measure` shows for it, `no-scenario` why there is none, and `answers` the rows of the research that it answers.
`may-stay-unseen` says that what a finding shows may stay where processes begin anew, and is not seen any more.
"""

import os
import re
import sys
import tomllib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import rulepage

HEADINGS = ["What it does", "Why is this bad", "Example", "Use instead", "Limits", "References"]
KEYS = {"summary": str, "level": str, "languages": list}
LEVELS = ("error", "warning", "note")
LANGUAGES = ("python", "cpp")
NOT_RULES = ("models", "schema")
STRING = r'"((?:[^"\\]|\\.)*)"'
HARM = re.compile(r"\b(hangs?|hanging|for ever|crash\w*|zombies?|twice|a second time|same numbers|damaged|never (?:done|comes))\b")
ROW = re.compile(r"(py|cpp|har):[A-Z]?[0-9]+(\.[0-9]+)*")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MESSAGE = re.compile(r"\bmessage\s*=\s*([^;]*);")


def front_matter(page):
    """(front matter as a table, the rest of the page); raises ValueError."""
    parts = re.split(r"^\+\+\+[ \t]*\n", page, maxsplit=2, flags=re.M)
    if len(parts) != 3 or parts[0]:
        raise ValueError("the page does not begin with TOML between +++ lines")
    return tomllib.loads(parts[1]), parts[2]


def justification_problems(matter, body):
    """A rule that speaks of a hang, a crash, a duplicate or a leak says which program of the harness shows it."""
    scenarios, rows = matter.get("scenarios", []), matter.get("answers", [])
    for name in scenarios:
        if not NAME.fullmatch(str(name)):
            yield f"`{name}` is no name of a scenario"
    for row in rows:
        if not ROW.fullmatch(str(row)):
            yield f"`{row}` is no row of the research, as py:B24 or har:3.2"
    why = re.search(r"^## Why is this bad$(.*?)(?=^## |\Z)", body, re.M | re.S)
    harm = HARM.search(why[1]) if why else None
    if harm and not scenarios and "no-scenario" not in matter and "measurement" not in matter:
        yield f"it speaks of harm (`{harm[0]}`) and names no scenario"
    if harm and not rows:
        yield f"it speaks of harm (`{harm[0]}`) and `answers` no row of the research"


def scenario_problems(rules, scenarios):
    """Each scenario of the harness stands on the page of its rule."""
    for name in sorted(os.listdir(scenarios)):
        with open(os.path.join(scenarios, name, "scenario.toml"), "rb") as file:
            rule = tomllib.load(file).get("rule", "")
        try:
            with open(os.path.join(rules, rule, "rule.md"), encoding="utf-8") as file:
                named = front_matter(file.read())[0].get("scenarios", [])
        except (OSError, ValueError) as error:
            yield f"scenario {name}: its rule `{rule}` has no page ({error})"
            continue
        if name not in named:
            yield f"scenario {name}: the page of `{rule}` does not name it"


def page_problems(slug, page):
    try:
        matter, body = front_matter(page)
        groups = rulepage.groups_of(page)
    except ValueError as error:  # TOMLDecodeError is one
        yield str(error)
        return
    for key, kind in KEYS.items():
        if not isinstance(matter.get(key), kind):
            yield f"the front matter needs `{key}`, a {'list' if kind is list else 'string'}"
    if matter.get("level", LEVELS[0]) not in LEVELS:
        yield f"`{matter['level']}` is not a level ({', '.join(LEVELS)})"
    yield from rulepage.style("the summary", str(matter.get("summary", "")))

    yield from justification_problems(matter, body)
    outside = re.sub(r"^(`{3,}).*?^\1[ \t]*$", "", body, flags=re.M | re.S)
    if not re.search(rf"^# {re.escape(slug)}$", outside, re.M):
        yield f"the title is not `# {slug}`"
    found = [heading for heading in re.findall(r"^## (.+?)\s*$", outside, re.M) if heading in HEADINGS]
    for heading in HEADINGS:
        if heading not in found:
            yield f"the heading `## {heading}` is missing"
    if found != [heading for heading in HEADINGS if heading in found]:
        yield f"the headings are not in this order: {', '.join(HEADINGS)}"

    languages = matter.get("languages")
    for language in languages if isinstance(languages, list) else []:
        if language not in LANGUAGES:
            yield f"`{language}` is not a language ({', '.join(LANGUAGES)})"
            continue
        own = [group for group in groups
               if any(("python" if block.language == "python" else "cpp") == language for block in group.blocks)]
        if not any(rule == slug for group in own for block in group.blocks for _, _, rule in block.expected):
            yield f"no {language} block expects [{slug}]"
        if all(group.fires for group in own):
            yield f"no {language} block is silent"


def is_reported_by_driver(path):
    """Findings about the run itself come from the driver, which has no rule.cpp for them."""
    try:
        with open(path, encoding="utf-8") as file:
            return front_matter(file.read())[0].get("reported-by") == "driver"
    except (OSError, ValueError):
        return False


def code_problems(slug, code):
    if f'FORKLINT_RULE("{slug}")' not in code:
        yield f'no FORKLINT_RULE("{slug}")'
    for value in MESSAGE.findall(code):
        strings = re.findall(STRING, value)
        if not strings:
            continue
        if value.lstrip().startswith('"') and strings[0][:1].isupper():
            yield from rulepage.style("a message", strings[0])
        elif value.rstrip().endswith('"') and strings[-1].endswith("."):
            yield from rulepage.style("a message", strings[-1])


def main(rules, scenarios=None):
    problems = 0
    for problem in scenario_problems(rules, scenarios) if scenarios else ():
        print(problem)
        problems += 1
    slugs = sorted(slug for slug in os.listdir(rules)
                   if os.path.isdir(os.path.join(rules, slug)) and slug not in NOT_RULES)
    for slug in slugs:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
            print(f"{slug}: the name is not in kebab-case")
            problems += 1
        by_driver = is_reported_by_driver(os.path.join(rules, slug, "rule.md"))
        for name, judge in (("rule.cpp", code_problems), ("rule.md", page_problems)):
            try:
                with open(os.path.join(rules, slug, name), encoding="utf-8") as file:
                    found = list(judge(slug, file.read()))
            except OSError:
                found = [] if name == "rule.cpp" and by_driver else ["the file is missing"]
            for problem in found:
                print(f"{slug}/{name}: {problem}")
                problems += 1
    print(f"{len(slugs)} rules, {problems} problems")
    return problems > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
