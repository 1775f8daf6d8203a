"""cpp.py FORKLINT FOLDER...: CPU seconds of whole processes over the compile database of each folder, as times of one
`clang -fsyntax-only` of all its units: forklint cold (no cache) and warm (a second run with one), and the most memory that a
process of its front end took. Runs in turn, the best of FORKLINT_BENCH_RUNS (3). Nothing is asserted: machines differ."""

import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile

RUNS = int(os.environ.get("FORKLINT_BENCH_RUNS", "3"))


def cpu(run):
    """User plus system seconds of what `run` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def quietly(words, directory=None):
    subprocess.run(words, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def syntax_only(commands, database):
    for one in commands:
        words = one.get("arguments") or shlex.split(one["command"])
        compiler = "clang-19" if one["file"].endswith(".c") else "clang++-19"
        flags = ["-fsyntax-only", "-w", "-Qunused-arguments"]
        quietly([compiler, *words[1:], *flags], os.path.join(database, one["directory"]))


def memory_of_front_end(forklint, commands, database):
    """Megabytes: all units through one process, as a batch goes through it."""
    front_end = os.path.join(os.path.dirname(os.path.abspath(forklint)), "forklint-cpp")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as work:
        for one in commands[:: max(1, len(commands) // 24)]:
            words = one.get("arguments") or shlex.split(one["command"])
            directory = os.path.join(os.path.abspath(database), one["directory"])
            print(json.dumps({"unit": one["file"], "directory": directory, "arguments": words}), file=work)
        work.flush()
        script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); " \
                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        told = subprocess.run([sys.executable, "-c", script, front_end, work.name], capture_output=True, text=True)
    return int(told.stdout) / 1024


def compare(forklint, folder):
    database = next((at for at in (folder, os.path.join(folder, "build")) if os.path.exists(at + "/compile_commands.json")), None)
    if database is None:
        print(f"{folder}: no compile_commands.json")
        return
    with open(database + "/compile_commands.json", encoding="utf-8") as file:
        commands = json.load(file)
    check = [forklint, "check", "-j", "1", "-p", database, folder]
    clang, cold, warm = [], [], []
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(RUNS):
            clang.append(cpu(lambda: syntax_only(commands, database)))
            cold.append(cpu(lambda: quietly([*check, "--no-cache"])))
            quietly([*check, "--cache-dir", cache])
            warm.append(cpu(lambda: quietly([*check, "--cache-dir", cache])))
    print(f"{os.path.basename(os.path.abspath(folder))}: {len(commands)} units; CPU, times clang -fsyntax-only")
    for name, seconds in (("clang -fsyntax-only", clang), ("forklint, cold", cold), ("forklint, warm", warm)):
        print(f"  {name:32} {min(seconds):8.2f} s  {min(seconds) / min(clang):6.3f}")
    print(f"  {'most memory of a front end':32} {memory_of_front_end(forklint, commands, database):8.0f} MB")


if __name__ == "__main__":
    for each in sys.argv[2:]:
        compare(sys.argv[1], each)
