// The facts of one unit: what a front end says about a module or translation unit and all that link and solve
// know of it. Language-neutral: a front end knows only grammar, what a library does is a model applied at
// link.
//
// Shape: UnitFacts holds Chunks, one for each top-level statement (Python) or function body (C, C++); a chunk
// is a pure function of the unit's inputs, so that demand can add chunks to a unit and never changes one.
// Lines and columns count from 1, columns in bytes; 0 means "not known". Meaning of every kind: docs/ir.md.
//
// Nearly all of a run's memory is facts, so that what there are millions of is laid out with care: names are
// interned, lists are one pointer wide, and the sizes are asserted.
#pragma once

#include "analyzers/support/list.h"
#include "analyzers/support/rare.h"
#include "analyzers/support/text.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace forklint::facts {

/// Version of everything that facts.def and this file define. Part of every cache key and of both formats.
inline constexpr uint32_t schemaVersion = 3;

enum FieldMask : uint32_t {
  FieldLeaf = 1 << 0,
  FieldLiteral = 1 << 1,
  FieldIndex = 1 << 2,
  FieldName = 1 << 3,
  FieldOperands = 1 << 4,
  FieldPlace = 1 << 5,
  FieldEnd = 1 << 6,    // ends its block; only exception edges may leave it
  FieldSymbol = 1 << 7, // the name is a symbol, written @"name"
  FieldBare = 1 << 8,   // operands are written without parentheses
  FieldCallee = 1 << 9, // the first operand is written before the parentheses
  FieldVoid = 1 << 10,  // nobody uses the value
  FieldNeedsOperand = 1 << 11,
  FieldOneOperand = 1 << 12, // at most one
};

enum class InstructionKind : uint8_t {
#define INSTRUCTION(Kind, Spelling, Fields) Kind,
#include "analyzers/facts/facts.def"
};
enum class Relation : uint8_t {
#define RELATION(Kind, Spelling, HasLiteral) Kind,
#include "analyzers/facts/facts.def"
};
enum class FunctionKind : uint8_t {
#define FUNCTION_KIND(Kind, Spelling) Kind,
#include "analyzers/facts/facts.def"
};
enum class PlaceKind : uint8_t {
#define PLACE(Kind, Spelling, HasBase, HasName, HasIndex) Kind,
#include "analyzers/facts/facts.def"
};
enum class EntityKind : uint8_t {
#define ENTITY_KIND(Kind, Spelling) Kind,
#include "analyzers/facts/facts.def"
};
enum class Linkage : uint8_t {
#define LINKAGE(Kind, Spelling) Kind,
#include "analyzers/facts/facts.def"
};
enum class RootKind : uint8_t {
#define ROOT_KIND(Kind, Spelling) Kind,
#include "analyzers/facts/facts.def"
};

/// A range in UnitFacts::files[file]; the end is exclusive in columns.
struct Position {
  uint32_t file = 0;
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t endLine = 0;
  uint32_t endColumn = 0;
  bool operator==(const Position&) const = default;
};

/// Index of an instruction in its function; every instruction names the value it gives.
using ValueId = uint32_t;
inline constexpr ValueId noValue = UINT32_MAX;
/// Index of a block in its function. Block 0 is the entry.
using BlockId = uint32_t;

struct None {
  bool operator==(const None&) const = default;
};
struct Ellipsis {
  bool operator==(const Ellipsis&) const = default;
};
/// The bytes of a bytes literal; a string literal is a Text in UTF-8.
struct Bytes {
  Text data;
  bool operator==(const Bytes&) const = default;
};
using Literal = std::variant<None, bool, int64_t, double, Text, Bytes, Ellipsis>;

enum class Spread : uint8_t { Single, Positional, Keywords };

/// One argument, captured value, element or operand. `keyword` is the parameter name of a keyword argument or
/// the role of an operand (docs/ir.md lists the roles of each kind). A dictionary's elements alternate key,
/// value. `position` is that of the whole `keyword = value` of a keyword argument, which a fix may replace.
struct Operand {
  Operand() = default;
  Operand(ValueId value, Text keyword, Spread spread = Spread::Single, const Position& position = {})
      : value(value), spread(spread), keyword(keyword), position(position) {}

  ValueId value = noValue;
  Spread spread = Spread::Single;
  Text keyword;
  Rare<Position> position;
  bool operator==(const Operand&) const = default;
};
static_assert(sizeof(Operand) == 24);

/// Where memory is. `base` and `index` are values of the same function, `name` a variable, a global's symbol
/// or an attribute.
struct Place {
  Place() = default;
  Place(PlaceKind kind, ValueId base = noValue, Text name = {}, ValueId index = noValue)
      : name(name), base(base), index(index), kind(kind) {}

  Text name;
  ValueId base = noValue;
  ValueId index = noValue;
  PlaceKind kind = PlaceKind::Local;
  bool operator==(const Place&) const = default;
};

struct Instruction {
  Text variable; // the source variable that the value is bound to, if any
  Text name;
  List<Operand> operands;
  // The next member takes the room that each of these two leaves at its end.
  [[no_unique_address]] Place place;
  InstructionKind kind = InstructionKind::Unknown;
  uint32_t index = 0;
  [[no_unique_address]] Literal literal;
  Position position;
  bool operator==(const Instruction&) const = default;
};
static_assert(sizeof(Instruction) == 80);

enum class EdgeKind : uint8_t { Always, When, Exception };

/// Where control goes after a block. When: `value` stands in `relation` to `literal`. Exception: one of
/// `types` was raised (empty: any); the raised object is bound by the handler through `value` when it is not
/// noValue.
struct Edge {
  Edge() = default;
  Edge(EdgeKind kind, BlockId target, ValueId value, Relation relation, const Literal& literal,
       List<ValueId> types)
      : types(std::move(types)), literal(literal), kind(kind), relation(relation), target(target),
        value(value) {}

  List<ValueId> types;
  [[no_unique_address]] Literal literal; // the next members take the room at its end
  EdgeKind kind = EdgeKind::Always;
  Relation relation = Relation::Truthy;
  BlockId target = 0;
  ValueId value = noValue;
  bool operator==(const Edge&) const = default;
};
static_assert(sizeof(Edge) == 32);

/// Instructions in order, then edges. Of several When edges exactly one is taken, in order; a block without
/// an edge other than exceptions ends the function. A merge stands at the head of its block and has one
/// operand for each entry of `predecessors`, in that order.
struct Block {
  List<BlockId> predecessors;
  List<ValueId> instructions;
  List<Edge> edges;
  bool operator==(const Block&) const = default;
};

enum class ParameterKind : uint8_t {
  Positional,
  PositionalOnly,
  KeywordOnly,
  VariadicPositional,
  VariadicKeywords
};

/// `type` is the annotation or declared type as a symbol, empty when there is none; `klass` the whole name of
/// the one class that the annotation names, where the file tells it. A parameter with a default takes operand
/// "default:NAME" of the closure that made the function.
struct Parameter {
  Text name;
  ParameterKind kind = ParameterKind::Positional;
  bool hasDefault = false;
  Text type;
  Text klass;
  bool operator==(const Parameter&) const = default;
};

/// `returns` is the class that the annotation of the result names.
struct Function {
  Text symbol;
  FunctionKind kind = FunctionKind::Plain;
  Position position;
  List<Parameter> parameters;
  Text returns;
  List<Text> captures;
  List<Instruction> instructions; // indexed by ValueId
  List<Block> blocks;
  bool operator==(const Function&) const = default;
};

/// Something with a name that other units may mean. `bases` and `overrides` are symbols known from
/// declarations (C++); in Python the bases are operands of make-class. `type` is a global's or field's
/// declared type. `promise` is what the author of a function says of it: "async-signal-safe", and `promised`
/// where, in an attribute or a comment.
struct Entity {
  Text symbol;
  EntityKind kind = EntityKind::Function;
  Linkage linkage = Linkage::External;
  Position position;
  Text display;
  Text type;
  Text klass; // that its type names, as of a parameter
  List<Text> bases;
  List<Text> overrides;
  Text promise;
  Rare<Position> promised;
  bool operator==(const Entity&) const = default;
};

/// The facts of one top-level statement or one function body. `order` is the statement's place in the module;
/// `digest` identifies equal bodies of headers across units.
struct Chunk {
  uint32_t order = 0;
  Text digest;
  std::vector<Entity> entities;
  std::vector<Function> functions;
  bool operator==(const Chunk&) const = default;
};

struct Input {
  std::string path;
  std::string digest;
  bool operator==(const Input&) const = default;
};

/// Something that could not be turned into facts, and what was lost.
struct Gap {
  Position position;
  std::string reason;
  bool wholeUnit = false;
  bool operator==(const Gap&) const = default;
};

/// A suppression comment as written: `directive` is "ignore", "disable", "enable", "file-ignore", "nolint",
/// "nolint-nextline", "nolint-begin", "nolint-end", "fork-safe", or "unknown": then `reason` is the word.
/// `line` is the line it speaks of.
struct Suppression {
  Position position;
  std::string directive;
  std::vector<std::string> rules;
  std::string reason;
  uint32_t line = 0;
  bool operator==(const Suppression&) const = default;
};

/// Where a program can begin. A Python module is always a Module root; a Script root has an `if __name__ ==
/// "__main__"` test or a shebang; Main is a C or C++ main; StaticInitializer runs at load. ConsoleScript and
/// Server are functions that the driver makes of what the project's files say, a Notebook one that it makes
/// of the session around it; a Server forks by design.
struct Root {
  RootKind kind = RootKind::Module;
  std::string symbol;
  bool operator==(const Root&) const = default;
};

struct UnitFacts {
  uint32_t schema = schemaVersion;
  std::string unit;     // path of the main file as given
  std::string language; // "python", "c" or "c++"
  std::string module;   // dotted module name (Python), empty in C and C++
  bool hadErrors = false;
  std::vector<std::string> files; // files[0] is the main file
  std::vector<Input> inputs;
  std::vector<Root> roots;
  std::vector<Gap> gaps;
  std::vector<Suppression> suppressions;
  std::vector<Chunk> chunks;
  bool operator==(const UnitFacts&) const = default;
};

/// True where all of the unit became facts.
inline bool isComplete(const UnitFacts& unit) {
  bool lost = unit.hadErrors;
  for (const Gap& gap : unit.gaps)
    lost |= gap.wholeUnit;
  return !lost;
}

/// Spelling and fields of a kind, as facts.def has them.
const char* spelling(InstructionKind kind);
const char* spelling(Relation relation);
const char* spelling(FunctionKind kind);
const char* spelling(PlaceKind kind);
const char* spelling(EntityKind kind);
const char* spelling(Linkage linkage);
const char* spelling(RootKind kind);
uint32_t fields(InstructionKind kind);

} // namespace forklint::facts
