#include <pthread.h>

static void* serve(void* unused) { return unused; }

/* The server finds this by its name when it runs; nobody names it. */
int plugin_begin(void) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve, 0);
}
