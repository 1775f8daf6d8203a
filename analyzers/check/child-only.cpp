#include "analyzers/check/child-only.h"

#include "analyzers/check/names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

namespace forklint::check {

using facts::Relation;

namespace {

using Blocks = llvm::SmallSet<facts::BlockId, 8>;

/// Is this the way of who got 0 from the call at `forked`, which is the fork or hands its result on?
bool isWayOfChild(const RuleContext& context, const facts::Position& forked,
                  const link::FunctionInfo& function, const facts::Edge& edge) {
  const auto* zero = std::get_if<int64_t>(&edge.literal);
  bool isChild = edge.relation == Relation::Falsy || (edge.relation == Relation::Equal && zero && *zero == 0);
  if (!isChild || edge.value == facts::noValue) return false;
  Origin tested = originOf(context.program, {&function, edge.value});
  return tested.function == &function && tested.instruction().position == forked;
}

/// `seen` has those that are asked for.
bool isOnly(const RuleContext& context, const facts::Position& forked, const link::FunctionInfo& function,
            facts::BlockId block, Blocks& seen) {
  if (!seen.insert(block).second) return true;
  const facts::Block& here = function.body->blocks[block];
  return !here.predecessors.empty() && llvm::all_of(here.predecessors, [&](facts::BlockId before) {
    bool isChilds = llvm::any_of(function.body->blocks[before].edges, [&](const facts::Edge& edge) {
      return edge.target == block && isWayOfChild(context, forked, function, edge);
    });
    return isChilds || isOnly(context, forked, function, before, seen);
  });
}

} // namespace

bool isOnlyOfChild(const RuleContext& context, const facts::Position& forked,
                   const link::FunctionInfo& function, facts::BlockId block) {
  Blocks seen;
  return isOnly(context, forked, function, block, seen);
}

bool isOnlyOfChild(const RuleContext& context, const solve::Fork& fork, const solve::Path& exit) {
  for (size_t i = 0; i < exit.size() && i < fork.path.size(); ++i) {
    const solve::Hop &there = fork.path[i], &here = exit[i];
    if (there.function != here.function) return false;
    if (there.position == here.position) continue;
    for (facts::BlockId block = 0; block < here.function->body->blocks.size(); ++block)
      for (facts::ValueId id : here.function->body->blocks[block].instructions)
        if (here.function->body->instructions[id].position == here.position)
          return isOnlyOfChild(context, there.position, *here.function, block);
    return false;
  }
  return false;
}

} // namespace forklint::check
