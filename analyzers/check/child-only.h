// What only the child of a fork comes to, by the tests of the fork's result that stand on all ways to it. It
// is asked of what is written, without what values may be: yes is sure, no is not.
#pragma once

#include "analyzers/check/rule.h"

namespace forklint::check {

/// Does nobody but who got 0 from the call at `forked`, in the same function, come to the block?
bool isOnlyOfChild(const RuleContext& context, const facts::Position& forked,
                   const link::FunctionInfo& function, facts::BlockId block);

/// Does nobody but the child come to the exit, where its way parts from that to the fork? A child that goes
/// on with the program ends as the program does.
bool isOnlyOfChild(const RuleContext& context, const solve::Fork& fork, const solve::Path& exit);

} // namespace forklint::check
