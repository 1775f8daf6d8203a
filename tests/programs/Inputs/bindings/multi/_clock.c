/* The import starts the thread: multi-phase initialisation. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker;
static sem_t begun;
static volatile int running;
static long now;

static void* work(void* data) {
  while (running) {
    pthread_mutex_lock(&guard);
    if (now++ == 0) sem_post(&begun);
    usleep(300000);
    pthread_mutex_unlock(&guard);
  }
  return data;
}

static PyObject* read_clock(PyObject* self, PyObject* arguments) {
  pthread_mutex_lock(&guard);
  long seen = now;
  pthread_mutex_unlock(&guard);
  return PyLong_FromLong(seen);
}

static PyObject* close_clock(PyObject* self, PyObject* arguments) {
  running = 0;
  pthread_join(worker, NULL);
  Py_RETURN_NONE;
}

static int execute(PyObject* module) {
  sem_init(&begun, 0, 0);
  running = 1;
  if (pthread_create(&worker, NULL, work, NULL) != 0) return -1;
  sem_wait(&begun);
  return 0;
}

static PyMethodDef methods[] = {
    {"read", read_clock, METH_NOARGS, NULL},
    {"close", close_clock, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void*)execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_clock", .m_size = 0, .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__clock(void) { return PyModuleDef_Init(&definition); }
