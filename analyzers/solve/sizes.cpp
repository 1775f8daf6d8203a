// Sizes of values, from the size formula of a model row: a product of terms, each a number, `elements(PATH)`
// (how many elements a shape has) or `width(PATH, TYPE)` (bytes of an element type, TYPE where none is
// given), `number(PATH)` (an integer itself), `bytes(PATH)` (of a value that
// is known whole). The width of a type is the `size` of the row that
// the type's name ends in.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

namespace forklint::solve {
namespace {

constexpr uint64_t bytesOfReference = 8; // an element of a sequence of objects

std::optional<uint64_t> integer(const Atom& atom) {
  if (atom.kind != AtomKind::Literal) return std::nullopt;
  const int64_t* value = std::get_if<int64_t>(&atom.literal);
  if (!value || *value < 0) return std::nullopt;
  return static_cast<uint64_t>(*value);
}

} // namespace

static std::optional<uint64_t> wholeNumber(const Values& values, ValueSet value) {
  return values.of(value).size() == 1 ? integer(values.atom(values.of(value)[0].atom)) : std::nullopt;
}

std::optional<uint64_t> Interpreter::elementCount(const State& state, ValueSet shape) {
  if (std::optional<uint64_t> length = wholeNumber(values, shape)) return length;
  if (values.of(shape).size() != 1) return std::nullopt;
  const Atom atom = values.atom(values.of(shape)[0].atom);
  if (atom.kind != AtomKind::Object || objects[atom.object].isClass) return std::nullopt;
  uint64_t product = 1;
  for (size_t i = 0;; ++i) {
    ValueSet extent = states.get(state, place(atom.object, "[" + std::to_string(i)));
    if (extent == Values::nothing) return i ? std::optional(product) : std::nullopt;
    std::optional<uint64_t> length = wholeNumber(values, extent);
    if (!length) return std::nullopt;
    product = llvm::SaturatingMultiply(product, *length);
  }
}

std::optional<uint64_t> Interpreter::elementWidth(ValueSet type, llvm::StringRef fallback) {
  std::string name = fallback.str();
  if (type != Values::nothing) {
    if (values.of(type).size() != 1) return std::nullopt;
    const Atom& atom = values.atom(values.of(type)[0].atom);
    llvm::StringRef package = fallback.rsplit('.').first;
    if (atom.kind == AtomKind::External || atom.kind == AtomKind::Function)
      name = atom.text;
    else if (atom.kind == AtomKind::Literal && std::holds_alternative<Text>(atom.literal))
      name = package.str() + "." + std::get<Text>(atom.literal);
    else
      return std::nullopt;
  }
  const link::Model* row = program.models().find(name);
  uint64_t width = 0;
  if (!row || llvm::StringRef(row->size).getAsInteger(10, width)) return std::nullopt;
  return width;
}

/// Bytes of a value that is known whole: text, bytes, or an object whose size a model told.
std::optional<uint64_t> Interpreter::sizeOf(const State& state, ValueSet value) {
  if (values.of(value).size() != 1) return std::nullopt;
  const Atom atom = values.atom(values.of(value)[0].atom);
  if (const Text* text = stringOf(atom)) return text->size();
  if (atom.kind == AtomKind::Literal)
    if (const facts::Bytes* bytes = std::get_if<facts::Bytes>(&atom.literal)) return bytes->data.size();
  if (atom.kind != AtomKind::Object) return std::nullopt;
  if (objects[atom.object].bytes) return objects[atom.object].bytes;
  if (size_t count = items(state, atom.object).size()) return count * bytesOfReference;
  return std::nullopt;
}

/// Products and sums of known integers, and a sequence repeated a known number of times.
std::optional<ValueSet> Interpreter::arithmetic(const Site& site, const State& state, ValueSet left,
                                                ValueSet right) {
  const std::string& name = site.instruction.name;
  auto whole = [&](ValueSet set) -> std::optional<int64_t> {
    if (values.of(set).size() != 1) return std::nullopt;
    return integerOf(values.atom(values.of(set)[0].atom));
  };
  std::optional<int64_t> a = whole(left), b = whole(right);
  if (a && b) {
    int64_t result = 0;
    if (name == "*" && !__builtin_mul_overflow(*a, *b, &result)) return values.literal(result);
    if (name == "+" && !__builtin_add_overflow(*a, *b, &result)) return values.literal(result);
    if (name == "-" && !__builtin_sub_overflow(*a, *b, &result)) return values.literal(result);
    if (name == "//" && *a >= 0 && *b > 0) return values.literal(*a / *b);
    if (name == "<<" && *a >= 0 && *b >= 0 && *b < 40 && *a < (1 << 20)) return values.literal(*a << *b);
    if (name == "**" && *a >= 0 && *b >= 0 && *b < 63) {
      result = 1;
      for (int64_t i = 0; i < *b; ++i)
        if (__builtin_mul_overflow(result, *a, &result)) return std::nullopt;
      return values.literal(result);
    }
    return std::nullopt;
  }
  if (name != "*" || (!a && !b)) return std::nullopt;
  int64_t times = a ? *a : *b;
  std::optional<uint64_t> each = sizeOf(state, a ? right : left);
  if (!each || times < 0) return std::nullopt;
  ObjectId made = object(site.frame, site.id, "", "repeated");
  objects[made].bytes = llvm::SaturatingMultiply(*each, static_cast<uint64_t>(times));
  return values.object(made);
}

/// What the formula of a row gives for a call.
std::optional<uint64_t> Interpreter::amountOf(const ModelCall& call, const State& state,
                                              llvm::StringRef formula) {
  if (formula.empty()) return std::nullopt;
  llvm::SmallVector<llvm::StringRef, 4> terms;
  formula.split(terms, '*');
  uint64_t bytes = 1;
  for (llvm::StringRef term : terms) {
    term = term.trim();
    std::optional<uint64_t> factor;
    uint64_t number = 0;
    if (term.consume_front("elements(") && term.consume_back(")"))
      factor = elementCount(state, evaluate(call, state, term));
    else if (term.consume_front("number(") && term.consume_back(")"))
      factor = wholeNumber(values, evaluate(call, state, term));
    else if (term.consume_front("bytes(") && term.consume_back(")"))
      factor = sizeOf(state, evaluate(call, state, term));
    else if (term.consume_front("width(") && term.consume_back(")")) {
      auto [path, fallback] = term.split(',');
      factor = elementWidth(evaluate(call, state, path.trim()), fallback.trim());
    } else if (!term.getAsInteger(10, number))
      factor = number;
    if (!factor) return std::nullopt;
    bytes = llvm::SaturatingMultiply(bytes, *factor);
  }
  return bytes;
}

/// A loop over a known number of elements puts as many into what its rounds begin with filling: `append` and
/// the like, or a store under a key.
void Interpreter::fillsByLoop(const Site& site, const Config& config, ValueSet iterated) {
  uint64_t count = 0;
  if (values.of(iterated).size() == 1)
    if (const Atom& atom = values.atom(values.of(iterated)[0].atom); atom.kind == AtomKind::Object)
      count = objects[atom.object].elements;
  const facts::Function& body = *site.frame.function->body;
  auto head = llvm::find_if(body.blocks, [&](const facts::Block& block) {
    return llvm::is_contained(block.instructions, site.id);
  });
  if (!count || head == body.blocks.end()) return;
  for (const facts::Edge& edge : head->edges) {
    if (edge.relation != facts::Relation::More) continue;
    for (facts::ValueId id : body.blocks[edge.target].instructions) {
      const facts::Instruction& each = body.instructions[id];
      bool isStore = each.kind == facts::InstructionKind::Store && each.place.kind == facts::PlaceKind::Item;
      bool isMethod =
          each.kind == facts::InstructionKind::Load && each.place.kind == facts::PlaceKind::Attribute;
      if (!isStore && !isMethod) continue;
      const facts::Instruction& base = body.instructions[each.place.base];
      bool isGlobal =
          base.kind == facts::InstructionKind::Load && base.place.kind == facts::PlaceKind::Global;
      ValueSet container = isGlobal ? states.get(config.state, globalPlace(base.place.name))
                                    : valueOf(site.frame, config, each.place.base);
      for (const Alternative& filled : values.of(container))
        if (const Atom& atom = values.atom(filled.atom); isContainer(atom))
          objects[atom.object].elements = std::max(objects[atom.object].elements, count);
    }
  }
}

} // namespace forklint::solve
