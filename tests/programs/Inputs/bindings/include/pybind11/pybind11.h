// Stands for pybind11's header: the names that the extensions beside it use.
#pragma once

#include "../Python.h"

namespace pybind11 {

class object {};

template <typename... Arguments> struct constructor {};
template <typename... Arguments> constructor<Arguments...> init() { return {}; }

class module_ : public object {
public:
  template <typename Function> module_& def(const char* name, Function&& function) { return *this; }
  module_ def_submodule(const char* name) { return {}; }
  PyObject* ptr() { return nullptr; }
};

template <typename Class> class class_ : public object {
public:
  class_(module_& scope, const char* name) {}
  template <typename Function> class_& def(const char* name, Function&& function) { return *this; }
  template <typename... Arguments> class_& def(const constructor<Arguments...>& made) { return *this; }
};

} // namespace pybind11

#define PYBIND11_MODULE(name, variable)                                                                               \
  static void pybind11_init_##name(::pybind11::module_& variable);                                                    \
  extern "C" PyObject* PyInit_##name() {                                                                              \
    ::pybind11::module_ made;                                                                                         \
    pybind11_init_##name(made);                                                                                       \
    return made.ptr();                                                                                                \
  }                                                                                                                   \
  void pybind11_init_##name(::pybind11::module_& variable)
