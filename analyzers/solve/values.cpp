#include "analyzers/solve/values.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

std::string literalText(const facts::Literal& literal) {
  struct Visitor {
    std::string operator()(const facts::None&) const { return "none"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return "f" + std::to_string(value); }
    std::string operator()(const std::string& value) const { return "\"" + value; }
    std::string operator()(const facts::Bytes& value) const { return "b\"" + value.data; }
    std::string operator()(const facts::Ellipsis&) const { return "..."; }
  };
  return std::visit(Visitor{}, literal);
}

bool isNone(const Atom& atom) {
  return atom.kind == AtomKind::Literal && std::holds_alternative<facts::None>(atom.literal);
}

bool isOff(const Atom& atom) {
  const bool* truth = std::get_if<bool>(&atom.literal);
  return isNone(atom) || integerOf(atom) == 0 || (atom.kind == AtomKind::Literal && truth && !*truth);
}

const Text* stringOf(const Atom& atom) {
  return atom.kind == AtomKind::Literal ? std::get_if<Text>(&atom.literal) : nullptr;
}

std::optional<int64_t> integerOf(const Atom& atom) {
  if (atom.kind != AtomKind::Literal) return std::nullopt;
  if (const int64_t* value = std::get_if<int64_t>(&atom.literal)) return *value;
  return std::nullopt;
}

/// Numbers with equal texts are one, and so is what is no number: what is computed in a loop comes to an end.
static bool areOne(const facts::Literal& left, const facts::Literal& right) {
  bool areNumbers = std::holds_alternative<double>(left) && std::holds_alternative<double>(right);
  return left == right || (areNumbers && literalText(left) == literalText(right));
}

static llvm::hash_code hashOf(const facts::Literal& literal) {
  struct Visitor {
    llvm::hash_code operator()(const Text& value) const { return llvm::hash_value(value.identity()); }
    llvm::hash_code operator()(const facts::Bytes& value) const {
      return llvm::hash_value(value.data.identity());
    }
    llvm::hash_code operator()(double value) const { return llvm::hash_value(std::to_string(value)); }
    llvm::hash_code operator()(int64_t value) const { return llvm::hash_value(value); }
    llvm::hash_code operator()(bool value) const { return llvm::hash_value(value); }
    llvm::hash_code operator()(const facts::None&) const { return 0; }
    llvm::hash_code operator()(const facts::Ellipsis&) const { return 0; }
  };
  return llvm::hash_combine(literal.index(), std::visit(Visitor(), literal));
}

static llvm::hash_code hashOf(const Atom& atom) {
  llvm::hash_code own =
      atom.kind == AtomKind::Literal ? hashOf(atom.literal) : llvm::hash_value(atom.text.identity());
  return llvm::hash_combine(static_cast<uint8_t>(atom.kind), own, atom.function, atom.object, atom.target,
                            atom.receiver, atom.each, atom.isLine, atom.klass.identity());
}

static bool areOne(const Atom& left, const Atom& right) {
  return left.kind == right.kind && left.function == right.function && left.object == right.object &&
         left.target == right.target && left.receiver == right.receiver && left.each == right.each &&
         left.isLine == right.isLine && left.klass == right.klass &&
         (left.kind == AtomKind::Literal ? areOne(left.literal, right.literal) : left.text == right.text);
}

AtomId Values::intern(const Atom& atom) {
  return atomIds.find(
      hashOf(atom), [&](AtomId id) { return areOne(atoms[id], atom); },
      [&] {
        atoms.push_back(atom);
        return static_cast<AtomId>(atoms.size() - 1);
      });
}

/// The number of what is merged: sorted, each atom once.
ValueSet Values::known(llvm::ArrayRef<Alternative> merged) {
  llvm::hash_code hash(merged.size());
  for (const Alternative& alternative : merged)
    hash = llvm::hash_combine(hash, alternative.atom, alternative.variants);
  return setIds.find(
      hash, [&](ValueSet set) { return sets[set] == merged; },
      [&] {
        sets.push_back(merged.copy(room));
        return static_cast<ValueSet>(sets.size() - 1);
      });
}

ValueSet Values::set(std::vector<Alternative> alternatives) {
  llvm::erase_if(alternatives, [](const Alternative& one) { return !one.variants; });
  llvm::sort(alternatives);
  size_t kept = 0;
  for (const Alternative& alternative : alternatives)
    if (kept && alternatives[kept - 1].atom == alternative.atom)
      alternatives[kept - 1].variants |= alternative.variants;
    else
      alternatives[kept++] = alternative;
  if (!kept) return nothing;
  if (kept > widest) return unknown("too many alternatives");
  return known(llvm::ArrayRef(alternatives).take_front(kept));
}

ValueSet Values::single(const Atom& atom, Variants variants) {
  return variants ? known(Alternative{intern(atom), variants}) : nothing;
}

std::vector<ObjectId> Values::objectsIn(ValueSet set) const {
  std::vector<ObjectId> found;
  for (const Alternative& one : of(set))
    if (const Atom& atom = this->atom(one.atom); atom.kind == AtomKind::Object) found.push_back(atom.object);
  return found;
}

ValueSet Values::object(ObjectId object) {
  Atom atom;
  atom.kind = AtomKind::Object;
  atom.object = object;
  return single(atom);
}

ValueSet Values::unknown(Text reason, bool isLine) {
  Atom atom;
  atom.isLine = isLine;
  atom.text = reason;
  return single(atom);
}

ValueSet Values::literal(facts::Literal value) {
  Atom atom;
  atom.kind = AtomKind::Literal;
  atom.literal = value;
  return single(atom);
}

ValueSet Values::join(ValueSet left, ValueSet right) {
  if (left == right || right == nothing) return left;
  if (left == nothing) return right;
  auto [slot, fresh] = joins.try_emplace(std::minmax(left, right), nothing);
  if (!fresh) return slot->second;
  std::vector<Alternative> all = of(left).vec();
  llvm::append_range(all, of(right));
  ValueSet both = set(std::move(all));
  joins[std::minmax(left, right)] = both;
  return both;
}

ValueSet Values::within(ValueSet whole, Variants variants) {
  auto isInside = [&](const Alternative& one) { return (one.variants & variants) == one.variants; };
  if (llvm::all_of(of(whole), isInside)) return whole;
  std::vector<Alternative> cut = of(whole).vec();
  for (Alternative& alternative : cut)
    alternative.variants &= variants;
  return set(std::move(cut));
}

AtomId Values::markedAtom(AtomId id, bool each) {
  Atom marked = atom(id);
  if (marked.kind == AtomKind::Bound)
    marked.receiver = markedAtom(marked.receiver, each);
  else
    marked.each = each;
  return intern(marked);
}

ValueSet Values::markedSet(ValueSet set, bool each) {
  auto [slot, fresh] = markedSets[each].try_emplace(set, nothing);
  if (!fresh) return slot->second;
  std::vector<Alternative> all = of(set).vec();
  for (Alternative& alternative : all)
    alternative.atom = markedAtom(alternative.atom, each);
  ValueSet result = this->set(std::move(all));
  return markedSets[each][set] = result;
}

bool Values::isEachAtom(AtomId id) const {
  const Atom& known = atom(id);
  return known.kind == AtomKind::Bound ? isEachAtom(known.receiver) : known.each;
}

bool Values::isEach(ValueSet set) const {
  return llvm::any_of(of(set), [&](const Alternative& alternative) { return isEachAtom(alternative.atom); });
}

bool Values::isTrue(ValueSet set) const {
  return set != nothing && llvm::all_of(sets[set], [&](const Alternative& one) {
           const bool* truth = std::get_if<bool>(&atoms[one.atom].literal);
           return atoms[one.atom].kind == AtomKind::Literal && truth && *truth;
         });
}

bool Values::isLeftOpen(ValueSet set) const {
  return set != nothing && llvm::all_of(of(set), [&](const Alternative& one) {
           return isOff(atom(one.atom)) || integerOf(atom(one.atom));
         });
}

bool Values::isUnknown(ValueSet set) const {
  return llvm::all_of(of(set), [&](const Alternative& a) { return atom(a.atom).kind == AtomKind::Unknown; });
}

} // namespace forklint::solve
