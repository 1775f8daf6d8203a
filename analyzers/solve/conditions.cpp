// Which way a branch may go for a value, and what operators give. Unknown goes both ways and is never
// narrowed to something certain.
#include "analyzers/solve/interpreter.h"

namespace forklint::solve {

using facts::Relation;

namespace {

/// What a literal is compared as: a number where it is one.
std::optional<double> number(const facts::Literal& literal) {
  if (const bool* value = std::get_if<bool>(&literal)) return *value;
  if (const int64_t* value = std::get_if<int64_t>(&literal)) return static_cast<double>(*value);
  if (const double* value = std::get_if<double>(&literal)) return *value;
  return std::nullopt;
}

bool truthy(const facts::Literal& literal) {
  if (std::optional<double> value = number(literal)) return *value != 0;
  if (const std::string* text = std::get_if<std::string>(&literal)) return !text->empty();
  if (const facts::Bytes* bytes = std::get_if<facts::Bytes>(&literal)) return !bytes->data.empty();
  return !std::holds_alternative<facts::None>(literal);
}

bool holds(double left, Relation relation, double right) {
  switch (relation) {
  case Relation::Equal: return left == right;
  case Relation::NotEqual: return left != right;
  case Relation::Less: return left < right;
  case Relation::LessEqual: return left <= right;
  case Relation::Greater: return left > right;
  case Relation::GreaterEqual: return left >= right;
  default: return false;
  }
}

/// true, false, or "may be either".
std::optional<bool> decide(const Atom& atom, Relation relation, const facts::Literal& literal) {
  bool isTest = relation == Relation::Truthy || relation == Relation::Falsy;
  if (relation == Relation::More || relation == Relation::Done) return std::nullopt;
  switch (atom.kind) {
  case AtomKind::Literal: {
    if (isTest) return truthy(atom.literal) == (relation == Relation::Truthy);
    std::optional<double> left = number(atom.literal), right = number(literal);
    if (left && right) return holds(*left, relation, *right);
    if (relation == Relation::Equal) return atom.literal == literal;
    if (relation == Relation::NotEqual) return !(atom.literal == literal);
    return std::nullopt;
  }
  case AtomKind::ProcessId: {
    if (isTest) return relation == Relation::Truthy;
    std::optional<double> right = number(literal);
    if (!right) return std::nullopt;
    if (*right <= 0) return holds(1, relation, *right); // positive, whatever it is
    return std::nullopt;
  }
  case AtomKind::Function:
  case AtomKind::Module:
  case AtomKind::Bound:
    if (isTest) return relation == Relation::Truthy;
    return relation == Relation::NotEqual ? std::optional(true)
           : relation == Relation::Equal  ? std::optional(false)
                                          : std::nullopt;
  default: return std::nullopt;
  }
}

} // namespace

std::pair<ValueSet, ValueSet> Interpreter::split(ValueSet value, Relation relation,
                                                 const facts::Literal& literal) {
  std::vector<Alternative> taken, rest;
  for (const Alternative& alternative : values.of(value)) {
    std::optional<bool> answer = decide(values.atom(alternative.atom), relation, literal);
    if (!answer || *answer) taken.push_back(alternative);
    if (!answer || !*answer) rest.push_back(alternative);
  }
  return {values.set(std::move(taken)), values.set(std::move(rest))};
}

ValueSet Interpreter::operate(const facts::Instruction& instruction, const std::vector<ValueSet>& operands) {
  static const std::pair<const char*, Relation> comparisons[] = {
      {"==", Relation::Equal},     {"!=", Relation::NotEqual},    {"<", Relation::Less},
      {"<=", Relation::LessEqual}, {">", Relation::Greater},      {">=", Relation::GreaterEqual},
      {"is", Relation::Equal},     {"is-not", Relation::NotEqual}};
  for (const auto& [name, relation] : comparisons) {
    if (instruction.name != name || operands.size() != 2 || values.of(operands[1]).size() != 1) continue;
    const Atom right = values.atom(values.of(operands[1])[0].atom);
    if (right.kind != AtomKind::Literal) break;
    auto [taken, rest] = split(operands[0], relation, right.literal);
    if (taken == Values::nothing) return values.literal(false);
    if (rest == Values::nothing) return values.literal(true);
  }
  if (instruction.name == "cast" && operands.size() == 1) return operands[0];
  if (instruction.name == "select" && operands.size() == 3) return values.join(operands[1], operands[2]);
  return values.unknown("operator " + instruction.name);
}

} // namespace forklint::solve
