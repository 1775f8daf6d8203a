import os

from engine import Engine

motor = Engine(2)
pid = os.fork()
if pid == 0:
    motor.read()
    os._exit(0)
os.waitpid(pid, 0)
