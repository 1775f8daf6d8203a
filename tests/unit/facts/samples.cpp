// Facts for the tests.
#include "samples.h"

#include "analyzers/facts/builder.h"
#include "analyzers/facts/spelling.h"
#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"

#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <limits>

namespace forklint::facts {
namespace {

constexpr char strangeBytes[] = "q\" \\ \n\t\x01 \x7f \xff \xc3\xa9 ; %0 \0 end";
const std::string strange(strangeBytes, sizeof strangeBytes - 1);

Place somePlace(FunctionBuilder& builder, PlaceKind kind) {
  PlaceFields parts = fields(kind);
  Place place;
  place.kind = kind;
  if (parts.base) place.base = builder.unknown("base", {0, 3, 4, 0, 0});
  if (parts.name) place.name = "na\"me";
  if (parts.index) place.index = builder.constant(int64_t(-7), {});
  return place;
}

void branchOn(FunctionBuilder& builder, ValueId value, Relation first, Relation second) {
  BlockId from = builder.block();
  for (Relation relation : {first, second}) {
    Edge edge;
    edge.kind = EdgeKind::When;
    edge.target = builder.createBlock();
    edge.value = value;
    edge.relation = relation;
    if (hasLiteral(relation)) edge.literal = int64_t(0);
    builder.connect(from, edge);
    builder.setBlock(edge.target);
  }
}

} // namespace

Function functionWith(InstructionKind kind) {
  FunctionBuilder builder(std::string("kind.") + spelling(kind), FunctionKind::Plain, {0, 1, 1, 9, 1});
  builder.addParameter({"p", ParameterKind::Positional, false, "", ""}, {0, 1, 5, 1, 6});
  builder.addCapture("outer");
  uint32_t mask = fields(kind);
  if (kind == InstructionKind::Merge) {
    branchOn(builder, builder.constant(true, {}), Relation::Truthy, Relation::Falsy);
    BlockId join = builder.createBlock();
    for (BlockId block : {BlockId(1), BlockId(2)}) {
      builder.setBlock(block);
      builder.write("x", builder.constant(int64_t(block), {0, 2, block, 0, 0}));
      builder.jump(join);
    }
    builder.setBlock(join);
    builder.store({PlaceKind::Global, noValue, "g", noValue}, builder.read("x", {}), {});
    return builder.finish();
  }
  Instruction instruction;
  instruction.kind = kind;
  instruction.position = {1, 2, 3, 4, 5};
  instruction.variable = "the \"variable\"";
  if (mask & FieldName) instruction.name = "na.me<1>";
  if (mask & FieldLiteral) instruction.literal = 1.5;
  if (mask & FieldPlace) instruction.place = somePlace(builder, PlaceKind::Attribute);
  if (kind == InstructionKind::VirtualCall)
    instruction.operands = {{builder.read("p", {}), "this", Spread::Single}};
  else if ((mask & FieldNeedsOperand) || kind == InstructionKind::Construct)
    instruction.operands = {{builder.functionRef("callee", {}), "", Spread::Single}};
  if ((mask & FieldOperands) && !(mask & (FieldOneOperand | FieldBare))) {
    instruction.operands.push_back({builder.constant("v", {}), "key:word", Spread::Single, {1, 2, 3, 4, 5}});
    instruction.operands.push_back({builder.read("outer", {}), "", Spread::Positional});
    instruction.operands.push_back({builder.read("p", {}), "", Spread::Keywords});
  }
  ValueId value = builder.append(instruction);
  if (mask & FieldLeaf) builder.store({PlaceKind::Local, noValue, "l", noValue}, value, {});
  return builder.finish();
}

static Function literals() {
  FunctionBuilder builder("literals", FunctionKind::Statement, {});
  const double numbers[] = {0.0,
                            -0.0,
                            1.0,
                            0.1,
                            1e300,
                            -2.5e-7,
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::denorm_min()};
  std::vector<Literal> all = {None(),  true,          false,          int64_t(0), INT64_MIN, INT64_MAX,
                              strange, std::string(), Bytes{strange}, Bytes{},    Ellipsis()};
  all.insert(all.end(), std::begin(numbers), std::end(numbers));
  for (const Literal& literal : all)
    builder.store({PlaceKind::Global, noValue, strange, noValue}, builder.constant(literal, {}), {});
  Instruction end;
  end.kind = InstructionKind::Return;
  builder.append(end);
  return builder.finish();
}

static Function edgesOf(Relation first, Relation second) {
  FunctionBuilder builder(std::string("edges.") + spelling(first), FunctionKind::Generator, {});
  Instruction iterate;
  iterate.kind = InstructionKind::Iterate;
  iterate.operands = {{builder.unknown("all", {}), "", Spread::Single}};
  ValueId value = builder.append(iterate);
  BlockId handler = builder.createBlock();
  Edge edge;
  edge.kind = EdgeKind::Exception;
  edge.target = handler;
  edge.types = {builder.classRef("Error", {}), value};
  edge.value = builder.unknown("exception", {0, 7, 8, 0, 0});
  builder.connect(builder.block(), edge);
  branchOn(builder, value, first, second);
  return builder.finish();
}

static Function parametersAndPlaces() {
  FunctionBuilder builder("places", FunctionKind::Coroutine, {0, 5, 1, 5, 2});
  using enum ParameterKind;
  for (ParameterKind kind : {PositionalOnly, Positional, KeywordOnly, VariadicPositional, Positional,
                             KeywordOnly, VariadicKeywords})
    builder.addParameter({kind == KeywordOnly ? "inf" : "strange name-", kind, kind == Positional,
                          kind == KeywordOnly ? "" : "T<*>", kind == VariadicPositional ? "" : "n.\"C\""},
                         {});
  builder.body().returns = "n.C";
  for (unsigned kind = 0; kind < placeKinds; ++kind) {
    Place place = somePlace(builder, static_cast<PlaceKind>(kind));
    builder.store(place, builder.load(place, {2, 0, 9, 0, 0}), {});
  }
  Instruction construct;
  construct.kind = InstructionKind::Construct;
  construct.name = "C";
  construct.place.kind = PlaceKind::Deref;
  construct.operands = {{builder.functionRef("C::C()", {}), "", Spread::Single}};
  builder.append(construct);
  construct.operands.clear(); // calls no constructor
  builder.append(construct);
  return builder.finish();
}

UnitFacts everyKind() {
  UnitFacts unit = unitOf(literals());
  unit.module = "pack.age";
  unit.hadErrors = true;
  unit.files = {"app.py", strange, "third"};
  unit.inputs = {{"a.h", "12ab"}, {strange, ""}};
  unit.gaps = {{{0, 1, 2, 3, 4}, "reason", false}, {{}, strange, true}};
  unit.suppressions = {{{0, 4, 1, 4, 9}, "ignore", {"fork-after-threads", "FL001", strange}, "why", 5},
                       {{}, "nolint-begin", {}, "", 0}};
  Chunk& chunk = unit.chunks[0];
  for (unsigned kind = 0; kind < instructionKinds; ++kind)
    chunk.functions.push_back(functionWith(static_cast<InstructionKind>(kind)));
  for (unsigned kind = 0; kind < functionKinds; ++kind) {
    chunk.functions.push_back(literals());
    chunk.functions.back().kind = static_cast<FunctionKind>(kind);
  }
  for (unsigned kind = 0; kind + 1 < relations; kind += 2)
    chunk.functions.push_back(edgesOf(static_cast<Relation>(kind), static_cast<Relation>(kind + 1)));
  chunk.functions.push_back(parametersAndPlaces());
  Chunk& other = unit.chunks.emplace_back();
  other.order = 7;
  other.digest = "digest of a body";
  for (unsigned kind = 0; kind < entityKinds; ++kind)
    for (unsigned linkage = 0; linkage < linkages; ++linkage)
      other.entities.push_back({"e",
                                static_cast<EntityKind>(kind),
                                static_cast<Linkage>(linkage),
                                {0, 1, 1, 0, 0},
                                linkage ? "shown" : "",
                                kind ? "type" : "",
                                kind > 1 ? "m.Type" : "",
                                {"b1", strange},
                                {"over"},
                                kind ? "" : "async-signal-safe",
                                kind || !linkage ? Position() : Position{0, 2, 3, 2, 4}});
  for (unsigned kind = 0; kind < rootKinds; ++kind)
    unit.roots.push_back({static_cast<RootKind>(kind), "app"});
  return unit;
}

Function randomFunction(std::mt19937& random, const std::string& symbol) {
  auto below = [&](uint32_t limit) { return static_cast<uint32_t>(random() % limit); };
  auto variable = [&] { return std::string(1, static_cast<char>('a' + below(4))); };
  FunctionBuilder builder(symbol, FunctionKind::Plain, {0, 1, 1, 0, 0});
  builder.addParameter({"a", ParameterKind::Positional, false, "", ""}, {0, 1, 2, 0, 0});
  uint32_t count = 1 + below(12);
  for (uint32_t i = 0; i < count; ++i)
    builder.createBlock();
  for (BlockId block = 0; block <= count; ++block) {
    builder.setBlock(block);
    for (uint32_t steps = below(5); steps > 0; --steps) {
      if (below(2))
        builder.write(variable(), builder.constant(int64_t(below(3)), {}));
      else
        builder.store({PlaceKind::Global, noValue, variable(), noValue}, builder.read(variable(), {}),
                      {0, block, 1, 0, 0});
      if (below(4) == 0)
        builder.write(variable(), builder.load({PlaceKind::Global, noValue, variable(), noValue}, {}));
    }
    if (below(4) == 0)
      builder.connect(block, {EdgeKind::Exception, 1 + below(count), noValue, Relation::Truthy, {}, {}});
    if (below(3) == 0) {
      builder.jump(1 + below(count));
    } else if (below(5) > 0) {
      ValueId value = builder.read(variable(), {});
      builder.connect(block, {EdgeKind::When, 1 + below(count), value, Relation::Truthy, {}, {}});
      builder.connect(block, {EdgeKind::When, 1 + below(count), value, Relation::Falsy, {}, {}});
    }
  }
  return builder.finish();
}

UnitFacts unitOf(Function function) {
  UnitFacts unit;
  unit.unit = "app.py";
  unit.language = "python";
  unit.files = {"app.py", "second.h", "third.h"};
  unit.chunks.emplace_back().functions.push_back(std::move(function));
  return unit;
}

std::string printed(const UnitFacts& unit) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(unit, out);
  return text;
}

std::string printed(const Function& function) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(function, out);
  return text;
}

std::string brokenPromises(const UnitFacts& unit) { return llvm::toString(verify(unit)); }

} // namespace forklint::facts
