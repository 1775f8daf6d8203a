/* A library that starts its thread as soon as it is loaded. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static volatile long ticks;

static void* tick(void* data) {
  for (;;) {
    pthread_mutex_lock(&guard);
    ++ticks;
    usleep(300000);
    pthread_mutex_unlock(&guard);
  }
  return data;
}

__attribute__((constructor)) static void begin(void) {
  pthread_create(&worker, NULL, tick, NULL);
  while (!ticks)
    usleep(1000);
}

long ticker_read(void) {
  pthread_mutex_lock(&guard);
  long seen = ticks;
  pthread_mutex_unlock(&guard);
  return seen;
}
