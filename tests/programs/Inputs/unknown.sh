#!/bin/sh
gunicorn --preload "${LATE:-app:application}"
gunicorn --preload $NONE
gunicorn --preload ${NONE+app:application}
APP=app:application
gunicorn --preload '$APP'
sh -c 'gunicorn --preload $APP'
gunicorn --preload ${APP%n}
gunicorn --preload $APPLICATION
gunicorn --preload \$APP
if test "$1"; then
  TWICE=app:application
else
  TWICE=other:application
fi
gunicorn --preload "$TWICE"
gunicorn --preload "${TWICE:-app:application}"
GIVEN=$1
gunicorn --preload "${GIVEN:-app:application}"
COMPUTED=$(cat name)
gunicorn --preload "${COMPUTED:-app:application}"
LATE=other:application
OPTIONS="--preload --workers 3"
gunicorn "$OPTIONS" app:application
for EACH in app:application; do
  gunicorn --preload "${EACH:-app:application}"
done
read LINE
gunicorn --preload "${LINE:-app:application}"
FIRST=app:application gunicorn --preload "$FIRST"
LIST=(app:application)
gunicorn --preload $LIST
GROWN=app:application
GROWN+=x
gunicorn --preload "$GROWN"
