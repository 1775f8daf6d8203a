// Lowers one body to a facts::Function. The order of evaluation and control come from clang::CFG, in which
// every expression is an element: each is lowered once, where it stands, and its value kept until the
// expression around it asks for it.
//
// Objects: an expression that denotes memory (a glvalue) has a Place; its value is the address of that place.
// A prvalue of class type has the constructed object as its value. References are addresses.
#pragma once

#include "cpp-frontend/prescan.h"
#include "cpp-frontend/unitcontext.h"

#include "analyzers/facts/builder.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forklint::cpp {

class Lowering {
public:
  Lowering(UnitContext& unit, std::string symbol, facts::FunctionKind kind, facts::Position position);

  /// The function's body, then those of lambdas in it.
  static void lowerFunction(UnitContext& unit, const clang::FunctionDecl* function,
                            std::vector<facts::Function>& out);
  /// A function of kind statement that initialises a global.
  static void lowerInitializer(UnitContext& unit, const clang::VarDecl* variable,
                               std::vector<facts::Function>& out);

private:
  using ValueId = facts::ValueId;
  using Place = facts::Place;

  // An automatic object that was constructed and not destroyed yet.
  struct Alive {
    const clang::VarDecl* variable;
    Place place;
    std::string className;
  };
  // What holds at the end of a block of the control flow graph.
  struct State {
    std::vector<Alive> alive;
    ValueId result = facts::noValue;
    const clang::ReturnStmt* returned = nullptr;
  };

  // control.cpp
  bool lowerBody(const clang::Decl* owner, clang::Stmt* body);
  void bindParameters(const clang::FunctionDecl* function);
  std::vector<const clang::CFGBlock*> order(const clang::CFG& graph) const;
  void lowerBlock(const clang::CFGBlock& block);
  void enterHandler(const clang::CXXCatchStmt& handler);
  void leaveBlock(const clang::CFGBlock& block);
  void endFunction();
  void handOn(llvm::ArrayRef<const clang::CFGBlock*> targets);
  void goTo(const clang::CFGBlock* target);
  facts::BlockId startOf(const clang::CFGBlock* block);
  void branch(ValueId condition, const clang::CFGBlock* whenTrue, const clang::CFGBlock* whenFalse);
  void switchOn(const clang::CFGBlock& block, const clang::SwitchStmt& statement);
  void iterate(const clang::CXXForRangeStmt& loop, const clang::CFGBlock* body, const clang::CFGBlock* done);
  void branchTo(facts::BlockId from, ValueId value, facts::Relation relation, facts::Literal literal,
                facts::BlockId target);
  ValueId condition(const clang::Expr* expression);
  void addExceptionEdges(const clang::Stmt* thrower);
  facts::BlockId landing(int tryIndex, const clang::CXXCatchStmt* handler);

  // statements.cpp
  void lowerElement(const clang::CFGElement& element);
  void lowerStatement(const clang::Stmt* statement);
  void lowerInitializer(const clang::CXXCtorInitializer& initializer);
  void declare(const clang::VarDecl* variable);
  static bool isGuarded(const clang::VarDecl& variable);
  Place guardOf(const clang::VarDecl& variable);
  void registerDestructor(const clang::VarDecl& variable, facts::Position position);
  void declareOne(const clang::VarDecl* variable);
  void initialize(const Place& place, clang::QualType type, const clang::Expr* initializer);
  void lowerReturn(const clang::ReturnStmt& statement);

  // objects.cpp
  ValueId construct(const clang::CXXConstructExpr& expression);
  void fillMembers(const clang::InitListExpr& list, const clang::RecordDecl& record, ValueId object,
                   unsigned next);
  ValueId constructAggregate(const clang::InitListExpr& list, const Place& place);
  ValueId allocate(const clang::CXXNewExpr& expression);
  ValueId lowerNew(const clang::CXXNewExpr& expression);
  ValueId lowerDelete(const clang::CXXDeleteExpr& expression);
  ValueId lowerLambda(const clang::LambdaExpr& expression);
  ValueId materialize(const clang::MaterializeTemporaryExpr& expression);
  ValueId lowerThrow(const clang::CXXThrowExpr& expression);
  Place targetPlace(const clang::Expr* maker);
  Place temporaryPlace(const clang::Expr* maker);
  Place heapPlace(const clang::CXXNewExpr* expression);
  void destroy(clang::QualType type, const Place& place, facts::Position position);
  void destroyVariable(const clang::VarDecl* variable, const clang::Stmt* trigger);

  // calls.cpp
  ValueId lowerCall(const clang::CallExpr& call);
  ValueId callBuiltin(const clang::CallExpr& call, bool& done);
  ValueId emitCall(ValueId callee, std::vector<facts::Operand> operands, const clang::Expr& call);
  void addArguments(llvm::ArrayRef<const clang::Expr*> arguments, std::vector<facts::Operand>& operands);
  ValueId functionValue(const clang::FunctionDecl* function, facts::Position position);
  void addConstructor(const clang::FunctionDecl& function, llvm::ArrayRef<const clang::Expr*> arguments,
                      std::vector<facts::Operand>& operands, facts::Position position);
  ValueId receiver(const clang::MemberExpr& member);
  bool isDynamic(const clang::CXXMethodDecl& method, const clang::Expr* object, bool qualified) const;

  // expressions.cpp
  ValueId value(const clang::Expr* expression);
  ValueId lower(const clang::Expr* expression);
  ValueId lowerCast(const clang::CastExpr& cast);
  ValueId lowerUnary(const clang::UnaryOperator& expression);
  ValueId lowerBinary(const clang::BinaryOperator& expression);
  void lowerElementOf(const clang::Expr* expression);
  ValueId assigned(const clang::Expr* expression);
  ValueId lowerAssignment(const clang::BinaryOperator& expression);
  ValueId lowerIncrement(const clang::UnaryOperator& expression);
  static const clang::Expr* assignee(const clang::Expr* expression);
  std::string joinName(const clang::Expr* expression);
  std::string flagName(const clang::CXXBindTemporaryExpr* temporary);
  std::optional<ValueId> folded(const clang::Expr* expression);
  bool isConstant(const clang::Expr* expression);
  ValueId join(const clang::Expr* expression);
  ValueId op(const char* name, llvm::ArrayRef<ValueId> operands, const clang::Expr* at);
  ValueId unknownHere(const std::string& reason, const clang::Stmt* at);

  // others.cpp
  ValueId lowerOther(const clang::Expr* expression);
  std::optional<ValueId> lowerObject(const clang::Expr* expression);
  ValueId lowerInherited(const clang::CXXInheritedCtorInitExpr& expression);
  ValueId lowerList(const clang::InitListExpr& list);
  ValueId lowerLiteral(const clang::CompoundLiteralExpr& literal);
  ValueId lowerAtomic(const clang::AtomicExpr& atomic);
  ValueId lowerElsewhere(const clang::Expr* written, const clang::Expr* here);

  // places.cpp
  Place place(const clang::Expr* expression);
  Place variablePlace(const clang::VarDecl* variable, const clang::DeclRefExpr& reference);
  Place memberPlace(const clang::MemberExpr& member);
  Place fieldPlace(ValueId object, const clang::FieldDecl* field);
  ValueId addressOf(const Place& place, facts::Position position);
  ValueId read(const clang::Expr* glvalue, facts::Position position);
  void write(const clang::Expr* glvalue, ValueId value, facts::Position position);
  ValueId thisValue(facts::Position position);
  const clang::VarDecl* singleAssignment(const clang::Expr* glvalue) const;
  void bind(const std::string& variable, ValueId value);

  facts::Position at(const clang::Stmt* statement);
  ValueId emit(facts::InstructionKind kind, facts::Position position,
               std::vector<facts::Operand> operands = {}, std::string name = "", Place place = {});
  static Place local(std::string name);
  static Place global(std::string name);
  static Place deref(ValueId pointer);
  void finish(std::vector<facts::Function>& out);

  UnitContext& unit;
  facts::FunctionBuilder builder;
  std::string symbol;
  Prescan scan;
  llvm::DenseMap<const clang::Expr*, ValueId> values;
  llvm::DenseMap<const clang::Expr*, Place> temporaries;
  llvm::DenseMap<const clang::VarDecl*, Place> extended;   // temporaries that live as long as a reference
  llvm::DenseMap<const clang::VarDecl*, ValueId> elements; // of the ranges that are looped over
  llvm::DenseMap<const clang::CFGBlock*, facts::BlockId> starts;
  llvm::DenseMap<const clang::CFGBlock*, unsigned> waiting; // predecessors not connected yet
  llvm::DenseMap<const clang::CFGBlock*, State> states;
  llvm::DenseMap<const clang::CXXCatchStmt*, facts::BlockId> handlers;
  llvm::DenseMap<const clang::CXXCatchStmt*, const clang::CFGBlock*> handlerBlocks;
  std::map<std::pair<const clang::CXXCatchStmt*, std::vector<const clang::VarDecl*>>, facts::BlockId>
      landings;
  std::vector<const clang::CXXMethodDecl*> lambdas;
  llvm::DenseMap<const clang::ValueDecl*, const clang::FieldDecl*> captures;
  bool capturesThis = false;
  llvm::DenseMap<const clang::Expr*, ValueId> stored; // by assignments
  llvm::DenseMap<const clang::CXXNewExpr*, ValueId> allocated;
  llvm::DenseMap<const clang::Expr*, unsigned> joinNumbers;
  const clang::Expr* element = nullptr; // of the control flow graph, the one that is being lowered
  facts::Position elsewhere; // position for expressions written at another place, as default arguments
  bool useElsewhere = false;
  const clang::CFGBlock* exitBlock = nullptr;
  facts::Position lastPosition; // of the element lowered last
  State state;
  const clang::FunctionDecl* owner = nullptr;
  const clang::VarDecl* globalVariable = nullptr; // whose initialiser this is
};

} // namespace forklint::cpp
