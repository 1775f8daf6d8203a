import os

pid = os.fork()
if pid == 0:
    import _clock

    _clock.read()
    _clock.close()
    os._exit(0)
os.waitpid(pid, 0)
