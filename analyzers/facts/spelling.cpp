// The tables of facts.def as functions.
#include "analyzers/facts/spelling.h"

#include <cstddef>

namespace forklint::facts {
namespace {

template <typename Kind, size_t count>
bool lookUp(const char* const (&spellings)[count], llvm::StringRef text, Kind& kind) {
  for (size_t i = 0; i < count; ++i)
    if (text == spellings[i]) {
      kind = static_cast<Kind>(i);
      return true;
    }
  return false;
}

constexpr const char* instructionKindSpellings[] = {
#define INSTRUCTION(Kind, Spelling, Fields) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* relationSpellings[] = {
#define RELATION(Kind, Spelling, HasLiteral) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* functionKindSpellings[] = {
#define FUNCTION_KIND(Kind, Spelling) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* placeKindSpellings[] = {
#define PLACE(Kind, Spelling, HasBase, HasName, HasIndex) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* entityKindSpellings[] = {
#define ENTITY_KIND(Kind, Spelling) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* linkageSpellings[] = {
#define LINKAGE(Kind, Spelling) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr const char* rootKindSpellings[] = {
#define ROOT_KIND(Kind, Spelling) Spelling,
#include "analyzers/facts/facts.def"
};
constexpr uint32_t instructionFields[] = {
#define INSTRUCTION(Kind, Spelling, Fields) Fields,
#include "analyzers/facts/facts.def"
};
constexpr bool relationLiterals[] = {
#define RELATION(Kind, Spelling, HasLiteral) HasLiteral,
#include "analyzers/facts/facts.def"
};
constexpr PlaceFields placeFields[] = {
#define PLACE(Kind, Spelling, HasBase, HasName, HasIndex) {HasBase, HasName, HasIndex},
#include "analyzers/facts/facts.def"
};

} // namespace

const char* spelling(InstructionKind kind) { return instructionKindSpellings[static_cast<size_t>(kind)]; }
const char* spelling(Relation relation) { return relationSpellings[static_cast<size_t>(relation)]; }
const char* spelling(FunctionKind kind) { return functionKindSpellings[static_cast<size_t>(kind)]; }
const char* spelling(PlaceKind kind) { return placeKindSpellings[static_cast<size_t>(kind)]; }
const char* spelling(EntityKind kind) { return entityKindSpellings[static_cast<size_t>(kind)]; }
const char* spelling(Linkage linkage) { return linkageSpellings[static_cast<size_t>(linkage)]; }
const char* spelling(RootKind kind) { return rootKindSpellings[static_cast<size_t>(kind)]; }

bool fromSpelling(llvm::StringRef text, InstructionKind& kind) {
  return lookUp(instructionKindSpellings, text, kind);
}
bool fromSpelling(llvm::StringRef text, Relation& relation) {
  return lookUp(relationSpellings, text, relation);
}
bool fromSpelling(llvm::StringRef text, FunctionKind& kind) {
  return lookUp(functionKindSpellings, text, kind);
}
bool fromSpelling(llvm::StringRef text, PlaceKind& kind) { return lookUp(placeKindSpellings, text, kind); }
bool fromSpelling(llvm::StringRef text, EntityKind& kind) { return lookUp(entityKindSpellings, text, kind); }
bool fromSpelling(llvm::StringRef text, Linkage& linkage) { return lookUp(linkageSpellings, text, linkage); }
bool fromSpelling(llvm::StringRef text, RootKind& kind) { return lookUp(rootKindSpellings, text, kind); }

uint32_t fields(InstructionKind kind) { return instructionFields[static_cast<size_t>(kind)]; }
bool hasLiteral(Relation relation) { return relationLiterals[static_cast<size_t>(relation)]; }
PlaceFields fields(PlaceKind kind) { return placeFields[static_cast<size_t>(kind)]; }

} // namespace forklint::facts
