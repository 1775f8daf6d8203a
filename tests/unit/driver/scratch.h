// A folder of files that lives as long as a test.
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

#include <string>

class Scratch {
public:
  Scratch() {
    llvm::SmallString<128> made, real;
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("forklint-test", made));
    EXPECT_FALSE(llvm::sys::fs::real_path(made, real));
    folder = real.str().str();
  }
  ~Scratch() { EXPECT_FALSE(llvm::sys::fs::remove_directories(folder)); }
  Scratch(const Scratch&) = delete;

  std::string path(llvm::StringRef name) const { return folder + "/" + name.str(); }
  std::string write(llvm::StringRef name, llvm::StringRef text = "") const {
    std::string file = path(name);
    EXPECT_FALSE(llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file)));
    std::error_code error;
    llvm::raw_fd_ostream(file, error) << text;
    return file;
  }

  std::string folder;
};
