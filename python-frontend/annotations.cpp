// What annotations say, of the forms that the typing specification gives a meaning: unions with None,
// qualifiers, quotes. Parameters of a generic class say nothing about the class.
#include "python-frontend/annotations.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace forklint::python {

std::string typeName(Node annotation) {
  Node inner = annotation.first();
  llvm::StringRef text = annotation.text();
  if (inner.kind() == Kind::String) {
    Node start = inner.first();
    text = inner.text().drop_front(start.text().size());
    text = text.rtrim("\"'");
  }
  std::string name;
  for (char c : text)
    if (!llvm::isSpace(c)) name += c;
  return name;
}

namespace {

using Parts = llvm::SmallVector<llvm::StringRef, 4>;

constexpr unsigned deepestForm = 16;

/// What a form makes of the first of its parameters, or of all.
enum class Form : uint8_t { Generic, First, Union, Other };

Form formOf(llvm::StringRef head) {
  return llvm::StringSwitch<Form>(head.rsplit('.').second.empty() ? head : head.rsplit('.').second)
      .Cases("Optional", "Annotated", "ClassVar", "Final", "Required", Form::First)
      .Cases("NotRequired", "ReadOnly", Form::First)
      .Case("Union", Form::Union)
      .Cases("Type", "type", "Literal", "Callable", Form::Other)
      .Default(Form::Generic);
}

/// The parts between separators that stand in no bracket and in no quotes.
Parts splitAt(llvm::StringRef text, char separator) {
  Parts parts;
  size_t begin = 0;
  int depth = 0;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote && c == quote)
      quote = 0;
    else if (quote)
      continue;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '[' || c == '(')
      ++depth;
    else if (c == ']' || c == ')')
      --depth;
    else if (c == separator && !depth) {
      parts.push_back(text.slice(begin, i));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

bool isName(llvm::StringRef text) {
  auto mayStand = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.' || !llvm::isASCII(c); };
  return !text.empty() && !llvm::isDigit(text.front()) && llvm::all_of(text, mayStand);
}

/// The name of the one class, as it is written.
llvm::StringRef writtenClass(llvm::StringRef text, unsigned depth = 0) {
  if (depth > deepestForm) return {};
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    return writtenClass(text.drop_front().drop_back(), depth + 1);
  auto only = [&](Parts parts) {
    llvm::erase_if(parts, [](llvm::StringRef part) { return part == "None"; });
    return parts.size() == 1 ? writtenClass(parts[0], depth + 1) : llvm::StringRef();
  };
  if (Parts parts = splitAt(text, '|'); parts.size() > 1) return only(std::move(parts));
  size_t bracket = text.find('[');
  if (bracket == llvm::StringRef::npos) return isName(text) ? text : llvm::StringRef();
  if (!text.ends_with("]")) return {};
  llvm::StringRef head = text.take_front(bracket), inside = text.substr(bracket + 1).drop_back();
  switch (formOf(head)) {
  case Form::First: return writtenClass(splitAt(inside, ',').front(), depth + 1);
  case Form::Union: return only(splitAt(inside, ','));
  case Form::Generic: return isName(head) ? head : llvm::StringRef();
  case Form::Other: return {};
  }
  return {};
}

} // namespace

Text classNamed(llvm::StringRef annotation, const Scopes& scopes, ScopeId scope) {
  llvm::StringRef written = writtenClass(annotation);
  auto [first, rest] = written.split('.');
  Text meaning = first.empty() ? Text() : scopes.meaning(scope, first);
  return meaning.empty() || rest.empty() ? meaning : Text(meaning.str() + "." + rest.str());
}

} // namespace forklint::python
