// What a function mentions, by name: a global or a library's thing by its whole name where imports tell it
// ("=os.fork"), an attribute of something unknown by its last part (".start"), a module that it imports
// by its file ("!a/b.py"), a keyword or a text ("'preexec_fn"); an attribute of what an attribute or global
// holds by both (".worker.start"), of its elements too.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <functional>
#include <string>
#include <vector>

namespace forklint::link {

class Mentions {
public:
  explicit Mentions(const Program& program);
  /// Takes in what has been read since.
  void update();

  /// What a function does with what it mentions: it only names it, as the base of something else or to bind
  /// it; it gives it to somebody; it calls it, or reads an attribute, which may be a property; the latter of
  /// its own object alone.
  enum class Use : uint8_t { Named, Given, OfSelf, Called };
  /// Calls `visit` with each key that the function mentions. A statement mentions nothing that it only
  /// defines.
  void of(const FunctionInfo& info, llvm::function_ref<void(llvm::StringRef key, Use use)> visit) const;
  /// Calls `visit` with each class of a library that the function's annotations name, read or not.
  void annotatedIn(const facts::Function& function,
                   llvm::function_ref<void(llvm::StringRef klass)> visit) const;
  /// The keys by which the function is reached: its own name; a statement by its module's, a constructor,
  /// destructor or protocol method by its class's. In C and C++ a method is reached by those that it
  /// overrides, a call operator by its class, and what initialises a global by that; no name there means an
  /// attribute of whatever it is.
  llvm::SmallVector<std::string, 3> reachedBy(const FunctionInfo& info) const;
  /// The class that a method belongs to, or nothing.
  llvm::StringRef classOf(const FunctionInfo& info) const;
  /// The whole names of a class's bases, as far as imports tell them.
  llvm::ArrayRef<Text> basesOf(llvm::StringRef klass) const;
  /// The whole names of the classes of whose instances a method of the class may go on with a member: all
  /// that are above one that derives from it.
  std::vector<std::string> relativesOf(llvm::StringRef klass) const;
  /// The class of whose object a method, or a function in one, may use members by the method's own name for
  /// it.
  llvm::StringRef classOfSelf(const FunctionInfo& info) const;
  /// May a member of the object that the method is called on belong to the class?
  bool mayBeOfSelf(const FunctionInfo& method, llvm::StringRef owner) const;
  /// The classes to which members of the object may belong that a method of the class is called on. None:
  /// nothing is known of a base, or something is done for members that are not there.
  const std::optional<llvm::StringSet<>>& familyOf(llvm::StringRef klass, const facts::UnitFacts& unit) const;
  /// Is the module itself given to somebody, or named by a text, so that any value may be it?
  bool isGiven(llvm::StringRef module) const { return givenModules.contains(module); }
  /// The modules of which a module imports all names.
  llvm::ArrayRef<Text> starredBy(llvm::StringRef module) const;
  /// The names under which a thing is known elsewhere: re-exports of it, classes that derive from it.
  llvm::ArrayRef<Text> aliasesOf(llvm::StringRef name) const;
  /// The names of the attributes and globals in which an object that the callee makes is stored.
  llvm::ArrayRef<Text> attributesOf(llvm::StringRef callee) const;
  /// Of which things it is another name.
  llvm::ArrayRef<Text> meantBy(llvm::StringRef alias) const;
  /// The classes that derive from one, as far as imports tell.
  llvm::ArrayRef<Text> derivedFrom(llvm::StringRef klass) const;

private:
  class Speller;
  using Names = llvm::StringMap<List<Text>>;
  void addAlias(Text thing, Text alias);
  llvm::SmallVector<std::string, 3> reachedInCpp(const FunctionInfo& info) const;
  void add(const FunctionInfo& function);

  std::vector<Use> usesOf(const facts::Function& function) const;
  bool asksForClass(const facts::Function& function, const facts::Instruction& call) const;
  /// The whole name of a value, where imports and globals tell it; else empty.
  std::string nameOf(const facts::Function& function, facts::ValueId id, unsigned depth = 0) const;
  std::string resolved(std::string name) const;
  void collect(const FunctionInfo& statement);
  void collectAttributes(const facts::Function& function);
  /// The file of the module that a unit means, or nothing.
  llvm::StringRef fileOf(llvm::StringRef module, const facts::UnitFacts& from) const;
  void collectGivenModules(const facts::Function& function);
  llvm::SmallVector<std::string, 4> holdersOf(const facts::Function& function, facts::ValueId id) const;
  bool isMember(const facts::Function& function, facts::ValueId id) const;
  bool isOfVariable(llvm::StringRef name) const;

  const Program& program;
  size_t added = 0;                     // of the functions that were read
  llvm::StringMap<std::string> globals; // global -> the one thing that it is bound to
  llvm::StringSet<> variables;          // globals that hold what has no name
  Names aliases;                        // thing -> globals bound to it, classes derived from it
  Names meant;                          // the other way round
  Names bases;                          // class -> its bases
  Names derived;                        // the other way round
  Names overridden;                     // method of C++ -> those that it overrides, without their parameters
  Names starred;                        // module -> those of which it imports all names
  Names attributes;                     // callee -> attributes and globals that hold it, each once
  llvm::DenseSet<std::pair<uintptr_t, uintptr_t>> knownAttributes; // of these: identities of both
  llvm::StringSet<> open;                                          // classes with a base that has no name
  mutable llvm::StringMap<std::optional<llvm::StringSet<>>> families;
  llvm::StringSet<> givenModules;
  llvm::StringSet<> loaders;                           // what gives a library's functions
  llvm::StringMap<std::vector<llvm::StringRef>> files; // module -> its files
};

/// "ns::f" for "ns::f(int)", "ns::operator" for "ns::operator()(int)".
llvm::StringRef beforeParameters(llvm::StringRef symbol);
/// "f" for "ns::f(int)" and "module.f".
llvm::StringRef lastComponent(llvm::StringRef name);
/// "ns" for "ns::f(int)", "module" for "module.f".
llvm::StringRef scopeOf(llvm::StringRef name);
/// "ns::C::~C" for "ns::C".
std::string destructorOf(llvm::StringRef klass);

} // namespace forklint::link
