// How a name of Python comes to stand for a function of C or C++: rows of `[[binding]]`, and what they make
// of the facts of a program. Each module that is written in C or C++ becomes a unit of Python whose
// statements do what its import does, and whose functions call those that are bound to their names; so does
// what a library offers that Python loads. The stages behind know of no bindings.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::link {

class Models;

/// The module that stands for what a loaded library offers; there is one beside each source that loads any.
inline constexpr llvm::StringLiteral libraryModule = "<library>";

/// One row. It is about a function that the import of a module runs, about each struct of a type that this
/// leads to, about each call of a function on the way there, or about what a library that is loaded offers.
/// `key` and the like name a field of the struct or a parameter of the call.
struct Binding {
  std::string import;    // the function that is run, "init_*": `*` is the last part of the module's name
  std::string structure; // the type of the struct
  std::vector<std::string> calls;
  std::string library; // which functions: "*"

  std::vector<std::string> parameters;                  // of the calls
  std::optional<std::pair<std::string, int64_t>> where; // only where this field is this number
  std::string in;                                       // what the name is bound in; else what is called
  std::string key;                                      // the name that is bound
  std::string function;                                 // what it is bound to
  std::string klass;                                    // the name of a class that is made
  std::string module;                                   // the name of a module in the module
  std::vector<std::string> members;                     // where more is that is bound in the class
  std::vector<std::string> constructor;                 // what makes an object of it
  std::vector<std::string> runs;                        // functions that the import runs too
  bool makesConstructor = false; // the call gives one, of the class that it is bound in
  bool isStatic = false;         // what is bound is not given the object
  bool isPacked = false;         // what is bound is given an object, and all arguments as one
  std::string back;              // the row that says what it means to come back to the interpreter
};

/// What a source of Python imports, by whole names.
struct Importing {
  std::string unit; // as in its facts
  std::vector<std::string> names;
};

/// The units that the bindings of `units` make, in an order that depends on the units only. Each module goes
/// by the imported names that end with its own name, or by that alone where nobody imports it. `wordsOf`
/// gives the words of a source, among which are the names of the functions that it calls.
std::vector<facts::UnitFacts> boundUnits(const std::vector<facts::UnitFacts>& units, const Models& models,
                                         llvm::ArrayRef<Importing> imports,
                                         llvm::function_ref<llvm::StringSet<>(llvm::StringRef unit)> wordsOf);

} // namespace forklint::link
