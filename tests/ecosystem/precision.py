"""The part of docs/precision.md that is kept by a command: the loud findings of the own projects, by language and rule.

Each language has two lines of the page between which it stands; what is around them is written by hand.
"""

import collections

import corpus


def marks(language):
    return [f"<!-- {corpus.LANGUAGES[language]}: written by ./dev ecosystem --precision, {word} -->"
            for word in ("begin", "end")]


class PageError(Exception):
    """A page without the two lines."""


def table(judgements):
    counts = collections.defaultdict(lambda: [0, 0, 0])
    for each in judgements:
        count = counts[each.finding["rule"]]
        count[0 if each.is_right else 1 if each.site else 2] += 1
    lines = ["| rule | right | false | not judged |", "|---|---|---|---|"]
    for rule in sorted(counts):
        lines.append("| `{}` | {} | {} | {} |".format(rule, *counts[rule]))
    right, false, unjudged = (sum(column) for column in zip(*counts.values())) if counts else (0, 0, 0)
    lines.append(f"| all | {right} | {false} | {unjudged} |")
    if right + false:
        lines += ["", f"Right: {right} of {right + false} judged, {100 * right / (right + false):.1f} %."]
    return lines


def false_alarms(judgements):
    lines = []
    for each in judgements:
        if each.site and not each.is_right:
            lines.append(f"- {each.finding['path']}:{each.finding['line']} `{each.finding['rule']}`, judged "
                         f"{each.site.verdict}: {each.site.note}")
    return sorted(set(lines)) or ["None."]


def section(language, judgements):
    begin, end = marks(language)
    return [begin, "", *table(judgements), "", "False alarms that are told now:", "", *false_alarms(judgements), "", end]


def replaced(page, by_language):
    """What is between the two lines of another language, or around them, stays."""
    for language, judgements in by_language.items():
        begin, end = marks(language)
        lines = page.split("\n")
        if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
            raise PageError(f"the page does not have the two lines around the counts of {corpus.LANGUAGES[language]}")
        page = "\n".join(lines[:lines.index(begin)] + section(language, judgements) + lines[lines.index(end) + 1:])
    return page


def write(path, by_language):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    page = replaced(page, by_language)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
