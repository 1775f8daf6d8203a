import os
import subprocess


def session():
    os.setsid()


subprocess.run(["true"], preexec_fn=os.setsid)
subprocess.Popen(["true"], preexec_fn = lambda: os.umask(0o22), cwd="/")
subprocess.Popen(
    ["true"], preexec_fn=lambda:
    os.setuid(1000))
subprocess.Popen(["true"], preexec_fn=lambda: os.setpgid(0, 0))
subprocess.Popen(["true"], preexec_fn=session)
subprocess.Popen(["true"], preexec_fn=lambda: os.setpgid(0, 1))
subprocess.Popen(["true"], preexec_fn=lambda: os.umask(session()))
subprocess.Popen(["true"], preexec_fn=os.setsid, start_new_session=False)
subprocess.Popen(["true"], preexec_fn=os.setsid, **{})
