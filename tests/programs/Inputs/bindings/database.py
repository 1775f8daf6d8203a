"""Writes compile_commands.json for the sources of a folder: database.py FOLDER INCLUDE..."""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1]).resolve()
includes = [f"-I{pathlib.Path(each).resolve()}" for each in sys.argv[2:]]
commands = []
for source in sorted([*folder.rglob("*.c"), *folder.rglob("*.cpp")]):
    compiler = ["c++", "-std=c++17"] if source.suffix == ".cpp" else ["cc"]
    commands.append({"directory": str(folder), "file": str(source), "arguments": [*compiler, *includes, "-c", str(source)]})
(folder / "compile_commands.json").write_text(json.dumps(commands, indent=1))
