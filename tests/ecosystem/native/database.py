"""Compile databases: from what make would run, from a build system's own, from a plain list of flags."""

import glob
import json
import os
import re
import shlex

SOURCE = re.compile(r".*\.(c|cc|cpp|cxx|C)$")
COMPILER = re.compile(r"(.*/)?(clang|gcc|cc|clang\+\+|g\+\+|c\+\+)(-\d+)?$")
ENTERING = re.compile(r"make(?:\[\d+\])?: Entering directory '(.*)'$")
LEAVING = re.compile(r"make(?:\[\d+\])?: Leaving directory ")
# Automake lets the shell find where a source is; it is in the folder itself unless the tree of the build is another.
BY_THE_SHELL = re.compile(r"`test -f '([^']*)' \|\| echo '[^']*'`")

# They write files, or they make an error of what another compiler than the project's own remarks.
ALONE = re.compile(r"-Werror($|=)|-M[DMPG]+$|-Wp,-M|-flto|-ffat-lto")
WITH_VALUE = {"-MF", "-MT", "-MQ", "-o"}


def cleaned(words):
    kept, words = [], iter(words)
    for word in words:
        if word in WITH_VALUE:
            next(words, None)
        elif not ALONE.match(word):
            kept.append(word)
    return kept


def entry(folder, words, source):
    return {"directory": folder, "file": source, "arguments": cleaned(words)}


def commands(line):
    """The simple commands of a line of shell, each as its words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    command = []
    try:
        for word in lexer:
            if set(word) <= set(";&|()") and word:
                yield command
                command = []
            else:
                command.append(word)
    except ValueError:  # A quote that ends in another line: the line is no compile command.
        return
    yield command


def of_command(folder, words):
    """The entry of a command that compiles, through libtool and the like too; else None."""
    compiler = next((index for index, word in enumerate(words) if COMPILER.match(word)), None)
    if compiler is None or "-E" in words or "-M" in words:
        return None
    words = words[compiler:]
    sources = [word for word in words[1:] if SOURCE.match(word) and not word.startswith("-")]
    return entry(folder, words, sources[-1]) if sources else None


def from_make(told, root):
    """What `make --dry-run --print-directory` printed."""
    folders, entries = [root], []
    for line in BY_THE_SHELL.sub("", told.replace("\\\n", " ")).splitlines():
        if entering := ENTERING.match(line):
            folders.append(entering[1])
        elif LEAVING.match(line):
            folders[1:] = folders[1:-1]
        elif any(SOURCE.match(word.strip("'\";")) for word in line.split()):
            folder = folders[-1]
            for words in commands(line):
                if len(words) == 2 and words[0] == "cd":
                    folder = os.path.join(folder, words[1])
                elif made := of_command(folder, words):
                    entries.append(made)
    return entries


def from_json(path):
    with open(path, encoding="utf-8") as file:
        return [entry(each["directory"], each.get("arguments") or shlex.split(each["command"]), each["file"])
                for each in json.load(file) if SOURCE.match(each["file"])]


def from_list(root, patterns, flags):
    names = [name for pattern in patterns for name in sorted(glob.glob(pattern, root_dir=root, recursive=True))]
    return [entry(root, ["clang-19" if name.endswith(".c") else "clang++-19", *flags, "-c", name], name)
            for name in names]


def write(root, entries):
    """Each source once, if it is there: one that a generator would make may not be. Returns (written, not there)."""
    known, absent = {}, set()
    for each in entries:
        path = os.path.realpath(os.path.join(each["directory"], each["file"]))
        if os.path.exists(path):
            known.setdefault(path, each)
        else:
            absent.add(path)
    with open(os.path.join(root, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(known.values()), file, indent=1)
    return len(known), len(absent)
