// What is set for a server, by options, by its environment and by its configuration file: names without
// dashes.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forklint::driver {

/// The place in a file that says something; lines count from 1.
struct Said {
  std::string file; // absolute
  uint32_t line = 0;
  bool operator==(const Said&) const = default;
};

struct Setting {
  std::string name, value; // an option without a value has none
  Said said;
};

class Settings {
public:
  void add(std::string name, std::string value, const Said& said) {
    all.push_back({std::move(name), std::move(value), said});
  }
  /// Nothing is set under the name any more.
  void remove(llvm::StringRef name);
  void clear() { all.clear(); }
  void add(const Settings& others) { all.insert(all.end(), others.all.begin(), others.all.end()); }
  /// The one that counts of several names: the last. Null where nothing is set.
  const Setting* find(llvm::ArrayRef<std::string> names) const;
  std::vector<const Setting*> findAll(llvm::ArrayRef<std::string> names) const;
  /// The same, where it does not say no.
  const Setting* isOn(llvm::ArrayRef<std::string> names) const;
  /// Puts what a configuration says before what options say, which count more.
  void addBefore(const Settings& configuration);
  void each(llvm::function_ref<void(const Setting& setting)> visit) const {
    for (const Setting& setting : all)
      visit(setting);
  }
  bool empty() const { return all.empty(); }

private:
  std::vector<Setting> all;
};

} // namespace forklint::driver
