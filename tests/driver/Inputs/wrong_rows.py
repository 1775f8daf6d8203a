"""wrong_rows.py FORKLINT FOLDER: checks with one wrong row after another; prints what is said of each. Before them
stand rows that are nearly the same and right."""

import os
import subprocess
import sys

HEAD = 'name = "ourlib.serve"\n'
SOURCE = 'source = "ours"\n'
RIGHT = [
    HEAD + 'effects = [{ do = "creates", life = "client" }, { do = "starts-thread", subject = "result" }]',
    HEAD + 'effects = [{ do = "opens", life = "handle" }, { do = "uses", subject = "self", life = "fill" }]',
    HEAD + 'effects = [{ do = "ends", subject = "self", when = "new|closed" }]',
    HEAD + 'parameters = ["callback"]\neffects = [{ do = "calls", entry = "arg.callback", in = "event loop" }]',
    HEAD + 'keywords = ["callback"]\neffects = [{ do = "calls", entry = "arg.callback", given = "callback" }]',
    HEAD + 'effects = [{ do = "submits", subject = "self", payload = "rest", way = "pickle-pipe" }]',
    HEAD + 'bases = ["threading.Thread"]\nmembers = { begin = "threading.Thread.start" }\nin-child = "os._exit"',
    HEAD + 'returns = "self.made|name.threading.Thread"\neffects = [{ do = "calls", entry = "name.threading.current_thread" }]',
    HEAD + 'package-versions = "ourlib <2"\n' + SOURCE + "[[model]]\n" + HEAD + 'package-versions = "ourlib >=2"',
    HEAD + SOURCE + '[[lock]]\nname = "a lock of ours"\nreset = ["glibc fork", "musl"]',
    HEAD + 'parameters = ["count"]\nsize = "number(arg.count) * 8"\ndropped = "ends"',
]
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
    # Words that do not exist.
    HEAD + 'effects = [{ do = "creates", life = "clent" }]',
    HEAD + 'effects = [{ do = "opens", life = "handel" }]',
    HEAD + 'effects = [{ do = "starts-thread", subject = "self", life = "harmles" }]',
    HEAD + 'effects = [{ do = "forks", primitive = "frok", entry = "returns" }]',
    HEAD + 'effects = [{ do = "forks", primitive = "fork", entry = "return" }]',
    HEAD + 'effects = [{ do = "calls", entry = "self", in = "eventloop" }]',
    HEAD + 'effects = [{ do = "calls", entry = "self", in = 3 }]',
    HEAD + "effects = [{ do = \"creates\", method = \"'spwan'\" }]",
    HEAD + 'effects = [{ do = "violates", entry = "result-after-pool" }]',
    HEAD + 'effects = [{ do = 3 }]',
    HEAD + 'effects = [{ do = "ends", subject = "self", primitive = "fork" }]',
    HEAD + 'efects = []',
    HEAD + 'effects = "ends"',
    HEAD + 'dropped = "end"',
    HEAD + 'size = "nmber(self.count) * 8"',
    # Names that nobody introduces.
    HEAD + SOURCE + 'effects = [{ do = "ends", subject = "self", when = "closd" }]',
    HEAD + SOURCE + 'effects = [{ do = "unsafe-in-child", lock = "the locks of maloc" }]',
    HEAD + SOURCE + 'effects = [{ do = "submits", subject = "self", payload = "rest", way = "pickle-pip" }]',
    HEAD + SOURCE + 'bases = ["threading.Tread"]',
    HEAD + SOURCE + 'members = { begin = "threading.Thread.strat" }',
    HEAD + SOURCE + 'in-child = "os._exti"',
    HEAD + SOURCE + 'returns = "self.made|name.threading.Thraed"',
    HEAD + SOURCE + 'effects = [{ do = "calls", entry = "name.threading.Thread.strat" }]',
    HEAD + 'parameters = ["callback"]\neffects = [{ do = "calls", entry = "arg.calback" }]',
    HEAD + 'parameters = ["callback"]\neffects = [{ do = "ends", subject = "self", given = "calback" }]',
    HEAD + 'parameters = ["wait"]\nreturns = "arg.wiat"',
    # Names that are there twice.
    HEAD + 'parameters = ["wait"]\nkeywords = ["wait"]',
    HEAD + SOURCE + '[[model]]\nnames = ["ourlib.begin", "ourlib.serve"]',
    HEAD + SOURCE + '[[model]]\nname = "ourlib.begin"\nalso = ["ourlib.serve"]',
    HEAD + SOURCE + '[[model]]\n' + HEAD + 'package-versions = "ourlib >=2"',
    # Other tables.
    HEAD + SOURCE + '[[modle]]',
    HEAD + SOURCE + '[[server]]\nname = "ours"',
    HEAD + SOURCE + '[[lock]]\nname = "ours"\nreset = ["glibc frok"]\n' + SOURCE,
    HEAD + SOURCE + '[[lock]]\nname = "ours"\nresets = []',
    HEAD + SOURCE + '[large-transfer]\nbytes = "many"',
]

forklint, folder = sys.argv[1:]
os.chdir(folder)


def check(row):
    with open("wrong.toml", "w", encoding="utf-8") as file:
        file.write("[[model]]\n" + row + "\n" + SOURCE * (row in RIGHT or "[[model]]" in row))
    return subprocess.run([forklint, "check", "--models", "wrong.toml", "deep"], capture_output=True, text=True)


for row in RIGHT:
    assert check(row).returncode in (0, 1), (row, check(row))
for row in ROWS:
    run = check(row)
    assert run.returncode == 2, (row, run)
    print(run.stderr.removeprefix("forklint: "), end="")
print(len(ROWS), "mistakes")
