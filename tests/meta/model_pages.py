"""model_pages.py MODELS PAGES: each package that Python rows are about has a heading on a page of models, which holds that
its rows matter. Prints the packages that have none, and headings that no row is about. What command lines and notebooks
start (servers.toml) is held by tests/programs, for it takes more than Python files."""

import glob
import os
import sys
import tomllib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import rulepage

# Names of our own for what the language itself makes.
OWN = {"container", "identity"}


def names_in(path):
    with open(path, "rb") as file:
        rows = tomllib.load(file).get("model", [])
    for row in rows:
        yield from row.get("names", [row["name"]] if "name" in row else [])
        yield from row.get("also", [])


def main(models, pages):
    names = {name for path in sorted(glob.glob(os.path.join(models, "*.toml"))) for name in names_in(path)
             if "." in name and "::" not in name and "(" not in name}
    packages = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - OWN
    headings = set()
    for path in sorted(glob.glob(os.path.join(pages, "*.md"))):
        with open(path, encoding="utf-8") as file:
            for group in rulepage.groups_of(file.read()):
                headings.update(name.strip() for name in group.blocks[0].heading.split(","))
    missing = sorted(packages - {heading.split(".")[0] for heading in headings})
    for package in missing:
        print(f"{package}: no heading on a page of models names it")
    idle = sorted(heading for heading in headings
                  if not any((name + ".").startswith(heading + ".") for name in names))
    for heading in idle:
        print(f"`{heading}`: no row is about it")
    print(f"{len(packages)} packages, {len(missing)} without a page, {len(idle)} idle headings")
    return bool(missing or idle)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
