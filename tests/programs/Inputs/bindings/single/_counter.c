/* A thread that counts: it holds the lock nearly always. Single-phase initialisation. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

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

static PyObject* start(PyObject* self, PyObject* arguments) {
  sem_init(&begun, 0, 0);
  running = 1;
  pthread_create(&worker, NULL, work, NULL);
  sem_wait(&begun);
  Py_RETURN_NONE;
}

static PyObject* stop(PyObject* self, PyObject* arguments) {
  running = 0;
  pthread_join(worker, NULL);
  Py_RETURN_NONE;
}

static PyObject* value(PyObject* self, PyObject* arguments) {
  pthread_mutex_lock(&guard);
  long seen = count;
  pthread_mutex_unlock(&guard);
  return PyLong_FromLong(seen);
}

static PyMethodDef methods[] = {
    {"start", start, METH_NOARGS, "Starts to count."},
    {"stop", stop, METH_NOARGS, "Waits for the thread."},
    {NULL, NULL, 0, NULL},
};

/* Bound by a call of its own. */
static PyMethodDef others[] = {
    {"read", value, METH_NOARGS, "How far it has counted."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_counter", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit__counter(void) {
  PyObject* module = PyModule_Create(&definition);
  if (module) PyModule_AddFunctions(module, others);
  return module;
}
