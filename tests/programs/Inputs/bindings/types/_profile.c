/* A class that is a static struct of C; what its methods do is in another source. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

extern PyMethodDef profile_methods[];

static int initialise(PyObject* self, PyObject* arguments, PyObject* keywords) { return 0; }

static PyTypeObject profile_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_profile.Profile",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = profile_methods,
    .tp_init = initialise,
    .tp_new = PyType_GenericNew,
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "_profile", .m_size = -1};

PyMODINIT_FUNC PyInit__profile(void) {
  PyObject* module = PyModule_Create(&definition);
  if (!module || PyType_Ready(&profile_type) < 0) return NULL;
  if (PyModule_AddObject(module, "Profile", (PyObject*)&profile_type) < 0) return NULL;
  return module;
}
