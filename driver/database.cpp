#include "driver/database.h"

#include "driver/walk.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

namespace forklint::driver {
namespace {

llvm::Error wrong(llvm::StringRef path, const llvm::Twine& what) {
  return llvm::createStringError(path + ": " + what);
}

std::vector<std::string> words(llvm::StringRef command) {
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char*> split;
  llvm::cl::TokenizeGNUCommandLine(command, saver, split);
  return {split.begin(), split.end()};
}

/// Puts what stands in a file FILE in place of `@FILE`; what cannot be read stays, and the compiler tells.
void expandResponseFiles(CompileCommand& command) {
  llvm::BumpPtrAllocator memory;
  llvm::SmallVector<const char*> words;
  for (const std::string& word : command.arguments)
    words.push_back(word.c_str());
  llvm::cl::ExpansionContext context(memory, llvm::cl::TokenizeGNUCommandLine);
  llvm::Error error = context.setCurrentDir(command.directory).expandResponseFiles(words);
  if (error) return llvm::consumeError(std::move(error));
  command.arguments.assign(words.begin(), words.end());
}

llvm::Expected<CompileCommand> readEntry(const llvm::json::Value& value, size_t index, llvm::StringRef path) {
  std::string where = "entry " + std::to_string(index);
  const llvm::json::Object* entry = value.getAsObject();
  if (!entry) return wrong(path, where + " is not an object");
  auto file = entry->getString("file");
  if (!file) return wrong(path, where + " has no \"file\"");
  CompileCommand command;
  // A relative folder is one beside the database.
  llvm::SmallString<256> directory(entry->getString("directory").value_or("."));
  llvm::sys::fs::make_absolute(absolutePath(llvm::sys::path::parent_path(absolutePath(path))), directory);
  command.directory = absolutePath(directory);
  if (const llvm::json::Array* arguments = entry->getArray("arguments")) {
    for (const llvm::json::Value& argument : *arguments)
      command.arguments.push_back(argument.getAsString().value_or("").str());
  } else if (auto text = entry->getString("command")) {
    command.arguments = words(*text);
  }
  expandResponseFiles(command);
  if (command.arguments.empty())
    return wrong(path, where + " (" + file->str() + ") has neither \"arguments\" nor \"command\"");
  llvm::SmallString<256> absolute(*file);
  llvm::sys::fs::make_absolute(absolutePath(command.directory), absolute);
  command.file = absolutePath(absolute);
  return command;
}

} // namespace

llvm::Expected<std::vector<CompileCommand>> readDatabase(llvm::StringRef text, llvm::StringRef path) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) return wrong(path, "not a compile database: " + llvm::toString(value.takeError()));
  const llvm::json::Array* entries = value->getAsArray();
  if (!entries) return wrong(path, "not a compile database: a list of entries is expected");
  std::vector<CompileCommand> commands;
  llvm::StringSet<> seen;
  for (size_t index = 0; index < entries->size(); ++index) {
    auto command = readEntry((*entries)[index], index, path);
    if (!command) return command.takeError();
    if (seen.insert(command->file).second) commands.push_back(std::move(*command));
  }
  return commands;
}

} // namespace forklint::driver
