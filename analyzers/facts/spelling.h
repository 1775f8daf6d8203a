// From a spelling back to its kind; the other direction is in facts.h. False when no kind is spelled so.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"

namespace forklint::facts {

bool fromSpelling(llvm::StringRef text, InstructionKind& kind);
bool fromSpelling(llvm::StringRef text, Relation& relation);
bool fromSpelling(llvm::StringRef text, FunctionKind& kind);
bool fromSpelling(llvm::StringRef text, PlaceKind& kind);
bool fromSpelling(llvm::StringRef text, EntityKind& kind);
bool fromSpelling(llvm::StringRef text, Linkage& linkage);
bool fromSpelling(llvm::StringRef text, RootKind& kind);

/// What facts.def says of a kind beyond its spelling.
bool hasLiteral(Relation relation);
struct PlaceFields {
  bool base, name, index;
};
PlaceFields fields(PlaceKind kind);

/// How many kinds each enumeration has; a number below is a kind.
inline constexpr unsigned instructionKinds = 0
#define INSTRUCTION(Kind, Spelling, Fields) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned relations = 0
#define RELATION(Kind, Spelling, HasLiteral) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned functionKinds = 0
#define FUNCTION_KIND(Kind, Spelling) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned placeKinds = 0
#define PLACE(Kind, Spelling, HasBase, HasName, HasIndex) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned entityKinds = 0
#define ENTITY_KIND(Kind, Spelling) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned linkages = 0
#define LINKAGE(Kind, Spelling) +1
#include "analyzers/facts/facts.def"
    ;
inline constexpr unsigned rootKinds = 0
#define ROOT_KIND(Kind, Spelling) +1
#include "analyzers/facts/facts.def"
    ;

} // namespace forklint::facts
