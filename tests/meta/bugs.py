"""bugs.py PAGES TABLE: the table of real bugs says of each row the page that tests it, or why none does, and the pages
have the headings that it names. What is not told yet as it should be lies in PAGES/open, which no test runs: the table says
so. Prints one line for each broken promise."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import rulepage

ROWS, LEAST = 84, 65  # the others have a reason in the table
KINDS = "ABCDEFGHIJK"
HEADING = re.compile(r"(C\d\d) ([^:]+): \S")


def rows_of(table):
    """(row, program, kinds, page or reason) of each line of the table."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and re.fullmatch(r"C\d\d", cells[0]):
            yield cells[0], cells[1], cells[3], cells[4]


def headings_of(pages):
    """(row, program, page) of each heading with blocks, in words that are None where it names no row."""
    for path in sorted(glob.glob(os.path.join(pages, "*.md"))):
        with open(path, encoding="utf-8") as file:
            groups = rulepage.groups_of(file.read())
        # A heading that comes again later in the page is a second one.
        last = None
        for heading in (group.blocks[0].heading for group in groups):
            if heading != last:
                found = HEADING.match(heading)
                yield (found[1], found[2], os.path.basename(path)) if found else (None, heading, os.path.basename(path))
            last = heading


OPEN = re.compile(r"not told as it should be yet: `open/(\S+\.md)` has it")


def open_problems(pages, rows):
    """The rows that the table calls open are those of the pages in `open`."""
    there = {row: page for row, _, page in headings_of(os.path.join(pages, "open"))}
    told = {row: found[1] for row, _, _, where in rows if (found := OPEN.fullmatch(where))}
    for row in sorted({*there, *told}, key=str):
        if there.get(row) != told.get(row):
            yield f"open/: {row} is on {there.get(row)}, and the table says {told.get(row)}"


def problems_of(headings, rows, count, least):
    tested = {}
    for row, program, page in headings:
        if row is None:
            yield f"{page}: `{program}` names no row and program, as `C20 redis: what happens`"
        elif row in tested:
            yield f"{page}: {row} is tested already, in {tested[row][1]}"
        else:
            tested[row] = (program, page)
    told = [row for row, *_ in rows]
    if told != sorted(set(told)):
        yield "the rows are not in order, each once"
    if len(told) != count:
        yield f"the table has {len(told)} rows, not {count}"
    for row, program, _, where in rows:
        found = tested.pop(row, None)
        if found and where != f"`{found[1]}`":
            yield f"{row}: it is tested in {found[1]}, and the table says \"{where}\""
        elif found and program != found[0]:
            yield f"{row}: the table says {program}, and the page {found[0]}"
        elif not found and (not where or where.endswith(".md`")):
            yield f"{row}: the table says \"{where}\", where no heading names it"
    for row, (_, page) in tested.items():
        yield f"{page}: the table has no row {row}"
    held = [kinds for _, _, kinds, where in rows if where.endswith(".md`")]
    if len(held) < least:
        yield f"{len(held)} rows are tested, not {least}"
    for kind in KINDS:
        if not any(kind in kinds.split(", ") for kinds in held):
            yield f"no row of kind {kind} is tested"


def main(pages, table, count=ROWS, least=LEAST):
    with open(table, encoding="utf-8") as file:
        rows = list(rows_of(file.read()))
    headings = list(headings_of(pages))
    problems = [*problems_of(headings, rows, int(count), int(least)), *open_problems(pages, rows)]
    for problem in problems:
        print(problem)
    print(f"{len(rows)} rows, {len(headings)} tested, {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
