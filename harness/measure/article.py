"""The article's comparisons, measured: one JSON line a row on stdout, progress on stderr.

Guarantees: refuses before it allocates when memory does not allow (exit 3, one line on stderr); alternatives are
interleaved and the median is given; every receiver reads the data, so that no way wins by not looking.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from multiprocessing.pool import ThreadPool

# Peak use as a multiple of the array's size: the pickled bytes, the growing pipe buffer and the copy on the other side.
PEAK_COPIES = 5
FRAME_ROW_BYTES = 8


def number_in(path):
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):  # "max" stands for no limit
        return None


def available_memory():
    """What the machine has left, or less where a container may not use all of it."""
    free = []
    with open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable:"):
                free.append(int(line.split()[1]) * 1024)
    limit, used = number_in("/sys/fs/cgroup/memory.max"), number_in("/sys/fs/cgroup/memory.current")
    if limit is not None and used is not None:
        free.append(max(limit - used, 0))
    return min(free, default=None)


def free_shared_memory():
    """Bytes that shared blocks may take; containers give little by default."""
    try:
        state = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return state.f_bavail * state.f_frsize


def say(text):
    sys.stderr.write(f"forklint: {text}\n")


def total(array):
    return int(array.sum())


def total_of_floats(array):
    return float(array.sum())


def total_of_frame(frame):
    return int(frame["a"].sum())


def total_of_parquet(path):
    import pandas

    return int(pandas.read_parquet(path, engine="fastparquet")["a"].sum())


def total_of_shared(name, size):
    import numpy
    from multiprocessing import shared_memory

    block = shared_memory.SharedMemory(name=name)
    try:
        array = numpy.ndarray(size, dtype=numpy.uint8, buffer=block.buf)
        result = int(array.sum())
        del array
        return result
    finally:
        block.close()


inherited = None


def total_of_inherited():
    return int(inherited.sum())


class Progress:
    def __init__(self, steps):
        self.steps = steps
        self.done = 0
        self.shown = sys.stderr.isatty()

    def step(self, what):
        self.done += 1
        if self.shown:
            filled = 24 * self.done // self.steps
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (24 - filled)}] {self.done}/{self.steps} {what:<28.28}")
            sys.stderr.flush()

    def clear(self):
        if self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def clocked(action):
    start = time.perf_counter()
    value = action()
    return time.perf_counter() - start, value


def interleave(ways, repeats, progress, expected):
    """Median seconds of each way; a way that computes something else is a bug worth stopping for."""
    seconds = {name: [] for name, _ in ways}
    for _ in range(repeats):
        for name, action in ways:
            progress.step(name)
            took, value = clocked(action)
            if value != expected:
                raise SystemExit(f"{name}: got {value}, not {expected}")
            seconds[name].append(took)
    return {name: statistics.median(took) for name, took in seconds.items()}


def emit(row, comparison, kind, size, seconds, article_seconds=None, article_bytes=None):
    line = {"row": row, "comparison": comparison, "object": kind, "bytes": size, "seconds": seconds}
    if article_seconds is not None:
        line["article_seconds"] = article_seconds
        line["article_bytes"] = article_bytes
    print(json.dumps(line), flush=True)


def measure_array(size, repeats, progress):
    import numpy
    from multiprocessing import shared_memory

    global inherited
    array = numpy.ones(size, dtype=numpy.uint8)
    inherited = array
    fork = multiprocessing.get_context("fork")

    def through_block():
        block = shared_memory.SharedMemory(create=True, size=size)
        try:
            target = numpy.ndarray(size, dtype=numpy.uint8, buffer=block.buf)
            target[:] = array
            del target
            return spawned.apply(total_of_shared, (block.name, size))
        finally:
            block.close()
            block.unlink()

    # The pools are made before the clock starts, fork's before the spawn pool and the threads: no fork after threads.
    with fork.Pool(1) as forked, multiprocessing.get_context("spawn").Pool(1) as spawned, ThreadPool(1) as threads:
        for pool in (forked, spawned, threads):
            pool.apply(total, (array[:16],))
        ways = [
            ("thread-pool", lambda: threads.apply(total, (array,))),
            ("fork-pool", lambda: forked.apply(total, (array,))),
            ("spawn-pool", lambda: spawned.apply(total, (array,))),
            ("inherited-memory", lambda: forked.apply(total_of_inherited)),
        ]
        if free_shared_memory() > size:
            ways.append(("shared-memory", through_block))
        else:
            say(f"shared-memory is left out: /dev/shm has room for {free_shared_memory() >> 20} MiB only")
            progress.steps -= repeats
        medians = interleave(ways, repeats, progress, size)
    gib = 1 << 30
    article = {"thread-pool": 0.310, "spawn-pool": 1.801}
    for name, seconds in medians.items():
        emit(name, "sum of an array handed to one worker", "uint8-array", size, seconds, article.get(name),
             gib if name in article else None)


def measure_threads(size, repeats, progress):
    import numpy

    array = numpy.ones(size // 8, dtype=numpy.float64)
    expected = float(size // 8)
    with ThreadPool(4) as threads:
        threads.map(total_of_floats, [array[:16]] * 4)
        ways = [
            ("sequential", lambda: [total_of_floats(array) for _ in range(10)][0]),
            ("four-threads", lambda: threads.map(total_of_floats, [array] * 10)[0]),
        ]
        medians = interleave(ways, repeats, progress, expected)
    article = {"sequential": 4.253, "four-threads": 1.385}
    for name, seconds in medians.items():
        emit(name, "sum of an array, ten times", "float64-array", size, seconds, article[name], 8 << 30)


def measure_frame(rows, repeats, progress):
    import numpy
    import pandas

    frame = pandas.DataFrame({"a": numpy.arange(rows, dtype=numpy.int64)})
    expected = int(frame["a"].sum())
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1) as pool:
        path = os.path.join(folder, "frame.parquet")

        def through_file():
            frame.to_parquet(path, engine="fastparquet", compression=None)
            return pool.apply(total_of_parquet, (path,))

        pool.apply(total_of_frame, (frame[:16],))
        frame[:16].to_parquet(path, engine="fastparquet", compression=None)
        pool.apply(total_of_parquet, (path,))
        ways = [("pickle", lambda: pool.apply(total_of_frame, (frame,))), ("parquet-file", through_file)]
        medians = interleave(ways, repeats, progress, expected)
    article = {"pickle": 0.242, "parquet-file": 0.172}
    for name, seconds in medians.items():
        emit(name, "DataFrame handed to a spawned worker", "int64-dataframe", rows * FRAME_ROW_BYTES, seconds,
             article[name], 80_000_000)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes", type=int, default=256 << 20)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    size = max(options.bytes // 8 * 8, 4096)
    rows = max(min(size // FRAME_ROW_BYTES, 10_000_000), 512)
    needed = size * PEAK_COPIES + (64 << 20)
    free = available_memory()
    if free is not None and needed > free:
        largest = max((free - (64 << 20)) // PEAK_COPIES, 0)
        say(f"{size} bytes need about {needed >> 20} MiB of memory, {free >> 20} MiB are available; "
            f"use --bytes {largest} or less")
        return 3
    missing = []
    for module in ("numpy", "pandas", "fastparquet"):
        try:
            __import__(module)
        except ImportError:
            missing.append(module)
    if missing:
        say(f"{sys.executable} has no {', '.join(missing)}; `./dev demo` makes .venv-measure, which has them")
        return 3
    try:
        multiprocessing.Lock()
    except OSError as error:
        say(f"processes cannot share a semaphore here ({error}): is /dev/shm mounted and writable?")
        return 3
    progress = Progress(options.repeats * 9)
    measure_array(size, options.repeats, progress)
    measure_threads(size, options.repeats, progress)
    measure_frame(rows, options.repeats, progress)
    progress.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
