// Headers that units of one command have in common, parsed once and kept in memory as a precompiled header. A
// unit parsed on top of them gives the facts that it gives alone, or it is refused:
//
//  - the project asks for no macro of a shared header before the unit includes that header;
//  - where a header mentions a name that somebody else makes a macro, both happen in the same order;
//  - shared headers are included at file scope;
//  - there is no error.
//
// What is left is that declarations are there which the unit does not include; nothing in it can mention
// them, but overloads of a name that it mentions as well. And a header that is found by several paths has one
// `__FILE__`. Headers of the system allow any order among themselves: only what the project does is watched.
#pragma once

#include "cpp-frontend/include-trace.h"
#include "cpp-frontend/protocol.h"

#include "analyzers/facts/facts.h"

#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <memory>
#include <string>
#include <vector>

namespace forklint::cpp {

using FileSystem = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;

class SharedHeaders {
public:
  /// The name of the file that includes them, which is nowhere.
  static constexpr llvm::StringLiteral source = "forklint-shared-headers.h";

  /// `invocation` is that of a unit of the command, `names` are those of headers (IncludedHeader). Null where
  /// there are none or they cannot be parsed by themselves.
  static std::unique_ptr<SharedHeaders> build(const WorkItem& item,
                                              const clang::CompilerInvocation& invocation,
                                              const FileSystem& files, const std::vector<std::string>& names);

  /// Lets a parse begin with them. They outlive it.
  void use(clang::CompilerInvocation& invocation, FileSystem& files) const;

  /// Who makes something a macro, or none any more, which another one mentions; one of them is the project's.
  struct Definer {
    FileId file;
    bool isBefore = false; // the one that mentions it was read afterwards
  };
  struct File {
    std::vector<FileId> includes;
    std::vector<Definer> definers;
  };
  struct Comment {
    FileId file;
    std::string path;
    facts::Suppression suppression;
  };

  llvm::DenseMap<FileId, File> contents;
  std::vector<FileId> given;                         // included by the command
  llvm::StringMap<std::vector<FileId>> mentions;     // which of them mention an identifier
  llvm::StringMap<std::vector<FileId>> alternatives; // of the system, which define the same macro
  std::vector<facts::Input> inputs;                  // all that was read
  std::vector<std::string> absent;                   // all that was looked for in vain
  std::vector<Comment> suppressions;                 // comments in headers of the project

private:
  SharedHeaders() = default;

  std::unique_ptr<clang::PrecompiledPreamble> parsed;
};

} // namespace forklint::cpp
