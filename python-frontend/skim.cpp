// The skimmer is a splitter into logical lines (Lines), and a reader of their indents that knows where a body
// begins and ends as the parser sees it (Skimmer). What a body may not hold is looked for word by word.

#include "python-frontend/skim.h"

#include "python-frontend/words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <array>

namespace forklint::python {

namespace {

constexpr uint32_t smallest = 48; // bytes of a body that it pays to leave out

enum Byte : uint8_t { Plain, Word, Blank, Newline, Comment, Quote, Open, Close, Backslash };

constexpr std::array<Byte, 256> bytes = [] {
  std::array<Byte, 256> table{};
  for (int c = 0; c < 256; ++c)
    if (isWord(static_cast<char>(c))) table[c] = Word;
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

} // namespace

std::vector<SkimmedBody> skim(llvm::StringRef text) { return Skimmer(text).run(); }

} // namespace forklint::python
