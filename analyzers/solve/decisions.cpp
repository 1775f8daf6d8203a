#include "analyzers/solve/decisions.h"

#include "analyzers/solve/values.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;
using facts::Relation;

namespace {

/// How deep what is tested may be made of other things, and how many decisions a way is told apart by.
constexpr unsigned deepest = 4;
constexpr size_t mostDecisions = 2;

Relation inverse(Relation relation) {
  switch (relation) {
  case Relation::Equal: return Relation::NotEqual;
  case Relation::NotEqual: return Relation::Equal;
  case Relation::Less: return Relation::GreaterEqual;
  case Relation::GreaterEqual: return Relation::Less;
  case Relation::LessEqual: return Relation::Greater;
  case Relation::Greater: return Relation::LessEqual;
  case Relation::Truthy: return Relation::Falsy;
  case Relation::Falsy: return Relation::Truthy;
  default: return relation;
  }
}

/// Puts what the value is into the test.
void describe(const facts::Function& body, facts::ValueId id, Question& question, Test& test,
              unsigned depth) {
  if (id == facts::noValue) return;
  const Instruction& value = body.instructions[id];
  auto inner = [&](facts::ValueId of) { describe(body, of, question, test, depth + 1); };
  std::string& subject = question.subject;
  bool isLoad = value.kind == InstructionKind::Load && depth < deepest;
  if (value.kind == InstructionKind::Constant) {
    subject += literalText(value.literal);
  } else if (isLoad && value.place.kind == PlaceKind::Global) {
    subject += value.place.name.str();
    question.names.push_back(value.place.name);
  } else if (isLoad && value.place.kind == PlaceKind::Attribute) {
    inner(value.place.base);
    subject += "." + value.place.name.str();
    question.names.push_back(value.place.name);
    test.owners.push_back(value.place.base);
  } else if (value.kind == InstructionKind::Operator && depth < deepest && value.name != "in" &&
             value.name != "not-in") {
    subject += "(" + value.name.str();
    for (const facts::Operand& operand : value.operands) {
      subject += " ";
      inner(operand.value);
    }
    subject += ")";
  } else {
    subject += "%" + std::to_string(id);
    question.isOfModule = false;
    question.values.push_back(id);
  }
}

} // namespace

std::optional<bool> Decision::answers(const Question& asked, Relation other,
                                      const facts::Literal& with) const {
  if (&asked != question) return std::nullopt;
  if (literal == with && relation == other) return true;
  if (literal == with && relation == inverse(other)) return false;
  Atom known;
  known.kind = AtomKind::Literal;
  known.literal = literal;
  if (relation == Relation::Equal) return decide(known, other, with);
  known.literal = with;
  bool isFalse = relation == Relation::Truthy && decide(known, Relation::Falsy, {}) == true;
  if (isFalse && (other == Relation::Equal || other == Relation::NotEqual))
    return other == Relation::NotEqual;
  return std::nullopt;
}

Decision Decision::opposite() const { return {question, inverse(relation), literal}; }

/// Where the function stands in its module; one that belongs to none asks for itself.
static uint32_t placeOf(const link::FunctionInfo& function) {
  return function.order.empty() ? 0 : function.order.front();
}

bool Decisions::isAskedFrom(const Question& question, const link::FunctionInfo& function,
                            facts::BlockId block) {
  return std::pair(placeOf(function), block) <= question.last;
}

Question& Decisions::ask(const link::FunctionInfo& function, facts::BlockId block, const Question& question) {
  const void* owner = function.body;
  if (question.isOfModule) owner = function.unit;
  Question& known = questions.try_emplace({owner, question.subject}, question).first->second;
  ++known.asked;
  known.last = {placeOf(function), block};
  return known;
}

/// Finds what the blocks of the function ask.
void Decisions::add(const link::FunctionInfo& function) {
  const facts::Function& body = *function.body;
  Tests& own = *(tests[&body] = std::make_unique<Tests>());
  auto isTest = [](const facts::Edge& edge) {
    return edge.kind == facts::EdgeKind::When && edge.relation != Relation::More &&
           edge.relation != Relation::Done && edge.value != facts::noValue;
  };
  for (facts::BlockId block = 0; block < body.blocks.size(); ++block) {
    const List<facts::Edge>& edges = body.blocks[block].edges;
    auto edge = llvm::find_if(edges, isTest);
    if (edge == edges.end()) continue;
    Test& test = own[block];
    Question written, value;
    value.subject = "%" + std::to_string(edge->value);
    value.values.push_back(edge->value);
    value.isOfModule = false;
    written.isOfModule = body.kind == facts::FunctionKind::Statement;
    describe(body, edge->value, written, test, 0);
    test.value = &ask(function, block, value);
    test.written = written.subject == value.subject ? test.value : &ask(function, block, written);
  }
}

const Question* Decisions::at(const link::FunctionInfo& function, facts::BlockId block,
                              llvm::function_ref<bool(facts::ValueId)> lives) {
  if (!tests.contains(function.body)) {
    auto module = modules.find(function.unit);
    if (function.body->kind == facts::FunctionKind::Statement && module != modules.end())
      for (const link::FunctionInfo* statement : module->second->statements)
        add(*statement);
    if (!tests.contains(function.body)) add(function);
  }
  auto test = tests[function.body]->find(block);
  if (test == tests[function.body]->end()) return nullptr;
  const auto& [written, value, owners] = test->second;
  if (written->asked > 1 && isSteady(*written, function) && llvm::none_of(owners, lives)) return written;
  return value->asked > 1 ? value : nullptr;
}

bool Decisions::isSteady(const Question& question, const link::FunctionInfo& function) const {
  return llvm::all_of(question.names, [&](Text name) { return stores.isStoredOnlyBy(name.ref(), function); });
}

Decisions::Number Decisions::with(Number number, const Decision& decision) {
  if (sets[number].size() == mostDecisions || llvm::is_contained(sets[number], decision)) return number;
  std::vector<Decision> decisions = sets[number];
  decisions.push_back(decision);
  return this->number(std::move(decisions));
}

Decisions::Number Decisions::without(Number number, llvm::function_ref<bool(const Question&)> isOver) {
  auto isOut = [&](const Decision& decision) { return isOver(*decision.question); };
  if (llvm::none_of(sets[number], isOut)) return number;
  std::vector<Decision> decisions = sets[number];
  llvm::erase_if(decisions, isOut);
  return this->number(std::move(decisions));
}

Decisions::Number Decisions::number(std::vector<Decision> decisions) {
  auto known = llvm::find(sets, decisions);
  if (known == sets.end()) known = sets.insert(sets.end(), std::move(decisions));
  return static_cast<Number>(known - sets.begin());
}

} // namespace forklint::solve
