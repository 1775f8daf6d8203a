#include "driver/entrypoints/python-text.h"

#include "python-frontend/literals.h"
#include "python-frontend/source.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace forklint::driver {

using python::Field;
using python::Kind;
using python::Node;

/// The last part of a name.
static llvm::StringRef nameOf(Node expression) {
  if (expression.kind() == Kind::Attribute) return expression.child(Field::Attribute).text();
  return expression.kind() == Kind::Identifier ? expression.text() : llvm::StringRef();
}

/// Without the blanks that may stand between its parts.
static std::string written(Node module) {
  std::string name = module.text().str();
  llvm::erase_if(name, [](char c) { return c == ' ' || c == '\t' || c == '\\' || c == '\n'; });
  return name;
}

std::string absoluteModule(llvm::StringRef written, llvm::StringRef from, bool isPackage) {
  llvm::StringRef name = written.ltrim('.');
  size_t dots = written.size() - name.size();
  if (!dots) return name.str();
  for (size_t up = isPackage ? 1 : 0; up < dots; ++up)
    from = from.contains('.') ? from.rsplit('.').first : llvm::StringRef();
  return from.empty() || name.empty() ? from.str() + name.str() : from.str() + "." + name.str();
}

std::optional<TextLiteral> literalOf(Node expression) {
  if (expression.kind() == Kind::Parenthesized) expression = expression.first();
  if (expression.kind() != Kind::String) return std::nullopt;
  python::StringPrefix prefix = python::prefixOf(expression);
  llvm::StringRef begin = expression.first().text(), text = expression.text();
  size_t quotes = begin.size() - std::min(begin.size(), begin.find_first_of("\"'"));
  if (prefix.bytes || prefix.formatted || text.size() < begin.size() + quotes) return std::nullopt;
  text = text.drop_front(begin.size()).drop_back(quotes);
  return TextLiteral{python::unescape(text, prefix), expression.position().line, ""};
}

std::vector<TextLiteral> literalsOf(Node expression) {
  if (std::optional<TextLiteral> one = literalOf(expression)) return {*one};
  std::vector<TextLiteral> literals;
  if (expression.kind() == Kind::List || expression.kind() == Kind::Tuple || expression.kind() == Kind::Set)
    for (Node each : expression.children())
      if (std::optional<TextLiteral> literal = literalOf(each)) literals.push_back(*literal);
  return literals;
}

/// What the parser gives up says nothing.
PythonText::PythonText(llvm::StringRef bytes) : tree(python::decode(bytes).text) {
  if (python::parse(tree)) return;
  tree = python::Tree("");
  python::parse(tree);
}

void PythonText::eachOf(Kind kind, llvm::function_ref<void(Node node)> visit) const {
  for (uint32_t id = 0; id < tree.nodes.size(); ++id)
    if (tree.nodes[id].kind == kind) visit(Node(&tree, id));
}

void PythonText::eachCall(llvm::StringRef name, llvm::function_ref<void(Node arguments)> visit) const {
  if (name.empty()) return;
  eachOf(Kind::Call, [&](Node call) {
    Node arguments = call.child(Field::Arguments);
    bool isNamed = nameOf(call.child(Field::Function)) == name;
    if (isNamed && arguments.kind() == Kind::ArgumentList) visit(arguments);
  });
}

void PythonText::eachSetting(llvm::StringRef name, llvm::function_ref<void(Node value)> visit) const {
  eachOf(Kind::Assignment, [&](Node each) {
    if (nameOf(each.child(Field::Left)) == name) visit(each.child(Field::Right));
  });
  eachOf(Kind::KeywordArgument, [&](Node each) {
    if (nameOf(each.child(Field::Name)) == name) visit(each.child(Field::Value));
  });
  eachOf(Kind::Pair, [&](Node each) {
    std::optional<TextLiteral> key = literalOf(each.child(Field::Key));
    if (key && key->text == name) visit(each.child(Field::Value));
  });
}

/// The assignment that a statement is; absent where it is another one.
static Node assignmentIn(Node statement) {
  Node inner = statement.kind() == Kind::ExpressionStatement ? statement.first() : Node();
  return inner.kind() == Kind::Assignment ? inner : Node();
}

static void eachBindingIn(Node block, llvm::StringRef name, llvm::function_ref<void(Node value)> visit) {
  for (Node statement : block.children())
    if (Node each = assignmentIn(statement))
      if (each.child(Field::Left).text() == name) visit(each.child(Field::Right));
}

/// Visits the classes at the top of the module.
static void eachClass(Node module, llvm::function_ref<void(Node definition)> visit) {
  for (Node statement : module.children()) {
    if (statement.kind() == Kind::DecoratedDefinition) statement = statement.child(Field::Definition);
    if (statement.kind() == Kind::ClassDefinition) visit(statement);
  }
}

void PythonText::eachBinding(llvm::StringRef name, llvm::function_ref<void(Node value)> visit) const {
  eachBindingIn(tree.root(), name, visit);
  eachClass(tree.root(), [&](Node each) { eachBindingIn(each.child(Field::Body), name, visit); });
}

void PythonText::eachStarred(llvm::function_ref<void(std::string written, uint32_t line)> visit) const {
  for (Node statement : tree.root().children())
    if (statement.kind() == Kind::ImportFrom && statement.child(Kind::WildcardImport))
      visit(written(statement.child(Field::ModuleName)), statement.position().line);
}

void PythonText::eachItem(llvm::StringRef name, llvm::function_ref<void(Node value)> visit) const {
  eachOf(Kind::Assignment, [&](Node each) {
    Node left = each.child(Field::Left);
    std::optional<TextLiteral> key = literalOf(left.child(Field::Subscript));
    if (left.kind() == Kind::Subscript && key && key->text == name) visit(each.child(Field::Right));
  });
}

std::optional<TextLiteral> PythonText::attributeOf(llvm::StringRef className,
                                                   llvm::StringRef attribute) const {
  std::optional<TextLiteral> found;
  eachClass(tree.root(), [&](Node each) {
    if (each.child(Field::Name).text() == className)
      eachBindingIn(each.child(Field::Body), attribute, [&](Node value) { found = literalOf(value); });
  });
  return found;
}

namespace {

/// The lists of a module that are made of literals, statement by statement. Of a list that is computed in
/// part the other part is known: an addition takes nothing away.
class Lists {
public:
  explicit Lists(llvm::StringRef wanted, PythonText::Imported imported)
      : wanted(wanted), imported(imported) {}

  void run(Node module) {
    for (Node statement : module.children())
      this->statement(statement);
  }
  std::vector<TextLiteral> named(llvm::StringRef name) const { return lists.lookup(name); }

private:
  void statement(Node statement) {
    switch (statement.kind()) {
    case Kind::ClassDefinition:
    case Kind::FunctionDefinition:
    case Kind::DecoratedDefinition: return;
    case Kind::ExpressionStatement: break;
    case Kind::ImportFrom: return import(statement);
    default: return forgetSetIn(statement);
    }
    Node inner = statement.first();
    llvm::StringRef name = inner.child(Field::Left).text();
    if (inner.kind() == Kind::Assignment)
      lists[name] = elementsOf(inner.child(Field::Right));
    else if (inner.kind() == Kind::AugmentedAssignment && inner.child(Field::Operator).text() == "+=")
      llvm::append_range(lists[name], elementsOf(inner.child(Field::Right)));
    else if (inner.kind() == Kind::Call)
      forgetGiven(inner);
  }

  /// Of all names of another module the one that is asked for is enough: the others are parts of it there.
  void import(Node statement) {
    std::string module = written(statement.child(Field::ModuleName));
    if (statement.child(Kind::WildcardImport))
      if (std::vector<TextLiteral> all = imported(module, wanted); !all.empty())
        lists[wanted] = std::move(all);
    for (Node each : statement.children(Field::Name)) {
      bool isAliased = each.kind() == Kind::AliasedImport;
      Node name = isAliased ? each.child(Field::Name) : each;
      Node bound = isAliased ? each.child(Field::Alias) : each;
      lists[bound.text()] = imported(module, name.text());
    }
  }

  /// Only some way leads through a statement inside of this one: what it sets is not known, what it adds is
  /// not certain.
  void forgetSetIn(Node statement) {
    for (std::vector<Node> rest{statement}; !rest.empty();) {
      Node node = rest.back();
      rest.pop_back();
      if (node.kind() == Kind::Assignment) lists.erase(node.child(Field::Left).text());
      if (node.kind() == Kind::Call) forgetGiven(node);
      llvm::append_range(rest, node.children());
    }
  }

  /// What a method of a list is given may be no longer in it.
  void forgetGiven(Node call) {
    Node method = call.child(Field::Function);
    auto list = lists.find(method.child(Field::Object).text());
    if (method.kind() != Kind::Attribute || list == lists.end()) return;
    for (Node argument : call.child(Field::Arguments).children())
      if (std::optional<TextLiteral> given = literalOf(argument))
        llvm::erase_if(list->second, [&](const TextLiteral& each) { return each.text == given->text; });
  }

  std::vector<TextLiteral> elementsOf(Node expression, unsigned depth = 0) const {
    constexpr unsigned deepest = 50;
    if (depth > deepest) return {};
    std::vector<TextLiteral> elements;
    switch (expression.kind()) {
    case Kind::Identifier: return named(expression.text());
    case Kind::Binary:
      if (expression.child(Field::Operator).text() != "+") break;
      elements = elementsOf(expression.child(Field::Left), depth + 1);
      llvm::append_range(elements, elementsOf(expression.child(Field::Right), depth + 1));
      break;
    case Kind::Parenthesized:
    case Kind::ListSplat: return elementsOf(expression.first(), depth + 1);
    case Kind::List:
    case Kind::Tuple:
      for (Node each : expression.children())
        if (std::optional<TextLiteral> literal = literalOf(each))
          elements.push_back(*literal);
        else if (each.kind() == Kind::ListSplat)
          llvm::append_range(elements, elementsOf(each, depth + 1));
      break;
    default: break;
    }
    return elements;
  }

  llvm::StringRef wanted;
  PythonText::Imported imported;
  llvm::StringMap<std::vector<TextLiteral>> lists;
};

} // namespace

std::vector<TextLiteral> PythonText::listNamed(llvm::StringRef name, Imported imported) const {
  Lists lists(name, imported);
  lists.run(tree.root());
  return lists.named(name);
}

} // namespace forklint::driver
