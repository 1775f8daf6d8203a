import ctypes
import os

library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libcounter.so"))


def main():
    library.counter_start()
    pid = os.fork()
    if pid == 0:
        library.counter_read()
        os._exit(0)
    os.waitpid(pid, 0)


main()
