"""Work reports its progress to stderr from a thread while the main thread starts a process: it can wait for ever."""

import multiprocessing
import sys
import threading


def report_progress():
    for step in range(1000):
        print(f"step {step} of 1000", file=sys.stderr)


def work():
    print("the process works", file=sys.stderr)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    threading.Thread(target=report_progress).start()
    process = context.Process(target=work)
    process.start()
    process.join()
