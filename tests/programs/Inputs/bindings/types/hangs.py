import os

from _profile import Profile

profile = Profile()
profile.start(print, 0.1)
pid = os.fork()
if pid == 0:
    profile.elapsed()
    os._exit(0)
os.waitpid(pid, 0)
