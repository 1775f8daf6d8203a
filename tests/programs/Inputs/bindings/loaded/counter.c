/* A library that Python loads by ctypes. */
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static sem_t begun;
static volatile int running;
static long count;

static void* work(void* data) {
  while (running) {
    pthread_mutex_lock(&guard);
    if (count++ == 0) sem_post(&begun);
    usleep(300000);
    pthread_mutex_unlock(&guard);
  }
  return data;
}

void counter_start(void) {
  sem_init(&begun, 0, 0);
  running = 1;
  pthread_create(&worker, NULL, work, NULL);
  sem_wait(&begun);
}

void counter_stop(void) {
  running = 0;
  pthread_join(worker, NULL);
}

long counter_read(void) {
  pthread_mutex_lock(&guard);
  long seen = count;
  pthread_mutex_unlock(&guard);
  return seen;
}
