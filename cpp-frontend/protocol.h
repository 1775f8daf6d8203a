// How the driver talks to forklint-cpp; both sides include this file, which needs LLVM Support only.
//
// In: a work list, one JSON object a line, on standard input or in the file given as argument:
//   {"unit": "src/a.cpp", "directory": "/build", "arguments": ["c++", "-I..", "src/a.cpp"], "bodies": "main"}
// "arguments" is a command as in compile_commands.json, the compiler first; flags that do not matter to a
// parse are dropped by the front end. "unit" is the path as the report shall print it: absolute or relative
// to "directory". "bodies" is "main" (bodies of the main file, and what is generated for it) or "all"
// (project headers too). "sharing" (true) allows to parse headers that units of one command have in common
// once for all of them: lines with the same command should follow each other. "seconds" (of CPU) and
// "megabytes" are what the unit may take; 0: any.
//
// Out: one frame for each line, in order: magic, number of the line (from 0), whether headers were shared (0,
// 1), size of the facts, size of the paths, each four bytes, least significant first; then the facts as
// facts::encode writes them, and the paths that were looked for and are absent, each with a zero byte behind
// it. Nothing else is written to standard output.
//
// A crash in a unit gives a frame with a gap for the whole unit, and the process goes on. If the process
// ends before the frame of line N, that unit is the one to blame: start again with the lines after N. Who
// takes too long ends by SIGXCPU, who needs too much memory with status `outOfMemory`.
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

inline constexpr uint32_t frameMagic = 0x33464b46; // "FKF3"
inline constexpr size_t frameHeaderSize = 20;
inline constexpr int outOfMemory = 71;

/// Which bodies are lowered: those of the main file and what they mention in headers that are not the
/// system's, or all of these.
enum class Bodies : uint8_t { Main, All };

struct WorkItem {
  std::string unit;
  std::string directory;
  std::vector<std::string> arguments;
  Bodies bodies = Bodies::Main;
  bool isSharing = true;
  uint32_t seconds = 0;
  uint32_t megabytes = 0;
};

inline std::string formatWorkItem(const WorkItem& item) {
  std::string line;
  llvm::raw_string_ostream out(line);
  out << llvm::json::Value(llvm::json::Object{{"unit", item.unit},
                                              {"directory", item.directory},
                                              {"arguments", llvm::json::Array(item.arguments)},
                                              {"bodies", item.bodies == Bodies::All ? "all" : "main"},
                                              {"sharing", item.isSharing},
                                              {"seconds", item.seconds},
                                              {"megabytes", item.megabytes}})
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
  item.isSharing = object->getBoolean("sharing").value_or(true);
  item.seconds = static_cast<uint32_t>(object->getInteger("seconds").value_or(0));
  item.megabytes = static_cast<uint32_t>(object->getInteger("megabytes").value_or(0));
  for (const llvm::json::Value& argument : *arguments)
    item.arguments.push_back(argument.getAsString().value_or("").str());
  return item;
}

struct Frame {
  uint32_t line = 0;
  bool isShared = false;
  llvm::StringRef facts;
  llvm::StringRef absent; // paths, each with a zero byte behind it
};

inline std::string formatFrame(const Frame& frame) {
  std::string bytes(frameHeaderSize, '\0');
  llvm::support::endian::write32le(bytes.data(), frameMagic);
  llvm::support::endian::write32le(bytes.data() + 4, frame.line);
  llvm::support::endian::write32le(bytes.data() + 8, frame.isShared);
  llvm::support::endian::write32le(bytes.data() + 12, static_cast<uint32_t>(frame.facts.size()));
  llvm::support::endian::write32le(bytes.data() + 16, static_cast<uint32_t>(frame.absent.size()));
  bytes += frame.facts;
  bytes += frame.absent;
  return bytes;
}

/// Takes a whole frame off the front of `buffer`; nothing while more bytes are needed.
inline llvm::Expected<std::optional<Frame>> takeFrame(llvm::StringRef& buffer) {
  if (buffer.size() < frameHeaderSize) return std::nullopt;
  if (llvm::support::endian::read32le(buffer.data()) != frameMagic)
    return llvm::createStringError("forklint-cpp wrote something that is not a frame");
  size_t facts = llvm::support::endian::read32le(buffer.data() + 12);
  size_t absent = llvm::support::endian::read32le(buffer.data() + 16);
  if (buffer.size() - frameHeaderSize < facts + absent) return std::nullopt;
  Frame frame{llvm::support::endian::read32le(buffer.data() + 4),
              llvm::support::endian::read32le(buffer.data() + 8) != 0, buffer.substr(frameHeaderSize, facts),
              buffer.substr(frameHeaderSize + facts, absent)};
  buffer = buffer.drop_front(frameHeaderSize + facts + absent);
  return frame;
}

} // namespace forklint::cpp
