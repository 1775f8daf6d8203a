// def, lambda, class and their decorators. A function's own body is lowered later, from the module's queue;
// here it is a closure over the captured variables, with the defaults of its parameters.

#include "python-frontend/annotations.h"
#include "python-frontend/lowering.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::python {

using namespace facts;

static Node identifierIn(Node node) {
  while (node && node.kind() != Kind::Identifier && node.kind() != Kind::TuplePattern)
    node = node.first();
  return node;
}

static ParameterSyntax parameterOf(Node node) {
  ParameterSyntax result;
  result.value = node.child(Field::Value);
  Node named = node.child(Field::Name);
  if (!named) named = node.kind() == Kind::TypedParameter ? node.first() : node;
  result.name = identifierIn(named);
  facts::Parameter& parameter = result.parameter;
  if (named.kind() == Kind::ListSplatPattern) parameter.kind = ParameterKind::VariadicPositional;
  if (named.kind() == Kind::DictionarySplatPattern) parameter.kind = ParameterKind::VariadicKeywords;
  parameter.name = result.name.kind() == Kind::Identifier ? result.name.text().str() : "";
  parameter.hasDefault = bool(result.value);
  parameter.type = typeName(node.child(Field::Type));
  return result;
}

std::vector<ParameterSyntax> parametersOf(Node function, const Scopes& scopes) {
  std::vector<ParameterSyntax> all;
  ScopeId scope = scopes.of(function);
  bool keywordOnly = false;
  for (Node node : function.child(Field::Parameters).children()) {
    if (node.kind() == Kind::PositionalSeparator) {
      for (ParameterSyntax& before : all)
        before.parameter.kind = ParameterKind::PositionalOnly;
      continue;
    }
    if (node.kind() == Kind::KeywordSeparator) {
      keywordOnly = true;
      continue;
    }
    ParameterSyntax each = parameterOf(node);
    if (!each.name) continue;
    each.parameter.name = scopes.spelled(scope, each.parameter.name).str();
    if (each.parameter.name.empty()) each.parameter.name = "." + std::to_string(all.size());
    ParameterKind& kind = each.parameter.kind;
    if (keywordOnly && kind == ParameterKind::Positional) kind = ParameterKind::KeywordOnly;
    keywordOnly |= kind == ParameterKind::VariadicPositional;
    bool isOne = kind != ParameterKind::VariadicPositional && kind != ParameterKind::VariadicKeywords;
    if (isOne) each.parameter.klass = classNamed(each.parameter.type, scopes, scopes[scope].parent);
    all.push_back(each);
  }
  return all;
}

Text returnedClass(Node function, const Scopes& scopes) {
  Node annotation = function.child(Field::ReturnType);
  return annotation ? classNamed(typeName(annotation), scopes, scopes[scopes.of(function)].parent) : Text();
}

void Lowering::functionBody(Node function) {
  builder.body().returns = returnedClass(function, module.scopes);
  for (const std::string& captured : module.scopes[scope].captures)
    builder.addCapture(captured);
  std::vector<ParameterSyntax> parameters = parametersOf(function, module.scopes);
  std::vector<ValueId> values;
  values.reserve(parameters.size());
  for (const ParameterSyntax& each : parameters)
    values.push_back(builder.addParameter(each.parameter, each.name.position()));
  for (size_t i = 0; i < parameters.size(); ++i) {
    Node name = parameters[i].name;
    Resolution to = module.scopes.resolve(scope, name.text(), UINT32_MAX);
    if (name.kind() == Kind::TuplePattern)
      unpack(name, values[i]);
    else if (to.variable && to.variable->boxed)
      bindResolved(to, values[i], name.position());
  }
  Node body = function.child(Field::Body);
  if (function.kind() == Kind::Lambda) {
    ValueId result = value(body);
    if (!builder.ended()) emit(InstructionKind::Return, body, "", plain({result}));
    return;
  }
  suite(body);
  if (!builder.ended()) emit(InstructionKind::Return, function.child(Field::Name), "", {});
}

void Lowering::decorated(Node node) {
  std::vector<Node> decorators;
  for (Node each : node.children())
    if (each.kind() == Kind::Decorator) decorators.push_back(each);
  definition(node.child(Field::Definition), decorators);
}

/// Decorators are evaluated first, from the top, and called last, from the bottom.
void Lowering::definition(Node node, const std::vector<Node>& decorators) {
  if (node.kind() != Kind::FunctionDefinition && node.kind() != Kind::ClassDefinition) {
    lost(node, "syntax");
    return;
  }
  std::vector<ValueId> callees;
  callees.reserve(decorators.size());
  for (Node each : decorators)
    callees.push_back(value(each.first()));
  bool isClass = node.kind() == Kind::ClassDefinition;
  Node name = node.child(Field::Name);
  module.declare(isClass ? EntityKind::Class : EntityKind::Function, module.scopes.symbol(node), name,
                 name.text().str());
  ValueId defined = isClass ? classBody(node) : closure(node);
  for (size_t i = callees.size(); i-- > 0;)
    defined = raising(emit(InstructionKind::Call, decorators[i], "", plain({callees[i], defined})));
  nameValue(defined, name.text());
  bindResolved(module.scopes.resolve(scope, name.text(), UINT32_MAX), defined, name.position());
}

ValueId Lowering::lambda(Node node) { return closure(node); }

ValueId Lowering::closure(Node node) {
  std::vector<Operand> defaults;
  for (const ParameterSyntax& each : parametersOf(node, module.scopes))
    if (each.value) defaults.push_back({value(each.value), "default:" + each.parameter.name, Spread::Single});
  const Scope& inner = module.scopes[module.scopes.of(node)];
  std::vector<Operand> operands;
  operands.reserve(inner.captures.size() + defaults.size());
  for (const std::string& captured : inner.captures)
    operands.push_back(plain(capturedValue(captured, node)));
  operands.insert(operands.end(), defaults.begin(), defaults.end());
  if (module.met.insert(node.id()).second) module.pending.push_back(node);
  return emit(InstructionKind::Closure, node, inner.symbol, std::move(operands));
}

/// A variable as a closure takes it along: its value, or the address of its place.
ValueId Lowering::capturedValue(const std::string& key, Node at) {
  if (llvm::is_contained(module.scopes[module.scopes[scope].host].captures, key))
    return builder.read(key, at.position());
  llvm::StringRef name = llvm::StringRef(key).split('@').first;
  for (ScopeId id = scope;; id = module.scopes[id].parent) {
    auto found = module.scopes[id].variables.find(name);
    if (found != module.scopes[id].variables.end() && module.scopes.key(id, name) == key &&
        found->second.boxed) {
      Instruction address;
      address.kind = InstructionKind::AddressOf;
      address.position = at.position();
      address.place = {PlaceKind::Local, noValue, key, noValue};
      return builder.append(std::move(address));
    }
    if (id == 0) return builder.read(key, at.position());
  }
}

/// The body runs here, with the class object made before it; each name it binds becomes an attribute.
ValueId Lowering::classBody(Node node) {
  std::vector<Operand> operands;
  ScopeId inner = module.scopes.of(node), around = scope;
  scope = module.scopes[inner].parent; // that of the type parameters, if there are any
  if (Node bases = node.child(Field::Superclasses)) arguments(bases, operands);
  ValueId object = emit(InstructionKind::MakeClass, node, module.scopes[inner].symbol, std::move(operands));
  classes[inner] = object;
  builder.write(module.scopes.key(inner, classCell), object);
  scope = inner;
  suite(node.child(Field::Body));
  scope = around;
  return object;
}

/// A module's variable or a class's field is an entity, with its annotation if it has one.
void Lowering::declareName(Node name, Node type) {
  Resolution to = module.scopes.resolve(scope, name.text(), UINT32_MAX);
  if (to.kind != Resolution::Global && to.kind != Resolution::ClassName) return;
  const std::string& prefix = module.scopes[to.owner].symbol;
  std::string written = typeName(type);
  module.declare(EntityKind::Global, prefix + "." + to.name.str(), name, name.text().str(), written,
                 classNamed(written, module.scopes, scope));
}

/// `self.x: T` in a method is a field of its class.
void Lowering::declareField(Node target, Node type) {
  const Scope& method = module.scopes[module.scopes[scope].host];
  ScopeId around = method.parent;
  if (module.scopes[around].kind == ScopeKind::TypeParameters) around = module.scopes[around].parent;
  if (method.kind != ScopeKind::Function || module.scopes[around].kind != ScopeKind::Class) return;
  std::vector<ParameterSyntax> parameters = parametersOf(method.node, module.scopes);
  if (parameters.empty() || target.child(Field::Object).text() != parameters[0].name.text()) return;
  Node field = target.child(Field::Attribute);
  const std::string& prefix = module.scopes[around].symbol;
  std::string written = typeName(type);
  module.declare(EntityKind::Global, prefix + "." + nameOf(field).str(), field, field.text().str(), written,
                 classNamed(written, module.scopes, scope));
}

} // namespace forklint::python
