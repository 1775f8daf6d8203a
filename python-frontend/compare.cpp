#include "python-frontend/compare.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace forklint::python {

using namespace facts;

namespace {

std::string placeOf(const Function& function) {
  return function.symbol + " at line " + std::to_string(function.position.line);
}

/// What a function says before it is read.
bool isNameOf(const Function& named, const Function& whole) {
  return named.symbol == whole.symbol && named.kind == whole.kind && named.position == whole.position &&
         named.parameters == whole.parameters && whole.captures.empty();
}

using BySymbol = llvm::StringMap<const Function*>;

std::string compareFunctions(const std::vector<Function>& parts, const BySymbol& whole, size_t& told) {
  for (const Function& part : parts) {
    const Function* other = whole.lookup(part.symbol);
    if (!other) return placeOf(part) + " is in no whole module";
    ++told;
    if (!(part == *other)) return placeOf(part) + " is not the same as in the whole module";
  }
  return "";
}

std::string compareChunk(const Chunk& part, const Chunk& whole, UnreadBodies& unread, uint32_t index) {
  BySymbol functions;
  for (const Function& each : whole.functions)
    functions[each.symbol] = &each;
  size_t told = 0, entities = part.entities.size();
  std::vector<Function> complete;
  std::vector<bool> isLeftOut(part.functions.size());
  for (size_t body = 0; body < unread.bodies().size(); ++body) {
    const UnreadBodies::Body& at = unread.bodies()[body];
    if (at.chunk != index) continue;
    isLeftOut[at.function] = true;
    const Function& named = part.functions[at.function];
    const Function* other = functions.lookup(named.symbol);
    if (!other || !isNameOf(named, *other)) return placeOf(named) + " is named in another way";
    UnreadBodies::Read read = unread.read(body);
    if (read.chunk.functions.empty()) return placeOf(named) + " cannot be read";
    entities += read.chunk.entities.size();
    for (const Entity& each : read.chunk.entities)
      if (!llvm::is_contained(whole.entities, each)) return each.symbol + " is no entity of the whole module";
    if (std::string found = compareFunctions(read.chunk.functions, functions, told); !found.empty())
      return found;
  }
  for (size_t i = 0; i < part.functions.size(); ++i)
    if (!isLeftOut[i]) complete.push_back(part.functions[i]);
  if (std::string found = compareFunctions(complete, functions, told); !found.empty()) return found;
  for (const Entity& each : part.entities)
    if (!llvm::is_contained(whole.entities, each)) return each.symbol + " is no entity of the whole module";
  if (told != whole.functions.size()) return "functions are missing in chunk " + std::to_string(whole.order);
  return entities == whole.entities.size() ? ""
                                           : "entities are missing in chunk " + std::to_string(whole.order);
}

} // namespace

Comparison compareParts(const ModuleSource& source) {
  Comparison result;
  Outline outline = extractOutline(source);
  if (!outline.unread) return result;
  UnitFacts whole = extract(source);
  for (const UnreadBodies::Body& each : outline.unread->bodies()) {
    ++result.bodies;
    result.bytes += each.bytes;
  }
  UnitFacts& parts = outline.facts;
  if (parts.suppressions != whole.suppressions || parts.roots != whole.roots || parts.inputs != whole.inputs)
    result.difference = "roots or suppressions differ";
  if (parts.chunks.size() != whole.chunks.size()) result.difference = "the number of statements differs";
  for (size_t i = 0; i < whole.chunks.size() && result.difference.empty(); ++i)
    result.difference = compareChunk(parts.chunks[i], whole.chunks[i], *outline.unread, i);
  return result;
}

} // namespace forklint::python
