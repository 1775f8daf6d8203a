// Walks from the function that an import runs over what it calls and over the static objects that it names.
#include "analyzers/link/bound-modules.h"

#include "analyzers/link/mentions.h"
#include "analyzers/link/models.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

using facts::Function;
using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;
using facts::UnitFacts;
using facts::ValueId;

void BoundScope::bind(llvm::StringRef name, Target target) {
  auto known = llvm::find_if(names, [&](const BoundName& each) { return each.name == name; });
  if (known == names.end()) known = names.insert(known, {name.str(), {}});
  auto isIt = [&](const Target& other) { return other.symbol == target.symbol; };
  if (llvm::none_of(known->targets, isIt)) known->targets.push_back(std::move(target));
}

BoundScope& BoundScope::scope(llvm::StringRef name) {
  auto known = llvm::find_if(inner, [&](const BoundScope& each) { return each.name == name; });
  if (known != inner.end()) return *known;
  inner.emplace_back().name = name.str();
  return inner.back();
}

namespace {

/// The name under which the constructor of a class is bound.
constexpr llvm::StringLiteral makes = "__init__";
constexpr size_t mostFunctions = 4000;

class Walk {
public:
  Walk(BoundModule& module, const Definitions& definitions, llvm::ArrayRef<Binding> bindings)
      : module(module), definitions(definitions) {
    for (const Binding& each : bindings) {
      if (!each.structure.empty()) ofStructs[each.structure].push_back(&each);
      for (const std::string& call : each.calls) {
        ofCalls[call].push_back(&each);
        if (llvm::StringRef space = llvm::StringRef(call).split("::").first; space != call)
          namespaces.insert(space);
      }
    }
  }

  void run() { function({module.import, {}, &module.root}); }

private:
  /// A function, with the scopes that it is given, and the one in which what it names binds.
  struct Place {
    Definition in;
    std::vector<BoundScope*> given;
    BoundScope* scope = nullptr;

    const Instruction& at(ValueId id) const { return in.function->instructions[id]; }
  };

  void function(const Place& place) {
    BoundScope* first = place.given.empty() ? place.scope : place.given.front();
    if (visited.size() > mostFunctions || !visited.insert({place.in.function, first}).second) return;
    std::set<ValueId> taken; // static objects that a struct says something about
    const List<Instruction>& all = place.in.function->instructions;
    for (ValueId id = 0; id < all.size(); ++id)
      if (all[id].kind == InstructionKind::Construct)
        if (auto rows = ofStructs.find(all[id].name); rows != ofStructs.end())
          for (const Binding* row : rows->second)
            element(place, id, *row, taken);
    for (ValueId id = 0; id < all.size(); ++id) {
      const Instruction& each = all[id];
      bool isCall = each.kind == InstructionKind::Call || each.kind == InstructionKind::Construct;
      if (isCall && !each.operands.empty()) call(place, id);
      bool isObject = each.place.kind == PlaceKind::Global &&
                      (each.kind == InstructionKind::AddressOf || each.kind == InstructionKind::Load);
      if (isObject && !taken.contains(id)) object(place, each.place.name, place.scope);
    }
  }

  /// What the static object holds from the beginning.
  void object(const Place& place, llvm::StringRef name, BoundScope* scope) {
    if (const Definition* initialiser = definitions.find((name + "::<initializer>").str(), *place.in.unit))
      function({*initialiser, {}, scope});
  }

  // --- structs

  /// The values that are stored in the fields of what an instruction makes.
  static ValueId field(const Place& place, ValueId made, llvm::StringRef name) {
    for (const Instruction& each : place.in.function->instructions)
      if (each.kind == InstructionKind::Store && each.place.kind == PlaceKind::Attribute &&
          each.place.base == made && each.place.name == name)
        return each.operands.front().value;
    return facts::noValue;
  }

  void element(const Place& place, ValueId made, const Binding& row, std::set<ValueId>& taken) {
    if (row.where) {
      ValueId number = field(place, made, row.where->first);
      const auto* is = number == facts::noValue ? nullptr : std::get_if<int64_t>(&place.at(number).literal);
      if (!is || *is != row.where->second) return;
    }
    BoundScope* scope = place.scope;
    if (!row.klass.empty()) {
      std::string name = textOf(place, field(place, made, row.klass));
      if (name.empty()) return;
      scope = &madeScope(place, made, *scope, lastComponent(name), true);
    }
    if (!row.key.empty())
      if (std::string name = textOf(place, field(place, made, row.key)); !name.empty())
        bind(place, made, *scope, name, field(place, made, row.function), row);
    for (const std::string& constructor : row.constructor)
      bind(place, made, *scope, makes, field(place, made, constructor), row);
    for (const std::string& members : row.members) {
      ValueId object = origin(place, field(place, made, members));
      if (object == facts::noValue || place.at(object).place.kind != PlaceKind::Global) continue;
      taken.insert(object);
      this->object(place, place.at(object).place.name, scope);
    }
    for (const std::string& run : row.runs)
      runs(place, made, field(place, made, run), {});
  }

  // --- calls

  static std::vector<ValueId> positional(const Instruction& call) {
    std::vector<ValueId> values;
    for (const facts::Operand& operand : llvm::drop_begin(call.operands))
      if (operand.keyword.empty()) values.push_back(operand.value);
    return values;
  }

  static ValueId self(const Instruction& call) {
    for (const facts::Operand& operand : call.operands)
      if (operand.keyword == "this") return operand.value;
    return facts::noValue;
  }

  static ValueId argument(const Binding& row, const Instruction& call, llvm::StringRef parameter) {
    if (parameter == "self") return self(call);
    std::vector<ValueId> given = positional(call);
    size_t index = llvm::find(row.parameters, parameter) - row.parameters.begin();
    return index < given.size() ? given[index] : facts::noValue;
  }

  llvm::StringRef calleeOf(const Place& place, const Instruction& call) const {
    if (call.operands.empty() || call.operands.front().value == facts::noValue) return {};
    const Instruction& callee = place.at(call.operands.front().value);
    return callee.kind == InstructionKind::FunctionRef ? llvm::StringRef(callee.name) : llvm::StringRef();
  }

  void call(const Place& place, ValueId id) {
    const Instruction& call = place.at(id);
    llvm::StringRef callee = calleeOf(place, call);
    if (callee.empty()) return;
    if (auto rows = ofCalls.find(withoutParameters(callee)); rows != ofCalls.end()) {
      for (const Binding* row : rows->second)
        bound(place, id, *row);
      return;
    }
    // A library that binds is described by its rows.
    if (namespaces.contains(callee.split("::").first)) return;
    const Definition* definition = definitions.find(callee, *place.in.unit);
    if (!definition) return;
    std::vector<BoundScope*> given;
    if (ValueId object = self(call); object != facts::noValue) given.push_back(scopeOf(place, object));
    for (ValueId value : positional(call))
      given.push_back(scopeOf(place, value));
    function({*definition, std::move(given), place.scope});
  }

  void bound(const Place& place, ValueId id, const Binding& row) {
    const Instruction& call = place.at(id);
    BoundScope* scope = scopeOf(place, argument(row, call, row.in.empty() ? "self" : row.in));
    if (!scope) scope = place.scope;
    for (const std::string* inner : {&row.klass, &row.module}) {
      if (inner->empty()) continue;
      std::string name = textOf(place, argument(row, call, *inner));
      if (!name.empty()) madeScope(place, id, *scope, name, inner == &row.klass);
    }
    if (!row.key.empty()) {
      made[{place.in.function, id}] = scope; // what binds may be asked to bind more
      ValueId key = argument(row, call, row.key);
      std::string name = textOf(place, key);
      if (!name.empty())
        bind(place, id, *scope, name, argument(row, call, row.function), row);
      else
        constructor(place, id, *scope, key, row);
    }
    for (const std::string& run : row.runs)
      runs(place, id, argument(row, call, run), {});
  }

  /// A call that gives a constructor stands where a name does.
  void constructor(const Place& place, ValueId id, BoundScope& scope, ValueId key, const Binding& row) {
    ValueId value = origin(place, key);
    if (value == facts::noValue || place.at(value).operands.empty()) return;
    const Instruction& call = place.at(value);
    auto rows = ofCalls.find(withoutParameters(calleeOf(place, call)));
    if (rows == ofCalls.end() ||
        llvm::none_of(rows->second, [](const Binding* each) { return each->makesConstructor; }))
      return;
    std::vector<ValueId> given = positional(call);
    if (given.empty())
      scope.hasConstructor = true;
    else if (std::optional<Target> target = targetOf(place, id, given.front(), row)) {
      target->isFactory = true;
      scope.bind(makes, *target);
    }
  }

  // --- values

  /// Where the value comes from, through variables, references and casts.
  static ValueId origin(const Place& place, ValueId value) {
    for (unsigned step = 0; value != facts::noValue && step < 16; ++step) {
      const Instruction& each = place.at(value);
      bool isOfVariable = (each.kind == InstructionKind::AddressOf || each.kind == InstructionKind::Load) &&
                          each.place.kind == PlaceKind::Local;
      bool isReference = (each.kind == InstructionKind::AddressOf || each.kind == InstructionKind::Load) &&
                         each.place.kind == PlaceKind::Deref && each.place.base != facts::noValue;
      bool isCast = each.kind == InstructionKind::Operator && !each.operands.empty();
      ValueId next = isOfVariable  ? storedIn(place, each.place.name)
                     : isReference ? each.place.base
                     : isCast      ? each.operands.front().value
                                   : facts::noValue;
      if (next == facts::noValue) return value;
      value = next;
    }
    return value;
  }

  static ValueId storedIn(const Place& place, llvm::StringRef variable) {
    const List<Instruction>& all = place.in.function->instructions;
    for (ValueId id = 0; id < all.size(); ++id) {
      if (all[id].place.kind != PlaceKind::Local || all[id].place.name != variable) continue;
      if (all[id].kind == InstructionKind::Store) return all[id].operands.front().value;
      if (all[id].kind == InstructionKind::Construct) return id;
    }
    return facts::noValue;
  }

  static std::string textOf(const Place& place, ValueId value) {
    value = origin(place, value);
    const Text* text = value == facts::noValue ? nullptr : std::get_if<Text>(&place.at(value).literal);
    return text ? text->str() : "";
  }

  BoundScope* scopeOf(const Place& place, ValueId value) {
    value = origin(place, value);
    if (value == facts::noValue) return nullptr;
    const Instruction& each = place.at(value);
    if (each.kind == InstructionKind::Parameter)
      return each.index < place.given.size() ? place.given[each.index] : nullptr;
    auto known = made.find({place.in.function, value});
    return known == made.end() ? nullptr : known->second;
  }

  BoundScope& madeScope(const Place& place, ValueId id, BoundScope& around, llvm::StringRef name,
                        bool isClass) {
    BoundScope& scope = around.scope(name);
    scope.isClass = isClass;
    scope.at = place.at(id).position;
    scope.from = place.in.unit;
    return *(made[{place.in.function, id}] = &scope);
  }

  /// The function that a value is: itself, the call operator of a lambda, or what a call is given.
  std::optional<Target> targetOf(const Place& place, ValueId id, ValueId value, const Binding& row) const {
    std::string symbol = functionOf(place, value);
    if (symbol.empty()) return std::nullopt;
    Target target;
    target.symbol = symbol;
    if (const Definition* known = definitions.find(symbol, *place.in.unit)) {
      target.definition = *known;
      target.symbol = known->function->symbol.str();
    }
    target.isPacked = row.isPacked;
    target.isStatic = row.isStatic;
    target.at = place.at(id).position;
    target.from = place.in.unit;
    return target;
  }

  std::string functionOf(const Place& place, ValueId value, unsigned depth = 0) const {
    value = origin(place, value);
    if (value == facts::noValue || depth > 4) return "";
    const Instruction& each = place.at(value);
    if (each.kind == InstructionKind::FunctionRef) return each.name.str();
    if (each.kind == InstructionKind::Construct) {
      std::string symbol = each.name.str() + "::operator()";
      if (definitions.find(symbol, *place.in.unit)) return symbol;
    }
    for (ValueId given : each.kind == InstructionKind::Call ? positional(each) : std::vector<ValueId>())
      if (std::string symbol = functionOf(place, given, depth + 1); !symbol.empty()) return symbol;
    return "";
  }

  void bind(const Place& place, ValueId id, BoundScope& scope, llvm::StringRef name, ValueId value,
            const Binding& row) {
    std::optional<Target> target = targetOf(place, id, value, row);
    if (!target) return;
    llvm::StringRef klass = scopeOfSymbol(target->symbol);
    if (scope.isClass && scope.native.empty() && definitions.isClass(klass) && !klass.contains("<lambda@"))
      scope.native = klass.str();
    scope.bind(name, std::move(*target));
  }

  static llvm::StringRef scopeOfSymbol(llvm::StringRef symbol) { return link::scopeOf(symbol); }

  void runs(const Place& place, ValueId id, ValueId value, const Binding& row) {
    std::optional<Target> target = targetOf(place, id, value, row);
    if (!target ||
        llvm::any_of(module.runs, [&](const Target& each) { return each.symbol == target->symbol; }))
      return;
    if (target->definition.function) function({target->definition, {}, &module.root});
    module.runs.push_back(std::move(*target));
  }

  BoundModule& module;
  const Definitions& definitions;
  llvm::StringMap<std::vector<const Binding*>> ofStructs, ofCalls;
  llvm::StringSet<> namespaces;
  std::set<std::pair<const Function*, BoundScope*>> visited;
  std::map<std::pair<const Function*, ValueId>, BoundScope*> made;
};

/// The constructor of the class of C++ that the scope stands for.
void bindConstructors(BoundScope& scope, const Definitions& definitions, const UnitFacts& unit) {
  for (BoundScope& inner : scope.inner)
    bindConstructors(inner, definitions, unit);
  if (!scope.hasConstructor) return;
  std::string klass = scope.native.empty() ? definitions.classOf(scope.name) : scope.native;
  if (klass.empty()) return;
  std::string symbol = klass + "::" + lastComponent(klass).str();
  const Definition* known = definitions.find(symbol, unit);
  if (!known) return;
  Target target;
  target.symbol = known->function->symbol.str();
  target.definition = *known;
  target.isConstructor = true;
  target.at = scope.at;
  target.from = scope.from;
  scope.bind(makes, std::move(target));
}

/// What ends with an object of the class does so where Python drops it.
void bindDestructors(BoundScope& scope, const Definitions& definitions, const UnitFacts& unit) {
  for (BoundScope& inner : scope.inner)
    bindDestructors(inner, definitions, unit);
  const Definition* known =
      scope.native.empty() ? nullptr : definitions.find(destructorOf(scope.native), unit);
  if (!known) return;
  Target target;
  target.symbol = known->function->symbol.str();
  target.definition = *known;
  target.at = known->function->position;
  target.from = known->unit;
  scope.bind("__del__", std::move(target));
}

} // namespace

BoundModule readModule(const Definition& import, const Binding& row, const Definitions& definitions,
                       llvm::ArrayRef<Binding> bindings) {
  BoundModule module;
  module.import = import;
  module.back = row.back;
  Walk(module, definitions, bindings).run();
  bindConstructors(module.root, definitions, *import.unit);
  bindDestructors(module.root, definitions, *import.unit);
  return module;
}

} // namespace forklint::link
