// The static object of the unit has a thread.
#include <Python.h>

#include <mutex>
#include <thread>

static std::mutex guard;
static long count;

static void countOn() {
  for (;;) {
    std::lock_guard<std::mutex> held(guard);
    ++count;
  }
}

static std::thread worker(countOn);

static PyObject* readCount(PyObject* self, PyObject* arguments) {
  std::lock_guard<std::mutex> held(guard);
  return PyLong_FromLong(count);
}

static PyMethodDef methods[] = {{"read", readCount, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_ext", nullptr, -1, methods};

PyMODINIT_FUNC PyInit__ext() { return PyModule_Create(&definition); }
