/* Stands for CPython's header: as much of it as the extensions beside it use, with its names and layouts. */
#ifndef STAND_IN_PYTHON_H
#define STAND_IN_PYTHON_H

#include <stddef.h>

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

typedef PyObject PyVarObject;

typedef struct _typeobject {
  PyObject ob_base;
  const char* tp_name;
  long tp_basicsize;
  unsigned long tp_flags;
  PyMethodDef* tp_methods;
  int (*tp_init)(PyObject*, PyObject*, PyObject*);
  PyObject* (*tp_new)(struct _typeobject*, PyObject*, PyObject*);
} PyTypeObject;

#define PyVarObject_HEAD_INIT(type, size) {1},
#define Py_TPFLAGS_DEFAULT 0
PyObject* PyType_GenericNew(PyTypeObject* type, PyObject* arguments, PyObject* keywords);
int PyType_Ready(PyTypeObject* type);
int PyModule_AddObject(PyObject* module, const char* name, PyObject* value);

#define Py_None (&_Py_NoneStruct)
int PyArg_ParseTuple(PyObject* arguments, const char* format, ...);
PyObject* PyObject_Call(PyObject* callable, PyObject* arguments, PyObject* keywords);
long PySequence_Size(PyObject* sequence);
PyObject* PySequence_GetItem(PyObject* sequence, long index);
long PyLong_AsLong(PyObject* value);
unsigned long PyThread_start_new_thread(void (*run)(void*), void* given);

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
