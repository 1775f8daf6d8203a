// A vector that is one pointer wide: sizes stand before the elements. The facts hold millions of lists, most
// of them empty or short, which std::vector would pay with 24 bytes each.
//
// A copy has no spare room; whoever has built a list by push_back calls shrink() at the end.
//
// Small rooms come from a pool: an allocator pays 8 bytes for each, and no less than 32. Rooms that are given
// back are kept for the lists of the thread, not given back to the system: facts stay until the process ends.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <ranges>
#include <utility>
#include <vector>

namespace forklint {

void* takeRoom(size_t bytes);
void giveRoom(void* room, size_t bytes);

template <typename T> class List {
public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;
  using reference = T&;
  using const_reference = const T&;
  using size_type = size_t;
  using difference_type = ptrdiff_t;

  List() = default;
  List(std::initializer_list<T> values) : List(values.begin(), values.end()) {}
  template <std::forward_iterator I> List(I first, I last) {
    reallocate(static_cast<size_t>(std::distance(first, last)));
    for (; first != last; ++first)
      emplace_back(*first);
  }
  template <std::ranges::sized_range R>
    requires(!std::same_as<std::remove_cvref_t<R>, List> &&
             std::convertible_to<std::ranges::range_reference_t<R>, T>)
  List(const R& range) : List(std::ranges::begin(range), std::ranges::end(range)) {}
  /// Takes the elements and leaves the spare room.
  List(std::vector<T>&& from) {
    reallocate(from.size());
    for (T& item : from)
      emplace_back(std::move(item));
  }
  List(const List& other) : List(other.begin(), other.end()) {}
  List(List&& other) noexcept : items(std::exchange(other.items, nullptr)) {}
  List& operator=(List other) noexcept {
    std::swap(items, other.items);
    return *this;
  }
  ~List() { release(); }

  size_t size() const { return items ? header().size : 0; }
  size_t capacity() const { return items ? header().capacity : 0; }
  bool empty() const { return size() == 0; }
  T* data() { return items; }
  const T* data() const { return items; }
  T* begin() { return items; }
  T* end() { return items + size(); }
  const T* begin() const { return items; }
  const T* end() const { return items + size(); }
  T& operator[](size_t index) { return items[index]; }
  const T& operator[](size_t index) const { return items[index]; }
  T& front() { return items[0]; }
  const T& front() const { return items[0]; }
  T& back() { return items[size() - 1]; }
  const T& back() const { return items[size() - 1]; }

  template <typename... Arguments> T& emplace_back(Arguments&&... arguments) {
    if (size() < capacity()) {
      T* made = new (static_cast<void*>(end())) T(std::forward<Arguments>(arguments)...);
      ++header().size;
      return *made;
    }
    T made(std::forward<Arguments>(arguments)...); // may be made of an element of the list
    reallocate(2 * size() + 1);
    return emplace_back(std::move(made));
  }
  void push_back(T value) { emplace_back(std::move(value)); }
  void clear() {
    if (!items) return;
    std::destroy(begin(), end());
    header().size = 0;
  }
  /// Gives spare room back.
  void shrink() {
    if (size() < capacity()) reallocate(size());
  }

  operator llvm::ArrayRef<T>() const { return {items, size()}; }
  bool operator==(const List& other) const { return std::ranges::equal(*this, other); }

private:
  struct Header {
    uint32_t size, capacity;
  };
  static_assert(sizeof(Header) % alignof(T) == 0);

  Header& header() const { return reinterpret_cast<Header*>(items)[-1]; }
  static size_t bytesFor(size_t capacity) { return sizeof(Header) + capacity * sizeof(T); }
  void release() {
    if (!items) return;
    clear();
    giveRoom(&header(), bytesFor(capacity()));
    items = nullptr;
  }
  void reallocate(size_t capacity) {
    assert(capacity <= std::numeric_limits<uint32_t>::max() && capacity >= size());
    T* made = nullptr;
    if (capacity) {
      auto* room = static_cast<Header*>(takeRoom(bytesFor(capacity)));
      *room = {static_cast<uint32_t>(size()), static_cast<uint32_t>(capacity)};
      made = reinterpret_cast<T*>(room + 1);
      std::uninitialized_move(begin(), end(), made);
    }
    release();
    items = made;
  }

  T* items = nullptr;
};

} // namespace forklint
