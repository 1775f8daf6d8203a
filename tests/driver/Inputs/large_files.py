"""large_files.py FOLDER SOURCE: generated sources, each in a folder of its own, with SOURCE behind what is large."""

import os
import sys

folder, source = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    program = file.read()


def write(name, text):
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, "a.py"), "w", encoding="utf-8") as file:
        file.write(text)


write("statements", "x = 1\n" * 200_000 + program)
write("functions", "def f(x):\n    if x:\n        return g(x)\n    return [x, x]\n\n" * 40_000 + program)
write("rows", "x = [\n" + "    1,\n" * 200_000 + "]\n" + program)
write("table", "DATA = {" + ", ".join(f'"k{i}": ["a", {i}, (1, -2)]' for i in range(170_000)) + "}\n" + program)
write("text", "DATA = '" + "ab\\'" * 1_250_000 + "'\n" + program)
write("sum", "x = " + " + ".join(f"a{i % 10}" for i in range(1_000_000)) + "\n" + program)
write("chain", program + "x = f()" + ".g()" * 1_250_000 + "\n")
write("branches", "if x == 0:\n    y = 0\n" + "".join(f"elif x == {i}:\n    y = {i}\n" for i in range(1, 20_000)) + program)
write("handlers", "def f():\n" + "".join(f"    try:\n        y = g({i})\n    except OSError:\n        y = {i}\n"
                                         for i in range(4_000)) + "f()\n" + program)
