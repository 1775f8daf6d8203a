"""wrong_rows.py FORKLINT FOLDER: checks with one wrong row after another; prints what is said of each."""

import os
import subprocess
import sys

HEAD = 'name = "ourlib.serve"\n'
ROWS = [
    "name = 3",
    'names = "ourlib"',
    'name = "*"',
    'names = ["ourlib.serve", "ourlib. serve"]',
    'name = "ourlib.*.serve"',
    HEAD + "source = 3",
    HEAD + "returns = []",
    HEAD + 'returns = "slef"',
    HEAD + "size = 3",
    HEAD + "top = 1",
    HEAD + 'is = "verson"',
    HEAD + 'effects = [{ do = "start-thread" }]',
    HEAD + 'effects = [{ do = "ends", subjct = "self" }]',
    HEAD + 'effects = [{ do = "ends", subject = 3 }]',
    HEAD + 'effects = [{ do = "ends", subject = "slef.target" }]',
    HEAD + 'effects = [{ do = "ends", subject = "self|arg" }]',
    HEAD + 'effects = [{ do = "ends", subject = "self." }]',
    HEAD + 'effects = [{ do = "ends" }]',
    HEAD + 'effects = [{ do = "forks", primitive = "fork" }]',
    HEAD + 'effects = [{ do = "moves", subject = "self" }]',
    HEAD + 'effects = [{ do = "submits", copies = "two" }]',
    HEAD + 'effects = [{ do = "uses", subject = "self" }]',
    HEAD + 'effects = [{ do = "forks", pickles = "self,args" }]',
    HEAD + 'package-versions = 2',
    HEAD + 'package-versions = "ourlib"',
    HEAD + 'package-versions = "ourlib since 2"',
    HEAD + 'package-versions = "ourlib >=2,<1"',
]

forklint, folder = sys.argv[1:]
os.chdir(folder)
for row in ROWS:
    with open("wrong.toml", "w", encoding="utf-8") as file:
        file.write("[[model]]\n" + row + "\n")
    run = subprocess.run([forklint, "check", "--models", "wrong.toml", "deep"], capture_output=True, text=True)
    assert run.returncode == 2, (row, run)
    print(run.stderr.removeprefix("forklint: "), end="")
print(len(ROWS), "mistakes")
