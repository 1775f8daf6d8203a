"""line_ends.py FOLDER: writes one project three times, with each of the line ends of Python."""

import pathlib
import sys

FILES = {
    "service.py": """#!/usr/bin/env python3
# coding: latin-1
import threading


def serve():
    while True:
        print("serves")


def begin():
    threading.Thread(target=serve).start()


if __name__ == "__main__":
    print("coding: nosuch")
""",
    "main.py": '''import os
from service import begin

begin()
if os.fork() == 0:
    print("""a
b""")
    os._exit(0)
''',
    "forklint.toml": "",
}

for name, end in (("lf", "\n"), ("cr", "\r"), ("crlf", "\r\n")):
    folder = pathlib.Path(sys.argv[1], name)
    folder.mkdir(parents=True)
    for file, text in FILES.items():
        (folder / file).write_bytes(text.replace("\n", end).encode())
