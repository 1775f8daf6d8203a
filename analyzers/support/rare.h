// A value that is nearly always T(): one pointer wide, and nothing behind it then.
#pragma once

#include <memory>
#include <utility>

namespace forklint {

template <typename T> class Rare {
public:
  Rare() = default;
  Rare(const T& value) : kept(value == T() ? nullptr : std::make_unique<T>(value)) {}
  Rare(const Rare& other) : kept(other.kept ? std::make_unique<T>(*other.kept) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    kept = std::move(other.kept);
    return *this;
  }

  T get() const { return kept ? *kept : T(); }
  operator T() const { return get(); }
  bool operator==(const Rare& other) const { return get() == other.get(); }
  bool operator==(const T& other) const { return get() == other; }

private:
  std::unique_ptr<const T> kept;
};

} // namespace forklint
