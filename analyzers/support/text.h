// Names of the facts, each kept once for the whole process: a Text is one pointer wide, equal texts are the
// same pointer. Making one is safe from any thread. What was interned is never freed: a run ends soon, and
// its facts live as long as it does.
//
// Order is by content, so that it does not depend on which thread met a name first.
#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <compare>
#include <concepts>
#include <cstdint>
#include <string>

namespace forklint {

class Text;
template <typename T>
concept TextLike = !std::same_as<T, Text> && std::convertible_to<const T&, llvm::StringRef>;

class Text {
public:
  Text() = default;
  template <TextLike T> Text(const T& text) : entry(intern(text)) {}

  llvm::StringRef ref() const { return entry ? entry->getKey() : llvm::StringRef(); }
  std::string str() const { return ref().str(); }
  operator llvm::StringRef() const { return ref(); }
  operator std::string() const { return str(); }

  bool empty() const { return !entry; }
  size_t size() const { return ref().size(); }

  /// A number that equal texts share, for hashes; no order.
  uintptr_t identity() const { return reinterpret_cast<uintptr_t>(entry); }

  bool operator==(const Text&) const = default;
  std::strong_ordering operator<=>(const Text& other) const { return ref().compare(other.ref()) <=> 0; }
  template <TextLike T> bool operator==(const T& other) const { return ref() == llvm::StringRef(other); }

private:
  using Entry = llvm::StringMapEntry<std::nullopt_t>;
  /// Null for the empty text.
  static const Entry* intern(llvm::StringRef text);

  const Entry* entry = nullptr;
};

// Templates, so that nothing is converted to a Text for them.
template <std::same_as<Text> T> std::string operator+(std::string left, const T& right) {
  return std::move(left += right.ref());
}
template <std::same_as<Text> T> std::string operator+(const T& left, llvm::StringRef right) {
  return left.str() += right;
}
inline llvm::raw_ostream& operator<<(llvm::raw_ostream& out, const Text& text) { return out << text.ref(); }

} // namespace forklint
