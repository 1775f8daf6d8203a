// Exceptions: what is raised, and whether a handler takes it. A class stands for its instances. Nothing is
// said of a class whose bases are not all known.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace forklint::solve {

/// What the row says that it raises, on the way where it does.
Outcome Interpreter::raised(const ModelCall& call, const link::Effect& effect, const State& state) {
  ValueSet exception = effect.entry.empty() ? Values::nothing : evaluate(call, state, effect.entry);
  return {Outcome::Kind::Raised, exception, state};
}

/// Is the class `from`, or derived from it? Not known where a base is not.
std::optional<bool> Interpreter::derives(const Atom& klass, const Atom& from, unsigned depth) const {
  if (depth > deepestBase) return std::nullopt;
  if (klass.kind == AtomKind::Object) {
    if (from.kind == AtomKind::Object && klass.object == from.object) return true;
    std::optional<bool> answer = false;
    for (ValueSet base : objects[klass.object].bases)
      for (const Alternative& alternative : values.of(base)) {
        std::optional<bool> inherited = derives(values.atom(alternative.atom), from, depth + 1);
        if (inherited == true) return true;
        if (!inherited) answer = std::nullopt;
      }
    return answer;
  }
  if (klass.kind != AtomKind::External) return std::nullopt;
  const link::Model* row = program.models().find(klass.text);
  if (from.kind == AtomKind::External) {
    const link::Model* other = program.models().find(from.text);
    if (klass.text == from.text || (row && row == other)) return true;
  }
  if (!row) return std::nullopt;
  if (row->bases.empty()) return row->isTop ? std::optional(false) : std::nullopt;
  for (const std::string& base : row->bases) {
    Atom next;
    next.kind = AtomKind::External;
    next.text = base;
    if (std::optional<bool> inherited = derives(next, from, depth + 1); inherited != false) return inherited;
  }
  return false;
}

/// Are all classes above it the program's own?
bool Interpreter::isOnlyOurs(ObjectId klass, unsigned depth) const {
  return depth <= deepestBase && llvm::all_of(objects[klass].bases, [&](ValueSet base) {
           return llvm::all_of(values.of(base), [&](const Alternative& one) {
             const Atom& atom = values.atom(one.atom);
             return atom.kind == AtomKind::Object && isOnlyOurs(atom.object, depth + 1);
           });
         });
}

std::optional<bool> Interpreter::isOfClass(AtomId value, AtomId type) const {
  Atom klass = values.atom(value);
  const Atom& wanted = values.atom(type);
  bool isClass = wanted.kind == AtomKind::External ||
                 (wanted.kind == AtomKind::Object && objects[wanted.object].isClass);
  if (!isClass) return std::nullopt;
  if (klass.kind == AtomKind::Object && !objects[klass.object].isClass) {
    const ObjectInfo& info = objects[klass.object];
    if (!info.of && info.model.empty()) return std::nullopt;
    klass = Atom();
    klass.kind = info.of ? AtomKind::Object : AtomKind::External;
    klass.object = info.of;
    klass.text = info.model;
  }
  std::optional<bool> answer = derives(klass, wanted);
  // What is known to be of a class may be of one that derives from it.
  if (answer == false && derives(wanted, klass) == true) return std::nullopt;
  return answer;
}

/// For all alternatives the same, or not known.
std::optional<bool> Interpreter::areInstances(ValueSet instances, ValueSet types) const {
  std::optional<bool> all;
  for (const Alternative& one : values.of(instances))
    for (const Alternative& wanted : values.of(types)) {
      std::optional<bool> answer = isOfClass(one.atom, wanted.atom);
      if (!answer || (all && all != answer)) return std::nullopt;
      all = answer;
    }
  return all;
}

/// The first of those that have the role.
ValueSet Interpreter::ofRole(link::Role role) {
  llvm::ArrayRef<std::string> names = program.models().named(role);
  return names.empty() ? Values::nothing : external(names.front());
}

bool Interpreter::isOfRole(ValueSet exception, link::Role role) {
  return llvm::any_of(program.models().named(role), [&](const std::string& name) {
    return areInstances(exception, external(name)) == true;
  });
}

/// Does the handler at the end of the edge take the exception?
std::optional<bool> Interpreter::catches(const facts::Edge& edge, const Config& config, const Frame& frame,
                                         ValueSet exception) {
  if (edge.types.empty()) return true;
  std::optional<bool> answer = false;
  for (facts::ValueId type : edge.types) {
    std::optional<bool> taken = areInstances(exception, valueOf(frame, config, type));
    if (taken == true) return true;
    if (!taken) answer = std::nullopt;
  }
  return answer;
}

/// Does the function handle the exception where its call at `at` raises it, with nothing behind the handler
/// that raises?
bool Interpreter::handles(const Frame& frame, const facts::Position& at, ValueSet exception) {
  const facts::Function& body = *frame.function->body;
  Config nothing; // the classes that a handler names are names, most often
  nothing.values.assign(body.instructions.size(), Values::nothing);
  auto raises = [&](facts::BlockId handler) {
    llvm::DenseSet<facts::BlockId> reached;
    llvm::SmallVector<facts::BlockId> waiting{handler};
    while (!waiting.empty()) {
      facts::BlockId block = waiting.pop_back_val();
      if (!reached.insert(block).second) continue;
      for (facts::ValueId id : body.blocks[block].instructions)
        if (body.instructions[id].kind == facts::InstructionKind::Raise) return true;
      for (const facts::Edge& edge : body.blocks[block].edges)
        if (edge.kind != facts::EdgeKind::Exception) waiting.push_back(edge.target);
    }
    return false;
  };
  return llvm::any_of(body.blocks, [&](const facts::Block& block) {
    if (block.instructions.empty() || body.instructions[block.instructions.back()].position != at)
      return false;
    return llvm::any_of(block.edges, [&](const facts::Edge& edge) {
      return edge.kind == facts::EdgeKind::Exception && catches(edge, nothing, frame, exception) == true &&
             !raises(edge.target);
    });
  });
}

} // namespace forklint::solve
