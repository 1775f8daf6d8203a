"""Compares reports of `forklint check --output json` with judged sites.

A finding is at a site where its range is at most NEAR lines off; at a hazard, a step of it that near counts too, for the
report may put its primary place at the other end of the same hazard. Loud are warnings and errors.
"""

import collections
import dataclasses

NEAR = 4
LOUD = ("warning", "error")
# What speaks of the run, not of the program.
ABOUT_THE_RUN = ("unanalyzed-unit", "unused-suppression", "internal-error")


@dataclasses.dataclass
class Score:
    """What became of the judged sites; `unjudged` are the loud findings that are at none."""

    hazards: int = 0
    found: int = 0
    right: int = 0
    safe: int = 0
    false: int = 0
    low: int = 0
    loud_low: int = 0
    unjudged: list = dataclasses.field(default_factory=list)
    lines: list = dataclasses.field(default_factory=list)  # a line for each miss and each false alarm

    def add(self, other):
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def names(finding):
    return {finding["rule"], *finding.get("also", [])}


def is_loud(finding):
    return finding["level"] in LOUD


def about_the_program(report):
    return [finding for finding in report["findings"] if finding["rule"] not in ABOUT_THE_RUN]


def distance(site, path, first, last):
    """How many lines a range is off, or None where it is too far."""
    if path != site.path:
        return None
    off = max(first - site.line, site.line - last, 0)
    return off if off <= NEAR else None


def nearness(site, finding):
    line = finding.get("line", 0)
    places = [(finding["path"], line, finding.get("end_line", line))]
    if site.verdict == "HAZ":
        places += [(step["path"], step.get("line", 0), step.get("line", 0)) for step in finding.get("steps", [])]
    offs = [off for place in places if (off := distance(site, *place)) is not None]
    return min(offs, default=None)


def score(sites, findings):
    result = Score()
    judged = set()
    for site in sites:
        here = [index for index, finding in enumerate(findings) if nearness(site, finding) is not None]
        judged.update(here)
        loud = [findings[index] for index in here if is_loud(findings[index])]
        where = f"{site.path}:{site.line}"
        told = ", ".join(sorted({finding["rule"] for finding in loud}))
        due = ", ".join(sorted(site.rules))
        if site.verdict == "HAZ":
            right = any(names(finding) & site.rules for finding in loud)
            result.hazards += 1
            result.found += bool(loud)
            result.right += right
            if not loud:
                result.lines.append(f"MISS  {where} {due} | {site.note[:110]}")
            elif not right:
                result.lines.append(f"OTHER {where} due is {due}, told is {told}")
        elif site.verdict == "LOW":
            result.low += 1
            result.loud_low += bool(loud)
            if loud:
                result.lines.append(f"LOUD  {where} {told} | {site.note[:110]}")
        else:
            result.safe += 1
            result.false += bool(loud)
            if loud:
                result.lines.append(f"FALSE {where} {told} | {site.note[:110]}")
    result.unjudged = [finding for index, finding in enumerate(findings) if index not in judged and is_loud(finding)]
    return result


@dataclasses.dataclass
class Judgement:
    """One loud finding and the site that judges it: the nearest, of equally near ones a hazard that it is right at.

    One that only a step of the finding is near judges it where none is near the finding itself.
    """

    finding: dict
    site: object  # None where nobody has judged it

    @property
    def is_right(self):
        return self.site is not None and self.site.verdict == "HAZ" and bool(names(self.finding) & self.site.rules)


def judge(sites, findings):
    by_path = collections.defaultdict(list)
    for site in sites:
        by_path[site.path].append(site)
    judgements = []
    for finding in filter(is_loud, findings):
        paths = {finding["path"], *(step["path"] for step in finding.get("steps", []))}
        near = []
        for path in sorted(paths):
            for site in by_path[path]:
                off = nearness(site, finding)
                if off is None:
                    continue
                line = finding.get("line", 0)
                by_step = distance(site, finding["path"], line, finding.get("end_line", line)) is None
                near.append((by_step, off, not Judgement(finding, site).is_right, site.path, site.line, site))
        judgements.append(Judgement(finding, min(near, key=lambda each: each[:5])[5] if near else None))
    return judgements


def precision(judgements):
    """(right, judged) of the loud findings that somebody has judged."""
    judged = [each for each in judgements if each.site is not None]
    return sum(each.is_right for each in judged), len(judged)


def difference(before, after):
    """(what only `before` tells, what only `after` tells), in the order of the reports."""
    def key(finding):
        return (finding["path"], finding.get("line", 0), finding.get("column", 0), finding["rule"], finding["level"])
    old, new = {key(each) for each in before}, {key(each) for each in after}
    return [each for each in before if key(each) not in new], [each for each in after if key(each) not in old]
