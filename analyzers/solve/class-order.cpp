// The order in which Python asks the classes above a class for an attribute: C3, each class before those that
// it derives from, those in the order in which it names them. Bases that are not known are left out, and
// where no such order is left, the next that is named comes next.
#include "analyzers/solve/memory.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using Order = std::vector<AtomId>;

/// The first head that no other list has behind its head.
static AtomId nextOf(const std::vector<Order>& lists) {
  auto isBehind = [&](AtomId klass) {
    return llvm::any_of(lists, [&](const Order& list) {
      return list.size() > 1 && llvm::is_contained(llvm::drop_begin(list), klass);
    });
  };
  auto next = llvm::find_if(lists, [&](const Order& list) { return !isBehind(list.front()); });
  return next != lists.end() ? next->front() : lists.front().front();
}

llvm::ArrayRef<AtomId> Memory::orderBehind(ObjectId klass) {
  auto [slot, fresh] = classOrders.try_emplace(klass);
  if (fresh) slot->second = linearised(klass, 0);
  return slot->second;
}

/// A library class of which a row says that it does nothing, as `object`, comes last.
std::vector<AtomId> Memory::linearised(ObjectId klass, unsigned depth) const {
  auto doesNothing = [&](AtomId base) {
    const Atom& atom = values.atom(base);
    const link::Model* row = atom.kind == AtomKind::External ? program.models().find(atom.text) : nullptr;
    return row && row->effects.empty() && row->bases.empty() && row->members.empty();
  };
  std::vector<Order> lists;
  Order named, last;
  for (ValueSet base : objects[klass].bases)
    for (const Alternative& alternative : values.of(base)) {
      const Atom& atom = values.atom(alternative.atom);
      if (atom.kind != AtomKind::Object && atom.kind != AtomKind::External) continue;
      Order order{alternative.atom};
      if (atom.kind == AtomKind::Object && depth < deepestBase)
        llvm::append_range(order, linearised(atom.object, depth + 1));
      named.push_back(alternative.atom);
      lists.push_back(std::move(order));
    }
  lists.push_back(std::move(named));
  Order order;
  auto isEmpty = [](const Order& list) { return list.empty(); };
  for (llvm::erase_if(lists, isEmpty); !lists.empty(); llvm::erase_if(lists, isEmpty)) {
    AtomId next = nextOf(lists);
    for (Order& list : lists)
      std::erase(list, next);
    (doesNothing(next) ? last : order).push_back(next);
  }
  llvm::append_range(order, last);
  return order;
}

} // namespace forklint::solve
