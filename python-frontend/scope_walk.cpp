// One walk over the tree that fills the scopes: what is bound where, and who uses it. It keeps its own stack,
// so that no nesting of the source can overflow it. Annotations are not looked at.

#include "python-frontend/imports.h"
#include "python-frontend/scopes.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::python {

class ScopeWalk {
public:
  ScopeWalk(Scopes& scopes, std::string module, bool isPackage)
      : scopes(scopes), module(module), isPackage(isPackage) {
    scopes.add(ScopeKind::Module, Node(), 0, std::move(module));
  }

  void run(Node root) {
    scopes.scopes[0].node = root;
    push(root, 0, 0);
    while (!work.empty()) {
      Item item = work.back();
      work.pop_back();
      visit(item);
    }
    for (const Use& declared : nonlocals)
      rebindNonlocal(declared);
    for (const Use& use : uses)
      recordUse(use);
    for (Scope& scope : scopes.scopes)
      for (auto& entry : scope.variables) {
        Variable& variable = entry.second;
        variable.boxed =
            variable.captured && (variable.rebound || variable.lastBinding > variable.firstCapture);
      }
  }

private:
  /// `loopEnd`: where the outermost loop around the node ends, in its function; 0 outside of loops.
  struct Item {
    Node node;
    ScopeId scope;
    uint32_t loopEnd;
  };

  struct Use {
    llvm::StringRef name; // as spelled
    ScopeId scope;
    uint32_t offset;
  };

  void use(llvm::StringRef name, const Item& item) {
    uses.push_back({scopes.spelled(item.scope, name), item.scope, item.node.span().begin});
  }

  void push(Node node, ScopeId scope, uint32_t loopEnd) {
    if (node) work.push_back({node, scope, loopEnd});
  }

  /// Queues nodes so that the first is visited first.
  void pushAll(llvm::ArrayRef<Node> nodes, const Item& item) {
    for (Node node : llvm::reverse(nodes))
      push(node, item.scope, item.loopEnd);
  }

  void pushChildren(const Item& item) { pushAll(item.node.children(), item); }

  void bind(ScopeId scope, llvm::StringRef name, uint32_t begin, uint32_t end, uint32_t loopEnd,
            Text meaning = {}) {
    name = scopes.spelled(scope, name);
    Variable* variable = &scopes.scopes[scope].variables[name];
    if (variable->global) variable = &scopes.scopes[0].variables[name];
    if (variable->nonlocal) return;
    if (variable->meaning.empty()) variable->meaning = meaning;
    variable->bound = true;
    variable->firstBinding = std::min(variable->firstBinding, begin);
    variable->lastBinding = std::max({variable->lastBinding, end, loopEnd});
  }

  void bindName(Node name, const Item& item) {
    bind(item.scope, name.text(), name.span().begin, name.span().end, item.loopEnd);
  }

  /// Binds the names in a target; what else stands in it (objects, indices) is used.
  void bindTarget(Node target, const Item& item) {
    std::vector<Node> open{target};
    while (!open.empty()) {
      Node node = open.back();
      open.pop_back();
      switch (node.kind()) {
      case Kind::Identifier: bindName(node, item); break;
      case Kind::Attribute: push(node.child(Field::Object), item.scope, item.loopEnd); break;
      case Kind::Subscript: pushAll(node.children(), item); break;
      default: llvm::append_range(open, node.children()); break;
      }
    }
  }

  ScopeId nearestOfWalrus(ScopeId scope) const {
    while (scopes.scopes[scope].kind == ScopeKind::Comprehension)
      scope = scopes.scopes[scope].parent;
    return scope;
  }

  std::string prefix(ScopeId scope) const {
    const Scope& at = scopes.scopes[scope];
    switch (at.kind) {
    case ScopeKind::Function: return at.symbol + ".<locals>.";
    case ScopeKind::Comprehension:
    case ScopeKind::TypeParameters: return prefix(at.parent);
    default: return at.symbol + ".";
    }
  }

  std::string newSymbol(ScopeId scope, const std::string& name) {
    std::string symbol = prefix(scope) + name;
    if (symbol.size() > 4096) // thousands of nested lambdas: no symbol grows with each
      symbol = scopes.scopes[0].symbol + ".<deep>." + name;
    unsigned count = ++symbols[symbol];
    return count == 1 ? symbol : symbol + "#" + std::to_string(count);
  }

  ScopeId open(ScopeKind kind, Node node, ScopeId parent, std::string symbol) {
    ScopeId id = scopes.add(kind, node, parent, std::move(symbol));
    scopes.byNode[node.id()] = id;
    return id;
  }

  ScopeId openTypeParameters(Node parameters, ScopeId parent) {
    if (!parameters) return parent;
    ScopeId id = open(ScopeKind::TypeParameters, parameters, parent, "");
    for (Node parameter : parameters.children()) {
      Node name = parameter;
      while (name && name.kind() != Kind::Identifier)
        name = name.first();
      if (name) bind(id, name.text(), 0, 0, 0);
    }
    return id;
  }

  void visit(const Item& item) {
    Node node = item.node;
    switch (node.kind()) {
    case Kind::Identifier: visitName(item); break;
    case Kind::Call: visitCall(item); break;
    case Kind::FunctionDefinition:
    case Kind::Lambda: visitFunction(item); break;
    case Kind::ClassDefinition: visitClass(item); break;
    case Kind::ListComprehension:
    case Kind::SetComprehension:
    case Kind::DictionaryComprehension:
    case Kind::GeneratorExpression: visitComprehension(item); break;
    case Kind::Attribute: push(node.child(Field::Object), item.scope, item.loopEnd); break;
    case Kind::KeywordArgument: push(node.child(Field::Value), item.scope, item.loopEnd); break;
    case Kind::Type:
    case Kind::TypeParameter: break;
    case Kind::TypeAlias: visitTypeAlias(item); break;
    case Kind::Import:
    case Kind::ImportFrom:
    case Kind::FutureImport: visitImport(item); break;
    case Kind::Global:
    case Kind::Nonlocal: visitDeclaration(item); break;
    case Kind::Case: visitCase(item); break;
    case Kind::While: visitLoop(item); break;
    default: visitBinder(item); break;
    }
  }

  void visitName(const Item& item) {
    llvm::StringRef name = item.node.text();
    use(name, item);
    if (name == "__class__") use(classCell, item);
  }

  /// `super()` without arguments uses the class around it.
  void visitCall(const Item& item) {
    if (item.node.child(Field::Function).text() == "super" && !item.node.child(Field::Arguments).first())
      use(classCell, item);
    pushChildren(item);
  }

  /// Statements and expressions with a target.
  void visitBinder(const Item& item) {
    Node node = item.node;
    switch (node.kind()) {
    case Kind::For:
      push(node.child(Field::Right), item.scope, item.loopEnd);
      visitLoop(item);
      return;
    case Kind::Assignment:
      bindTargetIfAssigned(item);
      push(node.child(Field::Right), item.scope, item.loopEnd);
      return;
    case Kind::AugmentedAssignment:
      bindTarget(node.child(Field::Left), item);
      push(node.child(Field::Right), item.scope, item.loopEnd);
      push(node.child(Field::Left), item.scope, item.loopEnd);
      return;
    case Kind::NamedExpression:
      bindName(node.child(Field::Name), {node, nearestOfWalrus(item.scope), item.loopEnd});
      push(node.child(Field::Value), item.scope, item.loopEnd);
      return;
    case Kind::Delete: bindDeleted(item); return;
    case Kind::AsPattern:
    case Kind::Except: visitAs(item); return;
    case Kind::Yield: scopes.scopes[scopes.scopes[item.scope].host].yields = true; break;
    default: break;
    }
    pushChildren(item);
  }

  void bindTargetIfAssigned(const Item& item) {
    Node left = item.node.child(Field::Left);
    if (item.node.child(Field::Right) || left.kind() == Kind::Identifier)
      bindTarget(left, item);
    else
      pushAll(left.children(), item);
  }

  /// `del x` makes x a variable of this scope and counts as a rebinding; the rest of the target is used.
  void bindDeleted(const Item& item) {
    for (Node target : item.node.children()) {
      bindTarget(target, item);
      push(target, item.scope, item.loopEnd);
    }
  }

  void visitAs(const Item& item) {
    if (Node alias = item.node.child(Field::Alias)) bindTarget(alias, item);
    std::vector<Node> children = item.node.children();
    for (Node child : llvm::reverse(children))
      if (child.field() != Field::Alias) push(child, item.scope, item.loopEnd);
  }

  void visitLoop(const Item& item) {
    Item inside = item;
    inside.loopEnd = std::max(item.loopEnd, item.node.span().end);
    if (Node left = item.node.child(Field::Left)) bindTarget(left, inside);
    std::vector<Node> children = item.node.children();
    for (Node child : llvm::reverse(children))
      if (child.field() != Field::Left && child.field() != Field::Right)
        push(child, inside.scope, inside.loopEnd);
  }

  void visitFunction(const Item& item) {
    Node node = item.node;
    bool lambda = node.kind() == Kind::Lambda;
    std::string name = node.child(Field::Name).text().str();
    if (lambda) {
      facts::Position at = node.position();
      name = "<lambda@" + std::to_string(at.line) + ":" + std::to_string(at.column) + ">";
    } else {
      bind(item.scope, name, node.span().end, node.span().end, item.loopEnd);
    }
    bool isKnown = scopes.rest && scopes.rest->definition == node.span().begin;
    std::string symbol = isKnown ? scopes.rest->symbol : newSymbol(item.scope, name);
    ScopeId around = openTypeParameters(node.child(Field::TypeParameters), item.scope);
    ScopeId scope = open(ScopeKind::Function, node, around, std::move(symbol));
    push(node.child(Field::Body), scope, 0);
    for (Node parameter : node.child(Field::Parameters).children())
      visitParameter(parameter, scope, item);
  }

  void visitParameter(Node parameter, ScopeId scope, const Item& around) {
    if (Node value = parameter.child(Field::Value)) push(value, around.scope, around.loopEnd);
    std::vector<Node> open{parameter};
    while (!open.empty()) {
      Node node = open.back();
      open.pop_back();
      if (node.kind() == Kind::Identifier)
        bind(scope, node.text(), node.span().begin, node.span().end, 0);
      else
        for (Node child : node.children())
          if (child.field() != Field::Value && child.field() != Field::Type) open.push_back(child);
    }
  }

  void visitClass(const Item& item) {
    Node node = item.node;
    llvm::StringRef name = node.child(Field::Name).text();
    std::string symbol = newSymbol(item.scope, name.str());
    bind(item.scope, name, node.span().end, node.span().end, item.loopEnd, symbol);
    ScopeId around = openTypeParameters(node.child(Field::TypeParameters), item.scope);
    ScopeId scope = open(ScopeKind::Class, node, around, std::move(symbol));
    scopes.scopes[scope].variables[classCell].bound = true;
    push(node.child(Field::Body), scope, item.loopEnd);
    push(node.child(Field::Superclasses), around, item.loopEnd);
  }

  /// The first iterable belongs to the scope around; everything else is inside, and a loop.
  void visitComprehension(const Item& item) {
    uint32_t loopEnd = std::max(item.loopEnd, item.node.span().end);
    ScopeId scope = open(ScopeKind::Comprehension, item.node, item.scope, "");
    bool first = true;
    for (Node child : item.node.children()) {
      if (child.kind() != Kind::ForIn) {
        push(child, scope, loopEnd);
        continue;
      }
      bindTarget(child.child(Field::Left), {child, scope, loopEnd});
      for (Node iterable : child.children(Field::Right))
        push(iterable, first ? item.scope : scope, first ? item.loopEnd : loopEnd);
      first = false;
    }
  }

  void visitTypeAlias(const Item& item) {
    Node name = item.node.child(Field::Left);
    while (name && name.kind() != Kind::Identifier)
      name = name.first();
    if (name) bindName(name, item);
  }

  void visitImport(const Item& item) {
    if (item.node.child(Kind::WildcardImport)) scopes.starImport = true;
    std::string from;
    bool isFrom = item.node.kind() == Kind::ImportFrom;
    if (isFrom) from = importedModule(item.node.child(Field::ModuleName), module, isPackage);
    for (Node name : item.node.children(Field::Name)) {
      bool aliased = name.kind() == Kind::AliasedImport;
      Node bound = aliased ? name.child(Field::Alias) : name.first();
      if (!bound) continue;
      std::string meaning = aliased ? dottedName(name.child(Field::Name)) : bound.text().str();
      if (isFrom) meaning = from.empty() ? "" : from + "." + meaning;
      Span at = bound.span();
      bind(item.scope, bound.text(), at.begin, at.end, item.loopEnd, meaning);
    }
  }

  void visitDeclaration(const Item& item) {
    bool global = item.node.kind() == Kind::Global;
    for (Node name : item.node.children()) {
      if (item.scope == 0) continue;
      llvm::StringRef spelled = scopes.spelled(item.scope, name.text());
      Variable& variable = scopes.scopes[item.scope].variables[spelled];
      (global ? variable.global : variable.nonlocal) = true;
      if (global)
        bind(0, spelled, 0, 0, 0);
      else
        nonlocals.push_back({spelled, item.scope, name.span().begin});
    }
  }

  /// Names in patterns are bound, dotted ones and class names are used.
  void visitCase(const Item& item) {
    push(item.node.child(Field::Consequence), item.scope, item.loopEnd);
    push(item.node.child(Field::Guard), item.scope, item.loopEnd);
    std::vector<Node> open;
    for (Node child : item.node.children())
      if (child.field() == Field::Unnamed) open.push_back(child);
    while (!open.empty()) {
      Node node = open.back();
      open.pop_back();
      bool isClass = node.kind() == Kind::ClassPattern, isKeyword = node.kind() == Kind::KeywordPattern;
      if (node.kind() == Kind::DottedName) {
        bool single = node.children().size() == 1;
        single ? bindName(node.first(), item) : push(node.first(), item.scope, item.loopEnd);
      } else if (node.kind() == Kind::Identifier) {
        bindName(node, item);
      } else if (node.kind() == Kind::String || node.kind() == Kind::ConcatenatedString) {
        push(node, item.scope, item.loopEnd);
      } else {
        for (Node child = node.first(); child; child = child.next()) {
          bool leading = child == node.first();
          if (isClass && leading)
            push(child.first(), item.scope, item.loopEnd);
          else if (!(isKeyword && leading))
            open.push_back(child);
        }
      }
    }
  }

  void rebindNonlocal(const Use& declared) {
    ScopeId owner = scopes.ownerOf(declared.scope, declared.name, 0);
    if (owner != 0) scopes.scopes[owner].variables[declared.name].rebound = true;
    uses.push_back(declared);
  }

  void recordUse(const Use& use) {
    ScopeId owner = scopes.ownerOf(use.scope, use.name, use.offset);
    if (owner != 0 && scopes.scopes[owner].kind != ScopeKind::TypeParameters &&
        scopes.scopes[owner].host != scopes.scopes[use.scope].host)
      scopes.capture(use.scope, owner, use.name, use.offset);
  }

  Scopes& scopes;
  std::string module;
  bool isPackage;
  std::vector<Item> work;
  std::vector<Use> uses;
  std::vector<Use> nonlocals;
  llvm::StringMap<unsigned> symbols;
};

Scopes::Scopes(const Tree& tree, std::string module, bool isPackage, const Surroundings* rest)
    : rest(rest), starImport(rest && rest->starImport) {
  ScopeWalk(*this, std::move(module), isPackage).run(tree.root());
}

} // namespace forklint::python
