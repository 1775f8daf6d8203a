"""The part of docs/precision.md that is kept by a command: the loud findings of the own packages, by rule.

It stands between two lines of the page; what is around them is written by hand.
"""

import collections

BEGIN = "<!-- written by ./dev ecosystem --precision, begin -->"
END = "<!-- written by ./dev ecosystem --precision, end -->"


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


def section(judgements):
    return [BEGIN, "", *table(judgements), "", "### False alarms that are told now", "", *false_alarms(judgements), "",
            END]


def replaced(page, judgements):
    lines = page.split("\n")
    if lines.count(BEGIN) != 1 or lines.count(END) != 1 or lines.index(BEGIN) > lines.index(END):
        raise PageError("the page does not have the two lines between which the counts stand")
    return "\n".join(lines[:lines.index(BEGIN)] + section(judgements) + lines[lines.index(END) + 1:])


def write(path, judgements):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    page = replaced(page, judgements)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
