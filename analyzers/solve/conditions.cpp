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
  if (const Text* text = std::get_if<Text>(&literal)) return !text->empty();
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

bool isNothing(const facts::Literal& literal) {
  return std::holds_alternative<facts::None>(literal) || number(literal) == 0;
}

} // namespace

std::optional<bool> decide(const Atom& atom, Relation relation, const facts::Literal& literal) {
  bool isTest = relation == Relation::Truthy || relation == Relation::Falsy;
  switch (atom.kind) {
  case AtomKind::Literal: {
    if (isTest) return truthy(atom.literal) == (relation == Relation::Truthy);
    std::optional<double> left = number(atom.literal), right = number(literal);
    if (left && right) return holds(*left, relation, *right);
    if (relation == Relation::Equal) return atom.literal == literal;
    if (relation == Relation::NotEqual) return !(atom.literal == literal);
    return std::nullopt;
  }
  case AtomKind::ForkError: {
    if (isTest) return relation == Relation::Truthy;
    std::optional<double> right = number(literal);
    return right ? std::optional(holds(-1, relation, *right)) : std::nullopt;
  }
  case AtomKind::Process:
  case AtomKind::ProcessId: {
    if (isTest) return relation == Relation::Truthy;
    std::optional<double> right = number(literal);
    if (!right) return isNothing(literal) ? std::optional(relation == Relation::NotEqual) : std::nullopt;
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
  case AtomKind::Object:
  case AtomKind::Address:
    if (isTest && atom.kind == AtomKind::Address) return relation == Relation::Truthy;
    if (!isNothing(literal) && atom.kind == AtomKind::Object) return std::nullopt;
    return relation == Relation::NotEqual ? std::optional(true)
           : relation == Relation::Equal  ? std::optional(false)
                                          : std::nullopt;
  case AtomKind::Unknown:
    if (!atom.isOther) return std::nullopt;
    if (isTest && std::holds_alternative<facts::None>(atom.literal) && !atom.mayBeEmpty)
      return relation == Relation::Truthy;
    if (isTest || !(atom.literal == literal)) return std::nullopt;
    return relation == Relation::NotEqual ? std::optional(true)
           : relation == Relation::Equal  ? std::optional(false)
                                          : std::nullopt;
  default: return std::nullopt;
  }
}

/// An object is true unless its class says something else, or it is a container, which may be empty.
bool Interpreter::isTrue(const State& state, const Atom& atom) {
  if (atom.kind != AtomKind::Object) return false;
  const ObjectInfo& info = objects[atom.object];
  if (info.isClass || info.pending) return true;
  if (isContainer(atom) || info.bytes) return false;
  if (!info.of) return !info.model.empty();
  return classAttribute(state, info.of, "__bool__") == Values::nothing &&
         classAttribute(state, info.of, "__len__") == Values::nothing;
}

std::pair<ValueSet, ValueSet> Interpreter::split(const State& state, ValueSet value, Relation relation,
                                                 const facts::Literal& literal) {
  std::vector<Alternative> taken, rest;
  bool isTest = relation == Relation::Truthy || relation == Relation::Falsy;
  for (const Alternative& alternative : values.of(value)) {
    const Atom& atom = values.atom(alternative.atom);
    std::optional<bool> answer = decide(atom, relation, literal);
    if (atom.kind == AtomKind::ProcessId && answer) {
      forkRecords[atom.object - 1].resultIsTested = true;
      noteRecord();
    }
    if (atom.kind == AtomKind::ForkError) asksForFailure(atom.object, relation, literal, answer);
    if (isTest && !answer && isTrue(state, atom)) answer = relation == Relation::Truthy;
    if (!answer || *answer) taken.push_back(alternative);
    if (!answer || !*answer) rest.push_back(alternative);
  }
  return {values.set(std::move(taken)), values.set(std::move(rest))};
}

/// Who treats a failed fork otherwise than the number of a child has asked whether it failed.
void Interpreter::asksForFailure(Side side, Relation relation, const facts::Literal& literal,
                                 std::optional<bool> answer) {
  Atom child;
  child.kind = AtomKind::ProcessId;
  child.object = side;
  std::optional<bool> other = decide(child, relation, literal);
  if (!answer || !other || *answer == *other) return;
  forkRecords[side - 1].fork.failureIsTested = true;
  noteRecord();
}

/// `sys.version_info >= (3, 12)`: true for some variants, false for the others.
std::optional<ValueSet> Interpreter::compareVersion(const State& state, const std::string& name,
                                                    ValueSet left, ValueSet right) {
  if (values.of(left).size() != 1 || values.of(right).size() != 1) return std::nullopt;
  const Atom tuple = values.atom(values.of(right)[0].atom);
  if (values.atom(values.of(left)[0].atom).kind != AtomKind::Version || tuple.kind != AtomKind::Object)
    return std::nullopt;
  std::vector<int64_t> wanted;
  for (ValueSet item : items(state, tuple.object)) {
    if (values.of(item).size() != 1) return std::nullopt;
    std::optional<int64_t> number = integerOf(values.atom(values.of(item)[0].atom));
    if (!number) break;
    wanted.push_back(*number);
  }
  if (wanted.empty()) return std::nullopt;
  Variants holding = 0;
  for (unsigned minor = firstMinor; minor <= lastMinor; ++minor) {
    // Micro versions are not told apart: the version stands for all from its first on.
    std::vector<int64_t> version{3, minor, 0, 0};
    version.resize(std::max(wanted.size(), name == ">=" || name == "<" ? version.size() : wanted.size()));
    auto order = version <=> wanted;
    bool truth = name == ">="   ? order >= 0
                 : name == "<"  ? order < 0
                 : name == ">"  ? order > 0
                 : name == "<=" ? order <= 0
                 : name == "==" ? order == 0
                                : order != 0;
    if (truth) holding |= 1u << (minor - firstMinor);
  }
  return values.join(values.within(values.literal(true), holding),
                     values.within(values.literal(false), allVariants & ~holding));
}

/// Different objects, whichever of each.
static bool areDistinct(const Values& values, ValueSet left, ValueSet right) {
  auto isObject = [&](const Alternative& one) { return values.atom(one.atom).kind == AtomKind::Object; };
  return left != Values::nothing && right != Values::nothing && llvm::all_of(values.of(left), isObject) &&
         llvm::all_of(values.of(right), isObject) &&
         llvm::none_of(values.of(left), [&](const Alternative& one) {
           return llvm::any_of(values.of(right), [&](const Alternative& other) {
             return values.atom(one.atom).object == values.atom(other.atom).object;
           });
         });
}

/// `self.pid == os.getpid()`: who stored its number before the fork is another process than its child.
static std::optional<bool> areOneProcess(const Values& values, ValueSet left, ValueSet right) {
  if (values.of(left).size() != 1 || values.of(right).size() != 1) return std::nullopt;
  const Atom &one = values.atom(values.of(left)[0].atom), &other = values.atom(values.of(right)[0].atom);
  if (one.kind != AtomKind::Process || other.kind != AtomKind::Process) return std::nullopt;
  return one.object == other.object;
}

static constexpr std::pair<const char*, Relation> comparisons[] = {
    {"==", Relation::Equal},     {"!=", Relation::NotEqual},    {"<", Relation::Less},
    {"<=", Relation::LessEqual}, {">", Relation::Greater},      {">=", Relation::GreaterEqual},
    {"is", Relation::Equal},     {"is-not", Relation::NotEqual}};

static bool isComparison(llvm::StringRef name) {
  return llvm::any_of(comparisons, [&](const auto& each) { return name == each.first; });
}

ValueSet Interpreter::operate(const Site& site, State& state, const std::vector<ValueSet>& operands) {
  const std::string& name = site.instruction.name;
  for (const auto& [spelled, relation] : comparisons) {
    if (name != spelled || operands.size() != 2) continue;
    if (std::optional<ValueSet> truth = compareVersion(state, name, operands[0], operands[1])) return *truth;
    bool isIdentity = name == "is" || name == "is-not";
    if (relation == Relation::Equal || relation == Relation::NotEqual)
      if (std::optional<bool> same = areOneProcess(values, operands[0], operands[1]))
        return values.literal(*same == (relation == Relation::Equal));
    if (isIdentity && areDistinct(values, operands[0], operands[1])) return values.literal(name == "is-not");
    if (values.of(operands[1]).size() != 1) break;
    const Atom right = values.atom(values.of(operands[1])[0].atom);
    if (right.kind != AtomKind::Literal) break;
    auto [taken, rest] = split(state, operands[0], relation, right.literal);
    if (taken == Values::nothing) return values.literal(false);
    if (rest == Values::nothing) return values.literal(true);
    // Each side of the comparison holds for the variants of its alternatives.
    auto variantsOf = [&](ValueSet set) {
      Variants all = 0;
      for (const Alternative& alternative : values.of(set))
        all |= alternative.variants;
      return all;
    };
    if (!(variantsOf(taken) & variantsOf(rest)))
      return values.join(values.within(values.literal(true), variantsOf(taken)),
                         values.within(values.literal(false), variantsOf(rest)));
  }
  if (name == "cast" && operands.size() == 1) return operands[0];
  if (name == "select" && operands.size() == 3) return values.join(operands[1], operands[2]);
  if (name == "not" && operands.size() == 1) {
    auto [taken, rest] = split(state, operands[0], Relation::Truthy, facts::None{});
    if (taken == Values::nothing) return values.literal(true);
    if (rest == Values::nothing) return values.literal(false);
  }
  if (operands.size() == 2 && (name == "+" || name == "-"))
    if (std::optional<ValueSet> element = advance(operands[0], operands[1]))
      return loopsOf(*site.frame.function->body).meetsEach(site.id) ? values.each(*element) : *element;
  if (operands.size() == 2 && name == "+")
    if (std::optional<ValueSet> both = concatenate(site, state, operands[0], operands[1])) return *both;
  if (operands.size() == 2)
    if (std::optional<ValueSet> result = arithmetic(site, state, operands[0], operands[1])) return *result;
  if (operands.size() == 2 && name == "*")
    for (ValueSet operand : operands)
      if (std::optional<ValueSet> repeated = repeat(site, state, operand)) return *repeated;
  if (name == "not" || name == "in" || name == "not-in" || isComparison(name))
    return values.join(values.literal(true), values.literal(false));
  return values.unknown("operator " + name, /*isLine=*/name == "format");
}

} // namespace forklint::solve
