"""A thread reports to stderr while the main thread starts a process: where that forks, it can wait for ever."""

import multiprocessing
import sys
import threading


def report_progress():
    for step in range(1000):
        print(f"step {step} of 1000", file=sys.stderr, flush=True)


def work():
    print("the process works", file=sys.stderr)


if __name__ == "__main__":
    threading.Thread(target=report_progress).start()
    process = multiprocessing.Process(target=work)
    process.start()
    process.join()
