#include <pthread.h>
#include <syslog.h>

extern int given_up;

static void* serve(void* unused) {
  while (!given_up)
    syslog(LOG_INFO, "serving");
  return unused;
}

int prepare(void) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve, 0);
}
