#include <pthread.h>

static void* serve(void* unused) { return unused; }

/* Nobody calls this: it is a library's, and no program takes it. */
int begin(void) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve, 0);
}
