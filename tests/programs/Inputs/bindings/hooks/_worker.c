/* Functions that fork: behind the interpreter's back, with its hooks, and for another program. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <sys/types.h>
#include <unistd.h>

static PyObject* fork_blindly(PyObject* self, PyObject* arguments) {
  pid_t pid = fork();
  if (pid < 0) return PyErr_SetFromErrno(PyExc_OSError);
  return PyLong_FromLong(pid);
}

static void leave(void) {
  if (fork() > 0) _exit(0);
}

static PyObject* go_to_background(PyObject* self, PyObject* arguments) {
  leave();
  Py_RETURN_NONE;
}

static PyObject* fork_openly(PyObject* self, PyObject* arguments) {
  PyOS_BeforeFork();
  pid_t pid = fork();
  if (pid == 0)
    PyOS_AfterFork_Child();
  else
    PyOS_AfterFork_Parent();
  if (pid < 0) return PyErr_SetFromErrno(PyExc_OSError);
  return PyLong_FromLong(pid);
}

static PyObject* run(PyObject* self, PyObject* arguments) {
  pid_t pid = fork();
  if (pid < 0) return PyErr_SetFromErrno(PyExc_OSError);
  if (pid == 0) {
    execl("/bin/true", "true", (char*)NULL);
    _exit(127);
  }
  return PyLong_FromLong(pid);
}

/* As subprocess does it: the child reads what its parent has made, and tells the interpreter only where it runs Python. */
static void run_child(PyObject* kept, PyObject* prepare, PyObject* nothing) {
  for (long index = 0; index < PySequence_Size(kept); ++index)
    close((int)PyLong_AsLong(PySequence_GetItem(kept, index)));
  if (prepare != Py_None && nothing) PyObject_Call(prepare, nothing, NULL);
  execl("/bin/true", "true", (char*)NULL);
}

static PyObject* run_prepared(PyObject* self, PyObject* arguments) {
  PyObject *kept, *prepare, *nothing;
  if (!PyArg_ParseTuple(arguments, "OOO", &kept, &prepare, &nothing)) return NULL;
  pid_t pid = fork();
  if (pid < 0) return PyErr_SetFromErrno(PyExc_OSError);
  if (pid == 0) {
    if (prepare != Py_None) PyOS_AfterFork_Child();
    run_child(kept, prepare, nothing);
    _exit(255);
  }
  return PyLong_FromLong(pid);
}

static PyMethodDef methods[] = {
    {"fork_blindly", fork_blindly, METH_NOARGS, NULL},
    {"go_to_background", go_to_background, METH_NOARGS, NULL},
    {"fork_openly", fork_openly, METH_NOARGS, NULL},
    {"run", run, METH_NOARGS, NULL},
    {"run_prepared", run_prepared, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_worker", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit__worker(void) { return PyModule_Create(&definition); }
