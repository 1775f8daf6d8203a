import os

import _counter


def count():
    _counter.start()


pid = os.fork()
if pid == 0:
    _counter.read()
    os._exit(0)
os.waitpid(pid, 0)
count()
_counter.stop()
