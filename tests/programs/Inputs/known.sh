#!/bin/sh
APP=app:application # the only one
gunicorn --preload "$APP"
gunicorn --preload ${APP}
sh -c "gunicorn --preload $APP"
gunicorn --preload ${NONE:-app:application}
gunicorn --preload "${NONE-"app:application"}"
OWN=${OWN:-app:application}
gunicorn --preload "$OWN"
: ${SET:=app:application}
gunicorn --preload "$SET"
OPTIONS="--preload  --workers 3"
gunicorn $OPTIONS app:application
MODULE=app
WHOLE=$MODULE:application
gunicorn --preload "$WHOLE"
export EXPORTED=app:application
sh -c 'gunicorn --preload $EXPORTED'
run() {
  local NAME=app:application
  gunicorn --preload $NAME
}
if true; then
  LATE=app:application
fi
gunicorn --preload $LATE
