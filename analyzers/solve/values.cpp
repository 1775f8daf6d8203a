#include "analyzers/solve/values.h"

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

Values::Values() { sets.emplace_back(); }

AtomId Values::intern(Atom atom) {
  std::string text = atom.kind == AtomKind::Literal ? literalText(atom.literal) : atom.text;
  AtomKey key{atom.kind, std::move(text), atom.function, atom.object, atom.target, atom.receiver};
  auto [slot, fresh] = atomIds.try_emplace(std::move(key), static_cast<AtomId>(atoms.size()));
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

ValueSet Values::unknown(std::string reason) {
  Atom atom;
  atom.text = std::move(reason);
  return single(std::move(atom));
}

ValueSet Values::literal(facts::Literal value) {
  Atom atom;
  atom.kind = AtomKind::Literal;
  atom.literal = std::move(value);
  return single(std::move(atom));
}

ValueSet Values::join(ValueSet left, ValueSet right) {
  if (left == right || right == nothing) return left;
  if (left == nothing) return right;
  std::vector<Alternative> all = of(left);
  llvm::append_range(all, of(right));
  return set(std::move(all));
}

ValueSet Values::within(ValueSet whole, Variants variants) {
  if (variants == allVariants) return whole;
  std::vector<Alternative> cut = of(whole);
  for (Alternative& alternative : cut)
    alternative.variants &= variants;
  return set(std::move(cut));
}

} // namespace forklint::solve
