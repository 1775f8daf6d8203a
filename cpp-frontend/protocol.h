// How the driver talks to forklint-cpp; both sides include this file, which needs LLVM Support only.
//
// In: a work list, one JSON object a line, on standard input or in the file given as argument:
//   {"unit": "src/a.cpp", "directory": "/build", "arguments": ["c++", "-I..", "src/a.cpp"], "bodies": "main"}
// "arguments" is a command as in compile_commands.json, the compiler first; flags that do not matter to a
// parse are dropped by the front end. "unit" is the path as the report shall print it: absolute or relative
// to "directory". "bodies" is "main" (bodies of the main file, and what is generated for it) or "all"
// (project headers too).
//
// Out: one frame for each line, in order: magic, number of the line (from 0), size, each four bytes, least
// significant first, then the facts as facts::encode writes them. Nothing else is written to standard output.
//
// A crash in a unit gives a frame with a gap for the whole unit, and the process goes on. If the process
// ends before the frame of line N, that unit is the one to blame: start again with the lines after N.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::cpp {

inline constexpr uint32_t frameMagic = 0x31464b46; // "FKF1"
inline constexpr size_t frameHeaderSize = 12;

/// Which bodies are lowered: those of the main file and what they mention in headers that are not the
/// system's, or all of these.
enum class Bodies : uint8_t { Main, All };

struct WorkItem {
  std::string unit;
  std::string directory;
  std::vector<std::string> arguments;
  Bodies bodies = Bodies::Main;
};

inline std::string formatWorkItem(const WorkItem& item) {
  std::string line;
  llvm::raw_string_ostream out(line);
  out << llvm::json::Value(llvm::json::Object{{"unit", item.unit},
                                              {"directory", item.directory},
                                              {"arguments", llvm::json::Array(item.arguments)},
                                              {"bodies", item.bodies == Bodies::All ? "all" : "main"}})
      << '\n';
  return line;
}

inline llvm::Expected<WorkItem> parseWorkItem(llvm::StringRef line) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value) return value.takeError();
  const llvm::json::Object* object = value->getAsObject();
  const llvm::json::Array* arguments = object ? object->getArray("arguments") : nullptr;
  if (!arguments || !object->getString("unit"))
    return llvm::createStringError("a work item needs \"unit\" and \"arguments\"");
  WorkItem item;
  item.unit = object->getString("unit")->str();
  item.directory = object->getString("directory").value_or("").str();
  item.bodies = object->getString("bodies").value_or("main") == "all" ? Bodies::All : Bodies::Main;
  for (const llvm::json::Value& argument : *arguments)
    item.arguments.push_back(argument.getAsString().value_or("").str());
  return item;
}

inline std::string frameHeader(uint32_t line, uint32_t size) {
  std::string header(frameHeaderSize, '\0');
  llvm::support::endian::write32le(header.data(), frameMagic);
  llvm::support::endian::write32le(header.data() + 4, line);
  llvm::support::endian::write32le(header.data() + 8, size);
  return header;
}

struct Frame {
  uint32_t line = 0;
  llvm::StringRef facts;
};

/// Takes a whole frame off the front of `buffer`; nothing while more bytes are needed.
inline llvm::Expected<std::optional<Frame>> takeFrame(llvm::StringRef& buffer) {
  if (buffer.size() < frameHeaderSize) return std::nullopt;
  if (llvm::support::endian::read32le(buffer.data()) != frameMagic)
    return llvm::createStringError("forklint-cpp wrote something that is not a frame");
  size_t size = llvm::support::endian::read32le(buffer.data() + 8);
  if (buffer.size() - frameHeaderSize < size) return std::nullopt;
  Frame frame{llvm::support::endian::read32le(buffer.data() + 4), buffer.substr(frameHeaderSize, size)};
  buffer = buffer.drop_front(frameHeaderSize + size);
  return frame;
}

} // namespace forklint::cpp
