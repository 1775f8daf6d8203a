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

size_t Values::Hash::operator()(const AtomKey& key) const {
  return llvm::hash_combine(static_cast<uint8_t>(key.kind), key.text, key.function, key.object, key.target,
                            key.receiver, key.each, key.isLine);
}

size_t Values::Hash::operator()(const std::vector<Alternative>& alternatives) const {
  llvm::hash_code hash(alternatives.size());
  for (const Alternative& alternative : alternatives)
    hash = llvm::hash_combine(hash, alternative.atom, alternative.variants);
  return hash;
}

Values::Values() {
  name("");
  sets.emplace_back();
}

Name Values::name(llvm::StringRef text) {
  auto [slot, fresh] = nameIds.try_emplace(text, static_cast<Name>(names.size()));
  if (fresh) names.push_back(slot->getKey());
  return slot->second;
}

AtomId Values::intern(Atom atom) {
  Name text = name(atom.kind == AtomKind::Literal ? literalText(atom.literal) : atom.text);
  AtomKey key{atom.kind,   text,          atom.function, atom.object,
              atom.target, atom.receiver, atom.each,     atom.isLine};
  auto [slot, fresh] = atomIds.try_emplace(key, static_cast<AtomId>(atoms.size()));
  if (fresh) atoms.push_back(std::move(atom));
  return slot->second;
}

ValueSet Values::set(std::vector<Alternative> alternatives) {
  llvm::sort(alternatives);
  std::vector<Alternative> merged;
  for (const Alternative& alternative : alternatives) {
    if (!alternative.variants) continue;
    if (!merged.empty() && merged.back().atom == alternative.atom)
      merged.back().variants |= alternative.variants;
    else
      merged.push_back(alternative);
  }
  if (merged.empty()) return nothing;
  if (merged.size() > widest) return unknown("too many alternatives");
  auto [slot, fresh] = setIds.try_emplace(merged, static_cast<ValueSet>(sets.size()));
  if (fresh) sets.push_back(std::move(merged));
  return slot->second;
}

ValueSet Values::single(Atom atom, Variants variants) { return set({{intern(std::move(atom)), variants}}); }

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
  return single(std::move(atom));
}

ValueSet Values::unknown(std::string reason, bool isLine) {
  Atom atom;
  atom.isLine = isLine;
  atom.text = std::move(reason);
  return single(std::move(atom));
}

ValueSet Values::literal(facts::Literal value) {
  Atom atom;
  atom.kind = AtomKind::Literal;
  atom.literal = value;
  return single(std::move(atom));
}

ValueSet Values::join(ValueSet left, ValueSet right) {
  if (left == right || right == nothing) return left;
  if (left == nothing) return right;
  auto [slot, fresh] = joins.try_emplace(std::minmax(left, right), nothing);
  if (!fresh) return slot->second;
  std::vector<Alternative> all = of(left);
  llvm::append_range(all, of(right));
  ValueSet both = set(std::move(all));
  joins[std::minmax(left, right)] = both;
  return both;
}

ValueSet Values::within(ValueSet whole, Variants variants) {
  if (variants == allVariants) return whole;
  std::vector<Alternative> cut = of(whole);
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
  return intern(std::move(marked));
}

ValueSet Values::markedSet(ValueSet set, bool each) {
  auto [slot, fresh] = markedSets[each].try_emplace(set, nothing);
  if (!fresh) return slot->second;
  std::vector<Alternative> all = of(set);
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

bool Values::isUnknown(ValueSet set) const {
  return llvm::all_of(of(set), [&](const Alternative& a) { return atom(a.atom).kind == AtomKind::Unknown; });
}

} // namespace forklint::solve
