// Turns the syntax of one function, or of one top-level statement, into a facts::Function. The members are
// spread over files by idea: statements, control, exceptions, patterns, targets, names, expressions,
// conditions, calls, comprehension, definitions, imports. What can not be lowered is an unknown and a gap,
// never nothing.
#pragma once

#include "analyzers/facts/builder.h"
#include "analyzers/facts/unread.h"
#include "python-frontend/frontend.h"
#include "python-frontend/scopes.h"
#include "python-frontend/syntax.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace forklint::python {

/// The functions of a module whose bodies have been left out: what stands for the body of each, by its
/// offset, and where the function is among the facts.
struct Unread {
  llvm::DenseMap<uint32_t, size_t> byOffset;
  std::vector<facts::UnreadBodies::Body> bodies;
  std::vector<std::string> symbols;
};

/// What the functions of one module share while they are lowered.
struct ModuleContext {
  ModuleContext(const ModuleSource& source, const Scopes& scopes, facts::UnitFacts& unit,
                const std::vector<Span>& lost)
      : source(source), scopes(scopes), unit(unit), lost(lost) {}

  const ModuleSource& source;
  const Scopes& scopes;
  facts::UnitFacts& unit;
  const std::vector<Span>& lost; // headers that recovery replaced by a stand-in
  facts::Chunk* chunk = nullptr;
  std::vector<Node> pending; // functions met and not yet lowered
  llvm::DenseSet<uint32_t> met;
  llvm::DenseSet<uint32_t> gaps;
  llvm::StringSet<> declared; // entities of this chunk
  Unread* unread = nullptr;   // where bodies have been left out

  void gap(Node node, std::string reason);
  void declare(facts::EntityKind kind, const std::string& symbol, Node node, const std::string& display,
               const std::string& type = "", Text klass = {});
};

/// Nesting that lowering follows; CPython itself stops at 200 brackets and 100 indents.
inline constexpr unsigned maxDepth = 600;

class Lowering {
public:
  Lowering(ModuleContext& module, const std::string& symbol, facts::FunctionKind kind, Node node,
           ScopeId scope);

  void topLevel(Node statement);
  void functionBody(Node function);
  facts::Function finish();

private:
  using ValueId = facts::ValueId;
  using BlockId = facts::BlockId;

  /// One construct around the current statement that a way out must deal with.
  struct Frame {
    enum Kind { Loop, Handlers, Finally, With };
    struct Handler {
      BlockId block;
      std::vector<ValueId> types;
    };

    Frame(Kind kind, Node node, BlockId breakTarget = 0, BlockId continueTarget = 0)
        : kind(kind), node(node), breakTarget(breakTarget), continueTarget(continueTarget) {}

    Kind kind;
    Node node;
    BlockId breakTarget;
    BlockId continueTarget;
    BlockId landing = noBlock; // where an exception enters a finally or a with's exit
    ValueId manager = facts::noValue;
    bool async = false;
    std::vector<Handler> handlers;
  };
  static constexpr BlockId noBlock = UINT32_MAX;

  // statements
  void suite(Node block);
  void suiteOf(Node clause);
  void statement(Node node);
  void statementWithin(Node node);
  void compound(Node node);
  void assertStatement(Node node);
  void deleteStatement(Node node);
  void deleteTarget(Node target);
  void deleteName(Node name);
  void assignment(Node node);
  void augmented(Node node);
  void printStatement(Node node);
  void typeAlias(Node node);

  // control
  void ifStatement(Node node);
  void whileStatement(Node node);
  void forStatement(Node node);
  void withStatement(Node node);
  void withItems(Node node, const std::vector<Node>& items, size_t at);
  ValueId leaveScope(const Frame& frame);
  void withLanding(const Frame& frame, BlockId after);
  void returnStatement(Node node);
  void leaveLoop(bool isBreak);
  void unwind(size_t depth);
  void loopBody(Node body, BlockId breakTarget, BlockId continueTarget);
  void loopEnd(Node otherwise, BlockId done, BlockId after);
  BlockId startBlock();

  // exceptions
  void tryStatement(Node node);
  void raiseStatement(Node node);
  void raiseValue(ValueId value, ValueId cause, Node node);
  void handlerBody(Node clause);
  std::vector<ValueId> handlerTypes(Node clause);
  void tryHandlers(Node node);
  void finallyCopy(Node clause);
  bool guarded() const;
  void connectExceptions(BlockId from);
  ValueId raising(ValueId value);

  // patterns
  void matchStatement(Node node);
  void caseBody(Node clause, ValueId subject, BlockId after, BlockId next);
  void pattern(Node node, ValueId subject, BlockId no);
  void sequencePattern(const std::vector<Node>& items, ValueId subject, Node node, BlockId no);
  void dictPattern(Node node, ValueId subject, BlockId no);
  void classPattern(Node node, ValueId subject, BlockId no);
  void keywordPattern(Node keyword, Node name, ValueId subject, BlockId no);
  void unionPattern(Node node, ValueId subject, BlockId no);
  void casePattern(Node node, ValueId subject, BlockId no);
  void literalPattern(Node node, ValueId value, ValueId subject, BlockId no);
  ValueId negated(Node number);
  void shapeTest(const char* reason, Node node, BlockId no);
  ValueId dotted(Node name);

  // names and targets
  ValueId readName(Node name);
  ValueId readResolved(const Resolution& to, facts::Position at);
  llvm::StringRef nameOf(Node name) const { return module.scopes.spelled(scope, name.text()); }
  void bindName(Node name, ValueId value, Node at);
  void bindResolved(const Resolution& to, ValueId value, facts::Position at);
  std::string global(llvm::StringRef name) const { return module.source.module + "." + name.str(); }
  void assign(Node target, ValueId value);
  void assignFrom(const std::vector<Node>& targets, Node value);
  bool assignElementwise(Node target, Node value);
  void unpack(Node target, ValueId value);
  void nameValue(ValueId value, llvm::StringRef name);
  facts::Place placeOf(Node target);

  // expressions
  ValueId value(Node node);
  ValueId valueWithin(Node node);
  ValueId compoundValue(Node node);
  ValueId binary(Node node);
  ValueId unary(Node node);
  ValueId comparison(Node node);
  ValueId boolean(Node node);
  ValueId conditional(Node node);
  ValueId named(Node node);
  ValueId subscript(Node node);
  ValueId index(Node node);
  ValueId slice(Node node);
  ValueId container(Node node, const char* kind);
  ValueId valueOrTuple(const std::vector<Node>& expressions, Node at);
  ValueId dictionary(Node node);
  ValueId yield(Node node);
  ValueId await(Node node);
  ValueId string(Node node);
  void stringParts(Node node, std::vector<facts::Operand>& parts);
  void interpolation(Node node, std::vector<facts::Operand>& parts);
  ValueId lost(Node node, const char* reason);
  ValueId call(Node node);
  void addImpliedArguments(Node call, std::vector<facts::Operand>& operands);
  void arguments(Node list, std::vector<facts::Operand>& operands);
  bool isLost(Node node) const;

  // conditions
  void branch(Node condition, BlockId yes, BlockId no);
  void branchWithin(Node condition, BlockId yes, BlockId no);
  void branchBoolean(Node node, BlockId yes, BlockId no);
  void branchComparison(Node node, BlockId yes, BlockId no);
  void compare(ValueId left, llvm::StringRef name, ValueId right, Node at, BlockId yes, BlockId no);
  void test(ValueId value, BlockId yes, BlockId no);
  void split(ValueId value, facts::Relation relation, const facts::Literal& literal, BlockId yes, BlockId no);
  const facts::Literal* literalOf(ValueId value);
  std::string temporary() { return "." + std::to_string(++temporaries); }

  // comprehension
  ValueId comprehension(Node node);
  ValueId iterableOf(Node clause);
  void comprehensionClause(Node node, const std::vector<Node>& clauses, size_t at, ValueId iterable,
                           ValueId result);
  void element(Node body, ValueId result);

  // definitions
  void definition(Node node, const std::vector<Node>& decorators);
  void decorated(Node node);
  ValueId closure(Node node);
  ValueId classBody(Node node);
  ValueId lambda(Node node);
  void declareName(Node name, Node type = {});
  void declareField(Node target, Node type);
  ValueId capturedValue(const std::string& key, Node at);

  // imports
  void importStatement(Node node);
  void importFrom(Node node);

  // small helpers
  ValueId emit(facts::InstructionKind kind, Node at, const std::string& name,
               std::vector<facts::Operand> operands);
  ValueId attribute(ValueId object, llvm::StringRef name, Node at);
  ValueId builtin(const char* name, Node at);
  ValueId operation(const char* name, ValueId left, ValueId right, Node at);
  void connect(BlockId from, BlockId to);

  ModuleContext& module;
  facts::FunctionBuilder builder;
  ScopeId scope;
  std::vector<Frame> frames;
  llvm::DenseMap<ScopeId, ValueId> classes; // the class object of each class body that is being lowered
  unsigned depth = 0;
  unsigned finallyDepth = 0;
  unsigned temporaries = 0;
};

/// Whether brackets stand around one target: `(x)`, which is no tuple.
bool isBracketed(Node target);

/// Operands without a keyword.
inline facts::Operand plain(facts::ValueId value) { return {value, "", facts::Spread::Single}; }
inline std::vector<facts::Operand> plain(std::initializer_list<facts::ValueId> values) {
  std::vector<facts::Operand> operands;
  for (facts::ValueId value : values)
    operands.push_back(plain(value));
  return operands;
}

/// The parameters of a def or lambda in order, without separators, as the compiler spells them.
struct ParameterSyntax {
  facts::Parameter parameter;
  Node name; // or the tuple of an old-style parameter
  Node value;
};
std::vector<ParameterSyntax> parametersOf(Node function, const Scopes& scopes);
/// The class that a def says it returns, or nothing.
Text returnedClass(Node function, const Scopes& scopes);

} // namespace forklint::python
