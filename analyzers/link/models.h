// What libraries do, read from rules/models/*.toml. A row's subject is a callable by its dotted (Python) or
// qualified (C, C++) name; its effects are the vocabulary of the solver. Rows are data: no C++ code names a
// library function. A wrong row is an error with file, line and column.
#pragma once

#include "analyzers/support/variants.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <utility>
#include <vector>

namespace forklint::link {

enum class EffectKind : uint8_t {
  Creates,      // the call makes an object: `life`, members named after the parameters
  StartsThread, // `entry` runs in a thread that `subject` stands for
  Ends,         // the life of `subject` ends, unless argument `unless` is given
  Forks,        // `primitive`; the child runs `entry`, or returns 0 where entry is "returns"
  Execs,        // gone, or back with an error
  ExitsFast,    // the process ends without handlers
  ExitsFull,    // the process ends with handlers
  Acquires,     // lock `subject`
  Releases,
  SetsStartMethod, // the global one, from argument `subject`
  RunsBeforeExec,  // `entry` runs in a forked child before exec
  Submits,         // `entry` runs in the workers of `subject`, `payload` is sent
  UnsafeInChild,   // takes `lock` of the C library, which fork does not reset: `tier`
};

/// One effect. Paths speak of the call: "self", "self.target", "arg.NAME", "result".
struct Effect {
  EffectKind kind = EffectKind::Creates;
  std::string subject;
  std::string entry;
  std::string arguments;
  std::string life;
  std::string primitive;
  std::string method; // a start method, or a path to a value that names or carries it
  std::string unless;
  std::string payload;
  std::string lock;
  int64_t copies = 1;
  int tier = 0;
};

struct Model {
  std::string name;
  std::vector<std::string> parameters;
  std::vector<Effect> effects;
  std::string returns; // a name, a path ("self", "arg.X"), or empty for unknown
  std::string size;    // bytes of the result, over parameters
  std::vector<std::string> bases;
  std::vector<std::pair<std::string, std::string>> members; // attribute -> model name
  std::string source;
};

class Models {
public:
  /// The rows compiled into the program.
  static llvm::Expected<Models> builtin();
  /// Adds the rows of one file; a later row replaces an earlier one of the same name.
  llvm::Error add(llvm::StringRef text, llvm::StringRef file);

  /// The row for a name, an alias of one, or null. Template arguments and parameter lists do not count.
  const Model* find(llvm::StringRef name) const;
  /// The versions for which `method` is what a program gets that says nothing.
  Variants defaultStartMethod(llvm::StringRef method) const;
  size_t size() const { return rows.size(); }
  /// Last components of all names that have effects: the seeds of the cone.
  std::vector<std::string> seeds() const;

private:
  std::vector<Model> rows;
  llvm::StringMap<size_t> byName;
  std::vector<std::pair<std::string, Variants>> startMethods;
};

/// NAME and text of each file compiled in (generated at build time).
llvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> builtinModelFiles();

} // namespace forklint::link
