"""Builds the extensions and libraries of a folder for the Python that runs this, then runs its programs.

prove.py FOLDER hang|end PROGRAM... [-- INCLUDE...]

Of a program that hangs it proves from the state of the child that this is a deadlock: it sleeps in futex(2) on a lock that
is taken, by a thread that is none of its own, and uses no processor. Then it ends the child by its number."""

import os
import pathlib
import platform
import shutil
import struct
import subprocess
import sys
import sysconfig
import time

FUTEX = {"x86_64": 202, "aarch64": 98}.get(platform.machine())
PATIENCE = 60


def first_of(*programs):
    return next(filter(shutil.which, programs), None) or sys.exit(f"none of {', '.join(programs)} is installed")


def build(folder, includes):
    headers = [f"-I{sysconfig.get_paths()['include']}", *(f"-I{each}" for each in includes)]
    for source in [*folder.glob("*.c"), *folder.glob("*.cpp")]:
        if "__" in source.stem:  # a part of another one
            continue
        parts = [source, *folder.glob(f"{source.stem}__*{source.suffix}")]
        compiler = [first_of("clang++-19", "c++"), "-std=c++17"] if source.suffix == ".cpp" else [first_of("clang-19", "cc")]
        is_extension = "Python.h" in source.read_text() or "pybind11" in source.read_text()
        name = source.stem + sysconfig.get_config_var("EXT_SUFFIX") if is_extension else f"lib{source.stem}.so"
        built = folder / name
        if not built.exists():
            command = [*compiler, "-O1", "-shared", "-fPIC", "-pthread", *headers, *map(str, parts), "-o", str(built)]
            subprocess.run(command, check=True)


def ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[0], int(fields[11]) + int(fields[12])


def waits_for_ever(pid):
    """The number of the thread that holds what the process waits for, or nothing."""
    call = pathlib.Path(f"/proc/{pid}/syscall").read_text().split()
    if call[0] != str(FUTEX):
        return None
    with open(f"/proc/{pid}/mem", "rb") as memory:
        memory.seek(int(call[1], 16))
        lock, _, owner = struct.unpack("iIi", memory.read(12))  # of a pthread_mutex_t of glibc
    if not lock or not owner or pathlib.Path(f"/proc/{pid}/task/{owner}").exists():
        return None
    before = ticks(pid)
    time.sleep(0.7)  # longer than any thread here holds a lock
    after = ticks(pid)
    return owner if before == after and before[0] == "S" else None


def child_of(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None


def run(program, expects_hang):
    parent = subprocess.Popen([sys.executable, str(program)], cwd=program.parent)
    end = time.monotonic() + PATIENCE
    try:
        while parent.poll() is None and time.monotonic() < end:
            child = child_of(parent.pid)
            try:
                owner = waits_for_ever(child) if child and expects_hang else None
            except OSError:  # it has ended
                owner = None
            if owner:
                print(f"{program.name}: the child waits for a lock that thread {owner} holds, which it does not have")
                os.kill(child, 9)
                return True
            time.sleep(0.05)
        print(f"{program.name}: " + ("ended" if parent.returncode == 0 else "neither ended nor proven to hang"))
        return not expects_hang and parent.returncode == 0
    finally:
        parent.kill()
        parent.wait()


def main():
    arguments, _, includes = " ".join(sys.argv[1:]).partition(" -- ")
    folder, expected, *programs = arguments.split()
    folder = pathlib.Path(folder).resolve()
    if not FUTEX:
        sys.exit(f"prove.py does not know futex(2) on {platform.machine()}")
    build(folder, includes.split())
    fine = [run(folder / program, expected == "hang") for program in programs]
    sys.exit(not all(fine))


main()
