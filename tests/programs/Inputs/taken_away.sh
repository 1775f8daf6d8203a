#!/bin/bash
# No command behind `late` is told to load the application early; each behind `early` is.
export GUNICORN_CMD_ARGS=--preload
exec gunicorn early:application
unset GUNICORN_CMD_ARGS
exec gunicorn late:application
export GUNICORN_CMD_ARGS=--preload
export -n GUNICORN_CMD_ARGS
exec gunicorn late:application
export GUNICORN_CMD_ARGS=--preload OTHER=1
unset -f GUNICORN_CMD_ARGS
unset -v OTHER
exec gunicorn early:application
env -u GUNICORN_CMD_ARGS gunicorn late:application
env -uGUNICORN_CMD_ARGS gunicorn late:application
env --unset=GUNICORN_CMD_ARGS --unset OTHER gunicorn late:application
env -i PATH=/bin gunicorn late:application
env - gunicorn late:application
env -u OTHER gunicorn early:application
env -u GUNICORN_CMD_ARGS GUNICORN_CMD_ARGS=--preload gunicorn early:application
unset -v GUNICORN_CMD_ARGS
(
  export GUNICORN_CMD_ARGS=--preload
  exec gunicorn early:application
)
exec gunicorn late:application
( export GUNICORN_CMD_ARGS=--preload; exec gunicorn early:application ) && exec gunicorn late:application
export GUNICORN_CMD_ARGS=--preload
(unset GUNICORN_CMD_ARGS; exec gunicorn late:application)
exec gunicorn early:application
start() { true; }
( (export A=1); exec gunicorn early:application )
(TARGET=late:application; unset GUNICORN_CMD_ARGS; gunicorn "$TARGET")
gunicorn "$TARGET"
