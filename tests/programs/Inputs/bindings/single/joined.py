import os

import _counter

_counter.start()
_counter.stop()
pid = os.fork()
if pid == 0:
    _counter.read()
    os._exit(0)
os.waitpid(pid, 0)
