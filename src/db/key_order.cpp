#include "db/key_order.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace latentgrid::db {

namespace {

// The first eight bytes, as a number that compares as they do: of a million keys few begin alike, and the texts lie all over the memory.
std::uint64_t beginning(const std::string& key) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) bytes = bytes << 8 | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0u);
  return bytes;
}

}  // namespace

std::vector<std::size_t> in_key_order(std::size_t count, const std::function<const std::string&(std::size_t)>& key) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  keys.reserve(count);
  for (std::size_t i = 0; i < count; ++i) keys.emplace_back(beginning(key(i)), i);
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const int order = key(a.second).compare(key(b.second));
    return order != 0 ? order < 0 : a.second < b.second;
  });
  std::vector<std::size_t> order;
  order.reserve(count);
  for (const auto& [start, number] : keys) order.push_back(number);
  return order;
}

}  // namespace latentgrid::db
