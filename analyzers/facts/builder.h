// Builds one function of the facts: blocks, instructions, and single assignment form on the fly (Braun et
// al., "Simple and Efficient Construction of Static Single Assignment Form", CC 2013). A front end writes and
// reads source variables by name; merges appear where control joins and trivial ones are removed again.
//
// Use: the constructor makes block 0, the entry, which nothing may jump back to. Create blocks, append to the
// current one, connect, and seal() a block once all its predecessors are connected (finish() seals what is
// left). Variables that are captured and rebound, or whose address is taken, are not written here: they are
// Local places, loaded and stored.
#pragma once

#include "analyzers/facts/facts.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace forklint::facts {

class FunctionBuilder {
public:
  FunctionBuilder(const std::string& symbol, FunctionKind kind, Position position);

  /// Declares the next parameter and binds it to its variable; only before finish().
  ValueId addParameter(Parameter parameter, Position position);
  /// Declares the next captured variable and gives its value.
  ValueId addCapture(const std::string& variable);

  BlockId createBlock();
  void setBlock(BlockId block) { current = block; }
  BlockId block() const { return current; }
  /// True when the current block has ended (return, raise, noreturn, or edges that leave it for good).
  bool ended() const;

  /// Adds an edge. After return, raise or noreturn only exception edges are kept.
  void connect(BlockId from, Edge edge);
  /// An unconditional edge from the current block, unless that block has ended.
  void jump(BlockId target);
  void seal(BlockId block);

  /// Appends to the current block; gives the instruction's value. Appending (or writing) in a block that has
  /// ended starts a new block that nothing reaches, so dead code needs no care: ask block() afterwards.
  ValueId append(Instruction instruction);
  ValueId constant(Literal literal, Position position);
  ValueId functionRef(const std::string& symbol, Position position);
  ValueId classRef(const std::string& symbol, Position position);
  ValueId unknown(const std::string& reason, Position position);
  ValueId load(Place place, Position position);
  void store(Place place, ValueId value, Position position);

  void write(const std::string& variable, ValueId value);
  /// The variable's value here; a variable never written gives unknown("unbound NAME").
  ValueId read(const std::string& variable, Position position);

  Instruction& instruction(ValueId value) { return function.instructions[value]; }
  Function& body() { return function; }

  /// Seals everything, drops unreachable blocks, renumbers values in block order. The builder is spent.
  Function finish();

private:
  ValueId leaf(Instruction instruction);
  void leaveEndedBlock();
  std::optional<ValueId> definitionAbove(BlockId& block, const std::string& variable,
                                         std::vector<BlockId>& path);
  ValueId readIn(BlockId block, const std::string& variable, Position position);
  ValueId openMerge(BlockId block, const std::string& variable, Position position);
  void fillPending();
  void removeIfTrivial(ValueId merge);
  ValueId resolved(ValueId value);
  std::vector<BlockId> reachableBlocks() const;
  void dropUnreachablePredecessors(const std::vector<BlockId>& order);
  std::vector<bool> usedMerges(const std::vector<BlockId>& order);
  void compact(const std::vector<BlockId>& order, const std::vector<bool>& used);

  struct Merge {
    BlockId block;
    std::vector<ValueId> users; // other merges
  };

  Function function;
  BlockId current = 0;
  std::vector<bool> sealed;
  std::vector<std::map<std::string, ValueId>> definitions; // by block
  std::vector<std::vector<ValueId>> headMerges;            // by block
  std::vector<std::vector<ValueId>> openMerges;            // by block, until sealed
  std::vector<ValueId> pending;                            // merges of sealed blocks without operands yet
  std::map<ValueId, Merge> merges;
  std::map<ValueId, ValueId> replaced; // trivial merges
};

} // namespace forklint::facts
