#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace latentgrid {

// Incremental SHA-256 (OpenSSL). A copy goes on from where its original is. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256& other);
  Sha256& operator=(const Sha256& other);
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  // 64 lower-case hex digits; the object may not be used afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// Builds a content key: SHA-256 over named, typed, length-prefixed fields, so that no two different identities give the
// same bytes. `transcript()` is the readable list of what was hashed, one `name = type value` a line. A copy goes on from
// where its original is: many keys that begin alike hash the beginning once.
class KeyBuilder {
 public:
  enum class Transcript { keep, drop };
  explicit KeyBuilder(Transcript transcript = Transcript::keep) : keep_transcript_(transcript == Transcript::keep) {}

  KeyBuilder& add(std::string_view name, const Json& value);  // null, bool, integer, real, text, arrays and objects
  // What add() makes of a text, an integer and the opening of an object, without a Json in between.
  KeyBuilder& add_text(std::string_view path, std::string_view value);
  KeyBuilder& add_integer(std::string_view path, std::int64_t value);
  KeyBuilder& add_map(std::string_view path, std::size_t size);  // its members follow as "path.name", sorted by name
  const std::string& transcript() const { return transcript_; }
  std::string key();  // 64 hex digits

 private:
  void field(std::string_view path, char type, std::string_view name, std::string_view bytes);
  void value(const std::string& path, const Json& value);
  void hash_unhashed();

  Sha256 hash_;
  std::string unhashed_;  // what follows
  bool keep_transcript_;
  std::string transcript_;
};

// The shortest text that reads back as the same double (std::to_chars); integers-as-reals keep a ".0".
std::string real_to_text(double value);

}  // namespace latentgrid
