// The skimmer is a splitter into logical lines (Lines), and a reader of their indents that knows where a body
// begins and ends as the parser sees it (Skimmer). What a body may not hold is looked for word by word.

#include "python-frontend/skim.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace forklint::python {

using facts::WordUse;

namespace {

constexpr uint32_t smallest = 48; // bytes of a body that it pays to leave out

enum Byte : uint8_t { Plain, Word, Blank, Newline, Comment, Quote, Open, Close, Backslash };

constexpr std::array<Byte, 256> bytes = [] {
  std::array<Byte, 256> table{};
  for (int c = 0; c < 256; ++c)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80)
      table[c] = Word;
  for (char c : {' ', '\t', '\f', '\r'})
    table[static_cast<uint8_t>(c)] = Blank;
  for (char c : {'(', '[', '{'})
    table[static_cast<uint8_t>(c)] = Open;
  for (char c : {')', ']', '}'})
    table[static_cast<uint8_t>(c)] = Close;
  table['"'] = table['\''] = Quote;
  table['\n'] = Newline;
  table['#'] = Comment;
  table['\\'] = Backslash;
  return table;
}();

Byte kindOf(char c) { return bytes[static_cast<uint8_t>(c)]; }

/// One logical line, or a line with nothing but a comment.
struct Line {
  uint32_t start = 0;  // of the physical line
  uint32_t begin = 0;  // of its first character
  uint32_t end = 0;    // behind its last token, or behind its comment
  uint32_t colon = 0;  // behind a colon at its end: a suite follows
  uint32_t indent = 0; // as the parser counts
  bool isComment = false;
};

/// The logical lines of a text, one after the other. `isLost` is set where strings or brackets do not close.
class Lines {
public:
  explicit Lines(llvm::StringRef text) : text(text), size(text.size()) {}

  bool next(Line& line) {
    while (at < size && !isLost) {
      line = {};
      line.start = at;
      indent(line);
      if (at >= size) return false;
      if (text[at] == '\n') {
        ++at;
        continue;
      }
      line.begin = at;
      line.isComment = text[at] == '#';
      toEnd(line);
      return !isLost;
    }
    return false;
  }

  bool isLost = false;

private:
  /// What is open: a bracket, a string, or a replacement field of a string and its format.
  struct Context {
    char opened; // the bracket or the quote
    uint8_t quotes = 0;
    bool isFormatted = false, isField = false, isFormat = false;
  };

  void indent(Line& line) {
    for (; at < size; ++at)
      switch (text[at]) {
      case ' ': ++line.indent; break;
      case '\t': line.indent += 8; break;
      case '\f':
      case '\r': line.indent = 0; break;
      default: return;
      }
  }

  void toEnd(Line& line) {
    uint32_t last = at; // behind the last token
    char lastCharacter = 0;
    while (at < size) {
      if (!open.empty() && (open.back().quotes || open.back().isFormat)) {
        inString();
        if (isLost) return;
        last = at;
        lastCharacter = 0;
        continue;
      }
      char c = text[at];
      switch (kindOf(c)) {
      case Newline:
        if (open.empty()) {
          ++at;
          return finish(line, last, lastCharacter);
        }
        if (open.back().isField && !isTripleAround()) return lose();
        ++at;
        continue;
      case Blank: ++at; continue;
      case Comment:
        at = std::min(text.find('\n', at), size_t(size));
        if (open.empty()) line.end = at; // with its carriage return, as the parser takes it
        continue;
      case Backslash:
        if (text.substr(at + 1).starts_with("\n"))
          at += 2;
        else if (text.substr(at + 1).starts_with("\r\n"))
          at += 3;
        else
          return lose();
        continue;
      case Quote: openString(line.begin); break;
      case Open:
        open.push_back({c});
        ++at;
        break;
      case Close:
        if (!closes(c)) return lose();
        open.pop_back();
        ++at;
        break;
      default:
        if (c == ':' && !open.empty() && open.back().isField) open.back().isFormat = true;
        ++at;
        break;
      }
      last = at;
      lastCharacter = c;
    }
    if (!open.empty()) return lose();
    finish(line, last, lastCharacter);
  }

  void finish(Line& line, uint32_t last, char lastCharacter) {
    if (lastCharacter == ':') line.colon = last;
    line.end = std::max(line.end, last);
  }

  bool closes(char c) const {
    if (open.empty() || open.back().quotes) return false;
    char opened = open.back().opened;
    return (c == ')' && opened == '(') || (c == ']' && opened == '[') || (c == '}' && opened == '{');
  }

  bool isTripleAround() const {
    for (const Context& context : llvm::reverse(open))
      if (context.quotes) return context.quotes == 3;
    return false;
  }

  void openString(uint32_t from) {
    Context string{text[at]};
    for (uint32_t back = at; back > from && at - back < 3 && llvm::isAlpha(text[back - 1]); --back) {
      char prefix = llvm::toLower(text[back - 1]);
      string.isFormatted |= prefix == 'f' || prefix == 't';
    }
    bool isTriple = at + 2 < size && text[at + 1] == text[at] && text[at + 2] == text[at];
    string.quotes = isTriple ? 3 : 1;
    at += string.quotes;
    open.push_back(string);
  }

  const Context& stringAround() const {
    for (const Context& context : llvm::reverse(open))
      if (context.quotes) return context;
    return open.front();
  }

  /// Goes on to the end of the string, to its next field, or behind the format of a field.
  void inString() {
    const Context string = stringAround();
    bool isFormat = open.back().isFormat;
    for (; at < size; ++at) {
      char c = text[at];
      if (c == '\\') {
        ++at;
      } else if (c == '\n' && string.quotes == 1) {
        return lose();
      } else if (c == string.opened && endsHere(string)) {
        if (isFormat) return lose();
        at += string.quotes;
        open.pop_back();
        return;
      } else if (string.isFormatted && c == '{') {
        ++at;
        if (!isFormat && at < size && text[at] == '{') continue;
        Context field{'{'};
        field.isField = true;
        open.push_back(field);
        return;
      } else if (isFormat && c == '}') {
        open.pop_back();
        ++at;
        return;
      }
    }
    lose();
  }

  bool endsHere(const Context& string) const {
    return string.quotes == 1 ||
           (at + 2 < size && text[at + 1] == string.opened && text[at + 2] == string.opened);
  }

  void lose() { isLost = true; }

  llvm::StringRef text;
  uint32_t size;
  uint32_t at = 0;
  llvm::SmallVector<Context, 16> open;
};

bool isWord(char c) { return kindOf(c) == Word; }

llvm::StringRef wordAt(llvm::StringRef text, size_t at) { return text.substr(at).take_while(isWord); }

/// Calls `visit` with each word; `visit` gives false to end.
template <typename Visit> bool eachWord(llvm::StringRef text, Visit visit) {
  for (size_t at = 0, size = text.size(); at < size;) {
    if (!isWord(text[at])) {
      ++at;
      continue;
    }
    size_t from = at;
    while (at < size && isWord(text[at]))
      ++at;
    if (!visit(text.slice(from, at))) return false;
  }
  return true;
}

/// What makes a body a part of its module: it declares or imports names, takes the class along, yields.
bool isTelling(llvm::StringRef word) {
  switch (word.size()) {
  case 5: return word == "yield" || word == "super";
  case 6: return word == "global" || word == "import";
  case 8: return word == "nonlocal" || word == "forklint";
  case 9: return word == "__class__";
  default: return false;
  }
}

/// `self.x: T` makes a field of the class.
bool declaresField(llvm::StringRef line) {
  llvm::StringRef rest = line.drop_while(isWord).ltrim(" \t");
  if (!rest.starts_with(".")) return false;
  while (rest.consume_front("."))
    rest = rest.ltrim(" \t").drop_while(isWord).ltrim(" \t");
  return rest.starts_with(":");
}

class Skimmer {
public:
  explicit Skimmer(llvm::StringRef text) : text(text), lines(text) {}

  std::vector<SkimmedBody> run() {
    Line line;
    while (lines.next(line) && !isUnsure)
      take(line);
    if (lines.isLost || isUnsure) return {};
    endBody();
    return std::move(bodies);
  }

private:
  void take(const Line& line) {
    if (line.isComment) {
      if (isInBody && line.indent >= bodyIndent && !isBehindComments) bodyEnd = line.end;
      // The parser ends the function at the first comment that stands further left, if no code follows in it.
      isBehindComments |= isInBody && line.indent < bodyIndent;
      return;
    }
    isBehindComments = false;
    if (isInBody && isFirst) {
      isFirst = false;
      bodyIndent = line.indent;
      isUnsure |= bodyIndent <= headerIndent;
    }
    if (isInBody && line.indent >= bodyIndent) {
      bodyEnd = line.end;
      isPart |= declaresField(text.slice(line.begin, line.end));
      return;
    }
    isUnsure |= isInBody && line.indent > headerIndent;
    endBody();
    begin(line);
  }

  /// A line of the module or of a class.
  void begin(const Line& line) {
    if (line.indent == 0) around = {};
    bool isOfClass = around.end != 0;
    if (isOfClass && classIndent == 0) classIndent = line.indent;
    if (line.indent != (isOfClass ? classIndent : 0) || !line.colon) return;
    llvm::StringRef word = wordAt(text, line.begin), rest = text.substr(line.begin + word.size());
    if (word == "async") word = rest.ltrim(" \t").take_while(isWord);
    if (word == "class" && !isOfClass) {
      around = {line.start, line.colon};
      classIndent = 0;
    }
    if (word != "def") return;
    isInBody = isFirst = true;
    headerIndent = line.indent;
    isPart = false;
    bodyEnd = line.colon;
    found = {{line.start, 0}, {line.colon, 0}, around};
  }

  void endBody() {
    if (!isInBody) return;
    isInBody = false;
    isUnsure |= isFirst;
    found.definition.end = found.body.end = bodyEnd;
    llvm::StringRef body = text.slice(found.body.begin, bodyEnd);
    if (isPart || body.size() < smallest) return;
    if (eachWord(body, [](llvm::StringRef word) { return !isTelling(word); })) bodies.push_back(found);
  }

  llvm::StringRef text;
  Lines lines;
  std::vector<SkimmedBody> bodies;
  SkimmedBody found;
  Span around; // the class that we are in
  uint32_t classIndent = 0, headerIndent = 0, bodyIndent = 0, bodyEnd = 0;
  bool isInBody = false, isFirst = false, isPart = false, isBehindComments = false, isUnsure = false;
};

char before(llvm::StringRef text, size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n' ||
                    text[at - 1] == '\r' || text[at - 1] == '\\'))
    --at;
  return at ? text[at - 1] : '\0';
}

bool isUsedAs(llvm::StringRef text, size_t at, size_t end, WordUse use) {
  if (use == WordUse::Any) return true;
  if (use == WordUse::Member) return before(text, at) == '.';
  if (before(text, at) == '.') return false;
  return use == WordUse::Bare || !text.substr(end).ltrim(" \t\r\n\\").starts_with(".");
}

} // namespace

std::vector<SkimmedBody> skim(llvm::StringRef text) { return Skimmer(text).run(); }

void Words::add(llvm::StringRef text) {
  eachWord(text, [&](llvm::StringRef word) {
    hashes.push_back(facts::UnreadBodies::hashOf(word));
    return true;
  });
}

void Words::addDefined(llvm::StringRef text) {
  bool isDefinition = false;
  eachWord(text, [&](llvm::StringRef word) {
    if (isDefinition) hashes.push_back(facts::UnreadBodies::hashOf(word));
    isDefinition = word == "def" || word == "class";
    return true;
  });
}

void Words::finish() {
  llvm::sort(hashes);
  hashes.erase(llvm::unique(hashes), hashes.end());
  hashes.shrink_to_fit();
}

bool Words::mayHave(uint32_t hash) const { return std::binary_search(hashes.begin(), hashes.end(), hash); }

bool hasWord(llvm::StringRef text, llvm::StringRef word, WordUse use) {
  if (word.empty()) return false;
  for (const char* from = text.begin();;) {
    const auto* found = static_cast<const char*>(memmem(from, text.end() - from, word.data(), word.size()));
    if (!found) return false;
    size_t at = found - text.begin(), end = at + word.size();
    bool isOne = (at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end]));
    if (isOne && isUsedAs(text, at, end, use)) return true;
    from = found + 1;
  }
}

bool definesWord(llvm::StringRef text, llvm::StringRef name) {
  bool isDefinition = false;
  return !eachWord(text, [&](llvm::StringRef word) {
    if (isDefinition && word == name) return false;
    isDefinition = word == "def" || word == "class";
    return true;
  });
}

void eachNameInTexts(llvm::StringRef text, llvm::function_ref<void(llvm::StringRef)> visit) {
  constexpr llvm::StringLiteral quotes = "\"'";
  for (size_t at = text.find_first_of(quotes); at != llvm::StringRef::npos;
       at = text.find_first_of(quotes, at + 1)) {
    llvm::StringRef name = text.substr(at + 1).take_while([](char c) { return isWord(c) || c == '.'; });
    if (name.contains('.') && text.substr(at + 1 + name.size()).starts_with(text.substr(at, 1))) visit(name);
  }
}

} // namespace forklint::python
