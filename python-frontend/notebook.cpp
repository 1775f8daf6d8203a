#include "python-frontend/notebook.h"

#include "python-frontend/frontend.h"
#include "python-frontend/json_document.h"
#include "python-frontend/magics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <tuple>

namespace forklint::python {

using namespace facts;

namespace {

/// Line and column, from 1, of offsets that are asked for in order.
class Places {
public:
  explicit Places(llvm::StringRef text) : text(text) {}
  std::pair<uint32_t, uint32_t> of(size_t offset) {
    for (; at < offset; ++at)
      if (text[at] == '\n') ++line, begin = at + 1;
    return {line, static_cast<uint32_t>(offset - begin + 1)};
  }

private:
  llvm::StringRef text;
  size_t at = 0, begin = 0;
  uint32_t line = 1;
};

std::string textAt(const JsonValue& value, llvm::StringRef outer, llvm::StringRef inner) {
  const JsonValue* holder = value.member(outer);
  const JsonValue* found = holder ? holder->member(inner) : nullptr;
  return found ? found->raw.lower() : "";
}

/// A notebook that says nothing of its language is one of Python.
bool isPython(const JsonValue& document) {
  const JsonValue* metadata = document.member("metadata");
  if (!metadata) return true;
  std::string language = textAt(*metadata, "language_info", "name");
  if (language.empty()) language = textAt(*metadata, "kernelspec", "language");
  return language.empty() || language == "python" || language == "ipython";
}

/// Cells are a list of objects; the source of one is a text or a list of texts.
std::string cellsProblem(const JsonValue* cells) {
  using Kind = JsonValue::Kind;
  if (!cells || cells->kind != Kind::Array) return "is a notebook whose `cells` are no list";
  for (const auto& [index, cell] : llvm::enumerate(cells->items)) {
    std::string number = std::to_string(index + 1);
    if (cell.kind != Kind::Object) return "is a notebook whose cell " + number + " is no object";
    const JsonValue* source = cell.member("source");
    bool isText =
        source && (source->kind == Kind::String ||
                   (source->kind == Kind::Array && llvm::all_of(source->items, [](const JsonValue& part) {
                      return part.kind == Kind::String;
                    })));
    if (!isText) return "is a notebook whose cell " + number + " has a `source` that is no text";
  }
  return "";
}

std::string formatProblem(const JsonValue& document) {
  const JsonValue* format = document.member("nbformat");
  if (!format) return "is no notebook: it names no nbformat";
  if (format->raw == "4") return cellsProblem(document.member("cells"));
  return "is a notebook in format " + format->raw.str() +
         ", of which nothing is known; `jupyter nbconvert --to notebook` writes format 4";
}

} // namespace

Notebook::Notebook(llvm::StringRef file) {
  JsonValue document;
  if (std::optional<JsonBreak> broken = readJson(file, document)) {
    auto [line, column] = Places(file).of(broken->offset);
    problem = "broken JSON at " + std::to_string(line) + ":" + std::to_string(column);
    return;
  }
  problem = formatProblem(document);
  if (!problem.empty() || !isPython(document)) return;
  Places places(file);
  for (const JsonValue& cell : document.member("cells")->items) {
    const JsonValue* type = cell.member("cell_type");
    const JsonValue* source = cell.member("source");
    if (!type || type->raw != "code") continue;
    size_t begin = text.size();
    auto firstLine = static_cast<uint32_t>(lines.size() + 1);
    for (const JsonValue& part :
         source->kind == JsonValue::Kind::Array ? llvm::ArrayRef(source->items) : llvm::ArrayRef(*source)) {
      for (llvm::StringRef raw = part.raw; !raw.empty();) {
        if (text.empty() || text.back() == '\n') {
          auto [line, column] = places.of(raw.data() - file.data());
          lines.push_back({line, column, raw});
        }
        text += takeJsonCharacter(raw);
      }
    }
    finishCell(begin, firstLine);
  }
}

void Notebook::finishCell(size_t begin, uint32_t firstLine) {
  if (text.size() > begin && text.back() != '\n') text += '\n';
  llvm::MutableArrayRef<char> cell(text.data() + begin, text.size() - begin);
  if (std::string magic = blankMagics(cell); !magic.empty()) leftOut.push_back({firstLine, std::move(magic)});
}

std::pair<uint32_t, uint32_t> Notebook::placeOf(uint32_t line, uint32_t column) const {
  if (!line || line > lines.size()) return {line, column};
  const Line& where = lines[line - 1];
  llvm::StringRef rest = where.raw;
  for (uint32_t passed = 1; passed < column && !rest.empty();)
    passed += takeJsonCharacter(rest).size();
  return {where.line, column ? where.column + static_cast<uint32_t>(where.raw.size() - rest.size()) : 0};
}

namespace {

template <typename Move> void moveRare(Rare<Position>& kept, Move move) {
  Position position = kept;
  move(position);
  kept = position;
}

/// Calls `move` with each place of the facts.
template <typename Move> void eachPosition(UnitFacts& unit, Move move) {
  for (Gap& gap : unit.gaps)
    move(gap.position);
  for (Suppression& suppression : unit.suppressions)
    move(suppression.position);
  for (Chunk& chunk : unit.chunks) {
    for (Entity& entity : chunk.entities)
      move(entity.position);
    for (Function& function : chunk.functions) {
      move(function.position);
      for (Instruction& instruction : function.instructions) {
        move(instruction.position);
        for (Operand& operand : instruction.operands)
          moveRare(operand.position, move);
      }
    }
  }
}

} // namespace

std::string notebookText(llvm::StringRef file) { return Notebook(file).text; }

UnitFacts extractNotebook(const ModuleSource& source) {
  Notebook notebook(source.text);
  ModuleSource cells = source;
  cells.text = notebook.text;
  UnitFacts unit = extract(cells);
  eachPosition(unit, [&](Position& at) {
    std::tie(at.line, at.column) = notebook.placeOf(at.line, at.column);
    std::tie(at.endLine, at.endColumn) = notebook.placeOf(at.endLine, at.endColumn);
  });
  for (Suppression& suppression : unit.suppressions)
    suppression.line = notebook.placeOf(suppression.line, 0).first;
  // Nothing of Python is lost with a cell that is none.
  for (const Notebook::LeftOut& cell : notebook.leftOut) {
    Gap gap;
    std::tie(gap.position.line, gap.position.column) = notebook.placeOf(cell.line, 1);
    gap.reason = "a cell of `" + cell.magic + "` is left out";
    unit.gaps.push_back(std::move(gap));
  }
  unit.inputs.front().digest = llvm::utohexstr(llvm::xxh3_64bits(source.text), true, 16);
  unit.roots = {{RootKind::Module, source.module}};
  if (!notebook.problem.empty()) {
    unit.hadErrors = true;
    unit.gaps.push_back({{}, notebook.problem, true});
  }
  return unit;
}

} // namespace forklint::python
