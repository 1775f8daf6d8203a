"""Runs before the program, put on PYTHONPATH by the supervisor of a directed run.

Guarantees: the program's own file is untouched; only the first fork is directed, once, and a hold that is not reached
within two seconds is given up and noted; a sitecustomize of the installation still runs. Works on CPython 3.8 and later.
"""

import os
import sys


def _chain():
    """Runs the sitecustomize that this file hides."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


def _install():
    record_path = os.environ.get("FORKLINT_WATCH_RECORD")
    notes_path = os.environ.get("FORKLINT_WATCH_NOTES")
    if not record_path or not notes_path or os.environ.get("FORKLINT_WATCH") == "0":
        return
    import faulthandler
    import mmap
    import threading
    import time

    # Offsets of harness/interposer/record.h, in 32-bit words.
    OWNER, ARMED_BY, PARKED_TID = 2, 3, 4
    ours = os.getpid()
    handle = os.open(record_path, os.O_RDWR)
    words = memoryview(mmap.mmap(handle, 4096)).cast("I")
    os.close(handle)
    if words[OWNER] != ours:
        return
    notes = os.open(notes_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    stacks = int(os.environ.get("FORKLINT_WATCH_STACK_SIGNAL", "0"))
    library = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
    force = os.environ.get("FORKLINT_WATCH_FORCE") == "1"
    done = []

    def user_frame(frame):
        """The innermost frame outside the standard library, else the innermost one."""
        first = frame
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith((library, "<frozen")) or "site-packages" in name:
                return frame
            frame = frame.f_back
        return first

    def note(*fields):
        line = "\t".join(str(field).replace("\t", " ").replace("\n", " ") for field in fields)
        os.write(notes, (line + "\n").encode("utf-8", "backslashreplace"))

    def place(frame):
        return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name

    def wait_until_parked():
        words[ARMED_BY] = threading.get_native_id()
        end = time.monotonic() + 2.0
        while not words[PARKED_TID]:
            if time.monotonic() > end:
                words[ARMED_BY] = 0
                return False
            time.sleep(0.0005)  # gives up the interpreter lock, so that others get as far as their write
        return True

    def before():
        if os.getpid() != ours or done:
            return
        done.append(True)
        reached = wait_until_parked() if force else False
        note("fork", "parked" if reached else "free", *place(user_frame(sys._getframe(1))))
        mine = threading.get_ident()
        known = {thread.ident: thread for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            if ident != mine:
                thread = known.get(ident)
                note("thread", getattr(thread, "native_id", 0) or 0, thread.name if thread else "?",
                     *place(user_frame(frame)))

    def after_in_child():
        # Lets the supervisor ask a child that is proven to hang where it stands. A thread or a timer would spoil
        # the proof; a handler that only prints does not.
        if stacks:
            faulthandler.register(stacks, file=notes, all_threads=False, chain=False)

    os.register_at_fork(before=before, after_in_child=after_in_child)


try:
    _install()
finally:
    _chain()
