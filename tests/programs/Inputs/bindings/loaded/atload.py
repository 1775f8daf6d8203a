import os
from ctypes import cdll


class Ticker:
    def __init__(self):
        self.library = cdll.LoadLibrary(os.path.join(os.path.dirname(__file__), "libticker.so"))

    def read(self):
        return self.library.ticker_read()


ticker = Ticker()
pid = os.fork()
if pid == 0:
    ticker.read()
    os._exit(0)
os.waitpid(pid, 0)
