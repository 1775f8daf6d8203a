// What the value of an option may be, whether the command line or a configuration gives it. See options.h.
#include "driver/options.h"

namespace forklint::driver {

static llvm::Error wrong(const llvm::Twine& what) { return llvm::createStringError(what); }

std::optional<check::Level> parseLevel(llvm::StringRef text) {
  for (check::Level level : {check::Level::Note, check::Level::Warning, check::Level::Error})
    if (text == check::spelling(level)) return level;
  return std::nullopt;
}

/// Whether a range ends before it begins.
static bool isReversed(llvm::StringRef range) {
  auto [from, to] = range.split('-');
  std::optional<Variants> low = parseVersions(from), high = parseVersions(to);
  return low && high && *high && *high < *low;
}

llvm::Expected<Variants> parseTargets(llvm::StringRef text, llvm::StringRef where) {
  std::optional<Variants> targets = parseVersions(text);
  if (targets && *targets) return *targets;
  llvm::StringRef why =
      isReversed(text) ? "ends before it begins" : "is no version or range that this program knows";
  return wrong(where + ": `" + text + "` " + why +
               "; it takes Python 3.8 to 3.14, such as 3.11, 3.8-3.13 or 3.9-");
}

llvm::Error checkPlatform(llvm::StringRef platform, llvm::StringRef where) {
  if (platform.empty() || platform == "linux" || platform == "macos") return llvm::Error::success();
  return wrong(where + ": `" + platform +
               "` is not described by the models of this version; it knows linux and macos");
}

llvm::Error checkLibc(llvm::StringRef libc, llvm::StringRef where) {
  if (libc.empty()) return llvm::Error::success();
  auto [name, version] = libc.split('-');
  unsigned major = 0, minor = 0, patch = 0;
  bool isVersion = !version.consumeInteger(10, major) && version.consume_front(".") &&
                   !version.consumeInteger(10, minor) &&
                   (version.empty() || (version.consume_front(".") && !version.getAsInteger(10, patch)));
  bool isKnown = isVersion ? (name == "glibc" && major == 2) || (name == "musl" && (major > 1 || minor >= 2))
                           : libc == "glibc" || libc == "musl" || libc == "libSystem";
  if (isKnown) return llvm::Error::success();
  return wrong(where + ": `" + libc +
               "` is not described by the models of this version; it knows glibc, glibc-2.N, musl, "
               "musl-1.2.N and libSystem");
}

} // namespace forklint::driver
