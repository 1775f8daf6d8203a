// What the files of a project say about how its programs are started. One file a format: each reads the text
// of one file and adds what it finds; none fails, for what a file does not say in its format it does not say.
//
// A new format: a reader in a file of its own, declared here, and a row in formats.cpp.
#pragma once

#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

/// What an image takes from the project: a file or a folder, as the file that makes the image writes it.
struct Copied {
  std::string source; // from the project
  std::string target; // absolute, in the image
};

/// What may lie at a place of the image, as the file that makes the image writes it, the likeliest first: a
/// place is that of a file or of a folder.
std::vector<std::string> sourcesOf(const Copied& copied, llvm::StringRef place);

/// What holds around a command where it runs.
struct Surroundings {
  Settings variables;         // of its environment
  std::string directory;      // empty: that of the project
  std::vector<Copied> copied; // a later one lies over an earlier one
};

/// A simple command.
struct CommandLine {
  std::vector<std::string> words;
  Said said;
  Surroundings around;
};

/// A name under which an installed package calls a function: "package.module:function".
struct NamedFunction {
  std::string name, target;
  Said said;
};

/// What an image is to run: the words of a program, or a text for a shell.
struct Run {
  std::optional<std::vector<std::string>> words;
  std::string text;
  Said said;
};

/// What a container runs, and what holds around that.
struct Image {
  Run entrypoint, command;
  Surroundings around;
};

struct Declarations {
  std::vector<CommandLine> commands;
  std::vector<NamedFunction> functions;

  /// The commands of a text for a shell that begins in `line`.
  void addShell(llvm::StringRef text, const Said& said, const Surroundings& around = {},
                Sourced sourced = nullptr);
  void addWords(std::vector<std::string> words, const Said& said, const Surroundings& around = {});
  /// An entry point of words takes those of the command behind its own, a shell takes none.
  void addContainer(const Run& entrypoint, const Run& command, const Surroundings& around);
};

/// The assignments among the words of a text.
void addAssignments(llvm::StringRef text, const Said& said, Settings& variables, const Variables& known = {});

/// Another file of the project.
struct NamedText {
  std::string path, text;
};

struct DeclaringFile {
  std::string path; // absolute
  llvm::StringRef text;
  /// Gives what a path means in this file, or nothing; may be null.
  llvm::function_ref<std::optional<NamedText>(llvm::StringRef written)> open = nullptr;
};

void readPyproject(const DeclaringFile& file, Declarations& found);
void readSetupCfg(const DeclaringFile& file, Declarations& found);
void readEntryPointsTxt(const DeclaringFile& file, Declarations& found);
void readSetupPy(const DeclaringFile& file, Declarations& found);
void readProcfile(const DeclaringFile& file, Declarations& found);
void readDockerfile(const DeclaringFile& file, Declarations& found);
/// What the last stage of a Dockerfile makes, or the one of a name.
Image imageOf(const DeclaringFile& file, llvm::StringRef stage);
void readCompose(const DeclaringFile& file, Declarations& found);
void readSystemd(const DeclaringFile& file, Declarations& found);
void readSupervisor(const DeclaringFile& file, Declarations& found);
void readShellScript(const DeclaringFile& file, Declarations& found);

/// By name alone: may a file say how a program is started?
bool mayDeclare(llvm::StringRef path);
/// All that the file says; one whose name tells no format is a shell script.
void readDeclarations(const DeclaringFile& file, Declarations& found);

} // namespace forklint::driver
