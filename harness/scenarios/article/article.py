"""A second thread writes to stderr while the main thread starts a process under fork."""

import multiprocessing
import sys
import threading


def report_progress():
    for step in range(1000):
        print(f"step {step} of 1000", file=sys.stderr, flush=True)


def work():
    pass


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    threading.Thread(target=report_progress).start()
    process = context.Process(target=work)
    process.start()
    process.join()
    print("the process ended", process.exitcode)
