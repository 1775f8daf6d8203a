import ctypes
import os

library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libcounter.so"))
library.counter_start()
library.counter_stop()
pid = os.fork()
if pid == 0:
    library.counter_read()
    os._exit(0)
os.waitpid(pid, 0)
