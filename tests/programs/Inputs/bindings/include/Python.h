/* Stands for CPython's header: as much of it as the extensions beside it use, with its names and layouts. */
#ifndef STAND_IN_PYTHON_H
#define STAND_IN_PYTHON_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _object PyObject;
typedef PyObject* (*PyCFunction)(PyObject*, PyObject*);

typedef struct PyMethodDef {
  const char* ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char* ml_doc;
} PyMethodDef;

typedef struct PyModuleDef_Slot {
  int slot;
  void* value;
} PyModuleDef_Slot;

typedef struct PyModuleDef_Base {
  PyObject* m_copy;
} PyModuleDef_Base;

typedef struct PyModuleDef {
  PyModuleDef_Base m_base;
  const char* m_name;
  const char* m_doc;
  long m_size;
  PyMethodDef* m_methods;
  PyModuleDef_Slot* m_slots;
} PyModuleDef;

#define PyModuleDef_HEAD_INIT {0}
#define Py_mod_exec 2
#define METH_VARARGS 1
#define METH_NOARGS 4

PyObject* PyModule_Create2(PyModuleDef* definition, int version);
#define PyModule_Create(definition) PyModule_Create2(definition, 1013)
PyObject* PyModuleDef_Init(PyModuleDef* definition);
int PyModule_AddFunctions(PyObject* module, PyMethodDef* functions);

extern PyObject _Py_NoneStruct;
#define Py_RETURN_NONE return &_Py_NoneStruct
struct _object {
  long ob_refcnt;
};

PyObject* PyLong_FromLong(long value);
extern PyObject* PyExc_OSError;
PyObject* PyErr_SetFromErrno(PyObject* type);

void PyOS_BeforeFork(void);
void PyOS_AfterFork_Parent(void);
void PyOS_AfterFork_Child(void);

#ifdef __cplusplus
}
#define PyMODINIT_FUNC extern "C" PyObject*
#else
#define PyMODINIT_FUNC PyObject*
#endif

#endif
