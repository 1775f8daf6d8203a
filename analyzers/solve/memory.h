// What a state's places mean: objects and the places that they have, elements and addresses, attributes of
// modules, instances and classes, and what callers who are not known give. It knows nothing of how control
// flows: the interpreter is built on it.
//
// Promises: a place, an object of a name and the order of a class's bases are the same each time they are
// asked for; what is not known is a value too, never an error.
#pragma once

#include "analyzers/solve/records.h"
#include "analyzers/solve/state.h"
#include "analyzers/solve/stores.h"

#include <deque>
#include <map>
#include <optional>

namespace forklint::solve {

class Memory {
protected:
  /// How far classes are followed to their bases, and pointers to what they lead to, which may be themselves.
  static constexpr unsigned deepestBase = 20, deepestAddress = 8;

  explicit Memory(const link::Program& program);

  // memory.cpp: places and objects
  PlaceId place(ObjectId object, Text name);
  PlaceId globalPlace(Text name) { return place(0, name); }
  const List<PlaceId>& fieldsOf(ObjectId object) const { return fields[object]; }
  llvm::StringRef nameOf(PlaceId place) const { return placeInfo[place].second; }
  ObjectId ownerOf(PlaceId place) const { return placeInfo[place].first; }
  /// The name of a place that holds an attribute, not one of the solver's own or an element.
  static bool isAttribute(llvm::StringRef name) { return !name.starts_with("<") && !name.starts_with("["); }
  ObjectId newObject(ObjectInfo info);
  ObjectId onlyObject(const std::string& model);
  ObjectId aggregateAt(PlaceId place);
  void clear(State& state, ObjectId object);
  void forget(State& state, ObjectId aggregate);
  ValueSet external(const std::string& name);
  ValueSet moduleValue(Text name);
  ValueSet starredName(const State& state, llvm::StringRef global);
  bool isContainer(const Atom& atom) const;
  bool mayLive(ValueSet value) const;
  ValueSet dereference(const State& state, ValueSet value);
  std::optional<ValueSet> advance(ValueSet pointer, ValueSet by);
  ValueSet elements(const State& state, ValueSet container, unsigned depth = 0);
  std::vector<ValueSet> items(const State& state, ObjectId container);

  // attributes.cpp; class-order.cpp: orderBehind
  ValueSet attribute(const State& state, AtomId base, const std::string& name, unsigned depth = 0);
  ValueSet attributeOf(const State& state, ValueSet base, const std::string& name, unsigned depth = 0);
  ValueSet instanceAttribute(const State& state, AtomId base, ObjectId klass, const std::string& name);
  ValueSet classAttribute(const State& state, ObjectId klass, const std::string& name);
  ValueSet firstAttribute(const State& state, llvm::ArrayRef<AtomId> classes, const std::string& name);
  ValueSet bound(AtomId receiver, ValueSet members);
  bool isDescriptor(const Atom& member) const;
  ValueSet modelMember(AtomId receiver, llvm::StringRef model, llvm::StringRef name, unsigned depth = 0);
  std::string modelOf(ObjectId object, unsigned depth = 0) const;
  llvm::ArrayRef<AtomId> orderBehind(ObjectId klass);

  // given.cpp: what comes from outside
  ValueSet given(const link::FunctionInfo& function, Text what, Text klass = {});
  Text classMeant(const State& state, Text named);
  ValueSet annotated(ValueSet value, const link::FunctionInfo& function, Text what, Text klass);
  std::optional<Atom> thing(AtomId id);
  ObjectId objectOf(AtomId given);

  const link::Program& program;
  Stores stores;
  Values values;
  States states;
  std::deque<ObjectInfo> objects;
  ByMaking<ObjectId> objectIds;
  std::map<ObjectId, std::vector<AtomId>> classOrders; // of classes that were asked, while no bases change

private:
  bool isStoredOnce(ObjectId object, llvm::StringRef name) const;
  ValueSet superAttribute(const State& state, const ObjectInfo& super, const std::string& name);
  std::vector<AtomId> linearised(ObjectId klass, unsigned depth) const;
  ValueSet givenMember(AtomId given, llvm::StringRef name);

  IdTable placeIds;
  std::deque<std::pair<ObjectId, Text>> placeInfo;
  std::deque<List<PlaceId>> fields; // of each object
  std::map<PlaceId, ObjectId> aggregates;
  std::map<AtomId, ObjectId> givenObjects;
};

} // namespace forklint::solve
