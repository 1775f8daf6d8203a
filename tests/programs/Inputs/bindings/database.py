"""Writes compile_commands.json for the sources of a folder: database.py FOLDER INCLUDE...; `python` stands for the headers
of the Python that runs this."""

import json
import pathlib
import sys
import sysconfig

folder = pathlib.Path(sys.argv[1]).resolve()
headers = [sysconfig.get_paths()["include"] if each == "python" else str(pathlib.Path(each).resolve()) for each in sys.argv[2:]]
commands = []
for source in sorted([*folder.rglob("*.c"), *folder.rglob("*.cpp")]):
    compiler = ["c++", "-std=c++17"] if source.suffix == ".cpp" else ["cc"]
    arguments = [*compiler, *(f"-I{each}" for each in headers), "-c", str(source)]
    commands.append({"directory": str(folder), "file": str(source), "arguments": arguments})
(folder / "compile_commands.json").write_text(json.dumps(commands, indent=1))
