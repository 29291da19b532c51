#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace latentgrid::db {

// The numbers below `count` in the order of their keys, hex digits or other text. Whoever enters or reads rows in the order of their
// table has one page after the other in hand; in any other order each row waits for a page of its own.
std::vector<std::size_t> in_key_order(std::size_t count, const std::function<const std::string&(std::size_t)>& key);

}  // namespace latentgrid::db
