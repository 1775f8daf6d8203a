// Makes units of Python of what bound-modules.cpp reads.
#include "analyzers/link/bindings.h"

#include "analyzers/facts/builder.h"
#include "analyzers/link/bound-modules.h"
#include "analyzers/link/mentions.h"
#include "analyzers/link/models.h"

#include "llvm/ADT/STLExtras.h"

#include <deque>
#include <map>
#include <optional>
#include <set>

namespace forklint::link {
namespace {

using namespace facts;

/// The units that are made. What a unit of C or C++ keeps to itself is known beside it only, so that what
/// calls its functions is made there.
class Made {
public:
  explicit Made(const Definitions& definitions) : definitions(definitions) {}

  UnitFacts& add(const std::string& path, llvm::StringRef module) {
    UnitFacts& unit = units.emplace_back();
    unit.unit = path;
    unit.language = "python";
    unit.module = module.str();
    unit.files.push_back(path);
    return unit;
  }

  /// Where functions are made that call what the unit defines.
  UnitFacts& beside(const UnitFacts& native) {
    UnitFacts*& unit = helpers[native.unit];
    return *(unit ? unit : unit = &add(native.unit, ""));
  }

  /// The module whose import does what the unit does when it is loaded; empty if that is nothing.
  std::string loaded(const UnitFacts& native);

  std::vector<UnitFacts> take() {
    return {std::move_iterator(units.begin()), std::move_iterator(units.end())};
  }

private:
  const Definitions& definitions;
  std::deque<UnitFacts> units;
  std::map<std::string, UnitFacts*> helpers;
  std::map<const UnitFacts*, std::string> modules;
};

Position positionIn(UnitFacts& unit, Position at, const UnitFacts& from) {
  const std::string& file = at.file < from.files.size() ? from.files[at.file] : from.unit;
  auto known = llvm::find(unit.files, file);
  at.file = known - unit.files.begin();
  if (known == unit.files.end()) unit.files.push_back(file);
  return at;
}

ValueId append(FunctionBuilder& into, InstructionKind kind, Position at, const std::string& name,
               std::vector<Operand> operands) {
  Instruction instruction;
  instruction.kind = kind;
  instruction.position = at;
  instruction.name = name;
  instruction.operands = std::move(operands);
  return into.append(std::move(instruction));
}

ValueId call(FunctionBuilder& into, const std::string& symbol, Position at, std::vector<Operand> arguments) {
  arguments.insert(arguments.begin(), {into.functionRef(symbol, at), ""});
  return append(into, InstructionKind::Call, at, "", std::move(arguments));
}

/// The statements of a module, in order.
class Statements {
public:
  explicit Statements(UnitFacts& unit) : unit(unit) {}

  void begin(Position at) {
    chunk = {};
    chunk.order = unit.chunks.size();
    current.emplace(unit.module + ".<" + std::to_string(chunk.order) + ">", FunctionKind::Statement, at);
  }
  void end(Position at) {
    append(*current, InstructionKind::Return, at, "", {});
    chunk.functions.insert(chunk.functions.begin(), current->finish());
    unit.chunks.push_back(std::move(chunk));
  }

  UnitFacts& unit;
  Chunk chunk; // of the statement that is being made
  std::optional<FunctionBuilder> current;
};

/// Objects that need no call for it have only values from the beginning: of a header they are no matter.
std::string Made::loaded(const UnitFacts& native) {
  auto [slot, fresh] = modules.try_emplace(&native);
  if (!fresh) return slot->second;
  std::vector<const Function*> run;
  for (const Root& root : native.roots) {
    const Definition* definition =
        root.kind == RootKind::StaticInitializer ? definitions.find(root.symbol, native) : nullptr;
    if (!definition || llvm::is_contained(run, definition->function)) continue;
    const Function& body = *definition->function;
    bool calls = llvm::any_of(body.instructions, [](const Instruction& each) {
      return each.kind == InstructionKind::Call ||
             (each.kind == InstructionKind::Construct && !each.operands.empty());
    });
    if (calls || body.kind != FunctionKind::Statement || !body.position.file) run.push_back(&body);
  }
  if (run.empty()) return "";
  std::string name = "<objects of " + native.unit + ">";
  std::replace(name.begin(), name.end(), '.', '_');
  Statements statements(add(native.unit, name));
  for (const Function* each : run) {
    Position at = positionIn(statements.unit, each->position, native);
    statements.begin(at);
    call(*statements.current, each->symbol, at, {});
    statements.end(at);
  }
  return slot->second = name;
}

/// One module: a statement that does what its import does, then one for each name that it binds.
class Emission {
public:
  Emission(Made& made, UnitFacts& unit, const std::string& back) : made(made), statements(unit), back(back) {}

  /// What is run when the library is loaded, then what its import runs.
  void load(llvm::ArrayRef<const UnitFacts*> libraries, const BoundModule* module) {
    UnitFacts& unit = statements.unit;
    Position at;
    if (module) at = positionIn(unit, module->import.function->position, *module->import.unit);
    statements.begin(at);
    FunctionBuilder& into = *statements.current;
    for (const UnitFacts* library : libraries)
      if (std::string name = made.loaded(*library); !name.empty())
        append(into, InstructionKind::Import, Position(), name, {}); // no step of a way
    if (module) {
      call(into, module->import.function->symbol, at, {});
      for (const Target& run : module->runs)
        call(into, run.symbol, positionIn(unit, run.at, *run.from), {{into.unknown("module", at), ""}});
    }
    statements.end(at);
  }

  void bind(const BoundScope& scope) {
    UnitFacts& unit = statements.unit;
    auto store = [&](const std::string& symbol, Position at, auto make) {
      statements.begin(at);
      ValueId value = make(unit.module + "." + symbol);
      statements.current->store({PlaceKind::Global, noValue, unit.module + "." + symbol, noValue}, value, at);
      statements.end(at);
    };
    for (const BoundName& name : scope.names)
      store(name.name, positionIn(unit, name.targets.front().at, *name.targets.front().from),
            [&](const std::string& symbol) { return function(symbol, name, false); });
    for (const BoundScope& inner : scope.inner)
      store(inner.name, positionIn(unit, inner.at, *inner.from),
            [&](const std::string& symbol) { return klass(symbol, inner); });
  }

private:
  ValueId klass(const std::string& symbol, const BoundScope& scope) {
    UnitFacts& unit = statements.unit;
    Position at = positionIn(unit, scope.at, *scope.from);
    Entity entity;
    entity.symbol = symbol;
    entity.kind = EntityKind::Class;
    entity.position = at;
    entity.display = scope.name;
    statements.chunk.entities.push_back(std::move(entity));
    ValueId made = append(*statements.current, InstructionKind::MakeClass, at, symbol, {});
    auto add = [&](const std::string& name, ValueId value, Position where) {
      statements.current->store({PlaceKind::Attribute, made, name, noValue}, value, where);
    };
    for (const BoundName& name : scope.names)
      add(name.name, function(symbol + "." + name.name, name, scope.isClass),
          positionIn(unit, name.targets.front().at, *name.targets.front().from));
    for (const BoundScope& inner : scope.inner)
      add(inner.name, klass(symbol + "." + inner.name, inner), at);
    return made;
  }

  /// A function that calls one of those that the name stands for, as its caller does.
  ValueId function(const std::string& symbol, const BoundName& name, bool isMember) {
    const Target& first = name.targets.front();
    const UnitFacts* native = first.definition.unit ? first.definition.unit : first.from;
    // Beside others it has a module of its own, so that only who has that may mean it.
    bool isHere = native->unit == statements.unit.unit;
    UnitFacts& home = isHere ? statements.unit : made.beside(*native);
    Position at = positionIn(home, first.at, *first.from);
    FunctionBuilder body(symbol, FunctionKind::Plain, at);
    bool hasSelf = isMember && llvm::none_of(name.targets, [](const Target& each) { return each.isStatic; });
    ValueId self = noValue;
    if (hasSelf) self = body.addParameter({"self", ParameterKind::Positional, false, "", ""}, at);
    ValueId rest = body.addParameter({"rest", ParameterKind::VariadicPositional, false, "", ""}, at);
    for (const Target& target : name.targets) {
      if (&target == &name.targets.back()) {
        callTarget(home, body, target, self, rest);
        break;
      }
      ValueId which = body.unknown("which of several is meant", at);
      BlockId here = body.block(), called = body.createBlock(), next = body.createBlock();
      for (auto [block, relation] : {std::pair(called, Relation::Truthy), std::pair(next, Relation::Falsy)}) {
        body.connect(here, Edge(EdgeKind::When, block, which, relation, {}, {}));
        body.seal(block);
      }
      body.setBlock(called);
      callTarget(home, body, target, self, rest);
      body.setBlock(next);
    }
    if (isHere) {
      statements.chunk.functions.push_back(body.finish());
    } else {
      Chunk chunk;
      chunk.order = home.chunks.size();
      chunk.functions.push_back(body.finish());
      home.chunks.push_back(std::move(chunk));
    }
    return append(*statements.current, InstructionKind::Closure,
                  positionIn(statements.unit, first.at, *first.from), symbol, {});
  }

  void callTarget(UnitFacts& home, FunctionBuilder& body, const Target& target, ValueId self, ValueId rest) {
    Position at = positionIn(home, target.at, *target.from);
    ValueId result = call(body, target.symbol, at, given(body, target, self, rest, at));
    if (!back.empty()) call(body, back, endOf(home, target), {});
    append(body, InstructionKind::Return, at, "", {{result, ""}});
  }

  /// What the function of C or C++ is given of what its caller gives.
  static std::vector<Operand> given(FunctionBuilder& body, const Target& target, ValueId self, ValueId rest,
                                    Position at) {
    auto object = [&](const char* what) { return self == noValue ? body.unknown(what, at) : self; };
    if (target.isPacked) return {{object("module"), ""}, {rest, ""}};
    const Function* callee = target.definition.function;
    bool hasThis = callee && !callee->parameters.empty() && callee->parameters[0].name == "this";
    bool isLambda = llvm::StringRef(target.symbol).contains("<lambda@");
    std::vector<Operand> operands;
    if (target.isConstructor || (hasThis && !isLambda))
      operands.push_back({object("object"), "this"});
    else if (isLambda)
      operands.push_back({body.unknown("lambda", at), "this"});
    bool isFirst = self != noValue && !target.isFactory && (isLambda || !hasThis) && !target.isConstructor;
    if (isFirst) operands.push_back({self, ""});
    operands.push_back({rest, "", Spread::Positional});
    return operands;
  }

  /// Where the function comes back to the interpreter.
  static Position endOf(UnitFacts& home, const Target& target) {
    const Function* callee = target.definition.function;
    if (!callee) return positionIn(home, target.at, *target.from);
    Position end = callee->position;
    for (const Instruction& each : callee->instructions)
      if (each.kind == InstructionKind::Return) end = each.position;
    return positionIn(home, end, *target.definition.unit);
  }

  Made& made;
  Statements statements;
  const std::string& back;
};

/// The last part of a module's name that the function is the import of, or nothing.
llvm::StringRef moduleOf(llvm::StringRef function, llvm::StringRef pattern) {
  auto [before, after] = pattern.split('*');
  return function.consume_front(before) && function.consume_back(after) ? function : llvm::StringRef();
}

class Bound {
public:
  Bound(const std::vector<UnitFacts>& units, const Models& models, llvm::ArrayRef<Importing> imports)
      : units(units), models(models), imports(imports), definitions(units) {
    for (const Importing& each : imports)
      names.insert(each.names.begin(), each.names.end());
    for (const UnitFacts& unit : units) // of facts that were read as such
      for (const Chunk& chunk : unit.chunks)
        for (const Function& function : chunk.functions)
          for (const Instruction& each : function.instructions)
            if (each.kind == InstructionKind::Import || each.kind == InstructionKind::ImportStar)
              names.insert(each.name.str());
  }

  void addModules() {
    for (const Definition& definition : definitions.all())
      for (const Binding& row : models.bindings()) {
        if (row.import.empty() || definition.isInternal) continue;
        llvm::StringRef own = moduleOf(definition.function->symbol, row.import);
        if (own.empty()) continue;
        BoundModule module = readModule(definition, row, definitions, models.bindings());
        std::vector<const UnitFacts*> linked = definitions.linkedWith(*definition.unit);
        for (const std::string& name : namesOf(own)) {
          if (isMade(*definition.unit, name)) continue;
          Emission emission(made, made.add(definition.unit->unit, name), module.back);
          emission.load(linked, &module);
          emission.bind(module.root);
        }
      }
  }

  /// What each source that loads libraries may find in one: functions that it names, or whoever imports it.
  void addLibraries(llvm::function_ref<llvm::StringSet<>(llvm::StringRef)> wordsOf) {
    auto row = llvm::find_if(models.bindings(), [](const Binding& each) { return !each.library.empty(); });
    if (row == models.bindings().end()) return;
    std::set<std::string> loading;
    for (const std::string& loader : models.withEffect(EffectKind::LoadsLibrary))
      loading.insert(llvm::StringRef(loader).split('.').first.str());
    for (const UnitFacts& unit : units) {
      if (unit.language != "python" || !importsAny(unit.unit, loading)) continue;
      llvm::StringSet<> words = wordsOf(unit.unit);
      for (const UnitFacts& user : units)
        if (user.language == "python" && !unit.module.empty() && importsAny(user.unit, {unit.module}))
          for (const auto& word : wordsOf(user.unit))
            words.insert(word.getKey());
      addLibrary(unit, *row, words);
    }
  }

  std::vector<UnitFacts> take() { return made.take(); }

private:
  /// Facts that were printed have it already.
  bool isMade(const UnitFacts& beside, llvm::StringRef module) const {
    return llvm::any_of(units, [&](const UnitFacts& unit) {
      return unit.language == "python" && unit.unit == beside.unit && unit.module == module;
    });
  }

  /// The imported names that end with the module's own; that alone where nobody imports it.
  std::vector<std::string> namesOf(llvm::StringRef own) const {
    std::vector<std::string> found;
    for (const std::string& name : names)
      if (name == own || llvm::StringRef(name).ends_with(("." + own).str())) found.push_back(name);
    if (found.empty()) found.push_back(own.str());
    return found;
  }

  bool importsAny(llvm::StringRef unit, const std::set<std::string>& modules) const {
    auto imports = llvm::find_if(this->imports, [&](const Importing& each) { return each.unit == unit; });
    return imports != this->imports.end() && llvm::any_of(imports->names, [&](llvm::StringRef name) {
             for (; !name.empty(); name = scopeOf(name))
               if (modules.contains(name.str())) return true;
             return false;
           });
  }

  static bool isProgram(const UnitFacts& unit) {
    return llvm::any_of(unit.roots, [](const Root& root) { return root.kind == RootKind::Main; });
  }

  void addLibrary(const UnitFacts& user, const Binding& row, const llvm::StringSet<>& words) {
    BoundScope offered;
    std::vector<const UnitFacts*> libraries;
    std::set<std::string> sorted;
    for (const auto& word : words)
      sorted.insert(word.getKey().str());
    for (const std::string& name : sorted) {
      const Definition* known = definitions.find(name, user);
      bool isOffered = known && !known->isInternal && known->function->symbol == name &&
                       known->unit->language != "python" && !isProgram(*known->unit) &&
                       known->function->kind == FunctionKind::Plain;
      if (!isOffered) continue;
      Target target;
      target.symbol = name;
      target.definition = *known;
      target.isPacked = row.isPacked;
      target.at = known->function->position;
      target.from = known->unit;
      offered.bind(name, std::move(target));
      for (const UnitFacts* linked : definitions.linkedWith(*known->unit))
        if (!llvm::is_contained(libraries, linked)) libraries.push_back(linked);
    }
    if (offered.names.empty() || isMade(user, libraryModule)) return;
    Emission emission(made, made.add(user.unit, libraryModule), row.back);
    emission.load(libraries, nullptr);
    emission.bind(offered);
  }

  const std::vector<UnitFacts>& units;
  const Models& models;
  llvm::ArrayRef<Importing> imports;
  const Definitions definitions;
  std::set<std::string> names;
  Made made{definitions};
};

} // namespace

std::vector<UnitFacts> boundUnits(const std::vector<UnitFacts>& units, const Models& models,
                                  llvm::ArrayRef<Importing> imports,
                                  llvm::function_ref<llvm::StringSet<>(llvm::StringRef unit)> wordsOf) {
  if (llvm::all_of(units, [](const UnitFacts& unit) { return unit.language == "python"; })) return {};
  Bound bound(units, models, imports);
  bound.addModules();
  bound.addLibraries(wordsOf);
  return bound.take();
}

} // namespace forklint::link
