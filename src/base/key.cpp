#include "base/key.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>

#include "base/error.hpp"

namespace latentgrid {

namespace {

// A call of OpenSSL costs more than the hash of a short field: they go to it together.
constexpr std::size_t worth_hashing = 192;

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (!state_->context || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
    throw Error("OpenSSL offers no SHA-256");
  }
}
Sha256::~Sha256() = default;
Sha256::Sha256(const Sha256& other) : state_(std::make_unique<State>()) {
  if (!state_->context || EVP_MD_CTX_copy_ex(state_->context, other.state_->context) != 1) {
    throw Error("OpenSSL cannot copy a SHA-256");
  }
}
Sha256& Sha256::operator=(const Sha256& other) { return *this = Sha256(other); }
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

void Sha256::update(std::string_view bytes) { update(std::as_bytes(std::span(bytes))); }

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &length);
  static constexpr char digits[] = "0123456789abcdef";
  std::string out(2 * length, '0');
  for (unsigned int i = 0; i < length; ++i) {
    out[2 * i] = digits[digest[i] >> 4];
    out[2 * i + 1] = digits[digest[i] & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string real_to_text(double value) {
  std::array<char, 32> buffer;
  auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), end);
  if (text.find_first_of(".enai") == std::string::npos) text += ".0";
  return text;
}

void KeyBuilder::field(std::string_view path, char type, std::string_view name, std::string_view bytes) {
  // The length and the text of the path, the type, the length and the text of the value.
  auto add_size = [&](std::size_t size) {
    std::array<char, 24> digits;
    unhashed_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), size).ptr);
    unhashed_ += ':';
  };
  add_size(path.size());
  unhashed_ += path;
  unhashed_ += type;
  add_size(bytes.size());
  unhashed_ += bytes;
  if (unhashed_.size() >= worth_hashing) hash_unhashed();
  if (!keep_transcript_) return;
  for (std::string_view part : {path, std::string_view(" = "), name, std::string_view(" "), bytes}) transcript_ += part;
  transcript_ += '\n';
}

void KeyBuilder::hash_unhashed() {
  hash_.update(unhashed_);
  unhashed_.clear();
}

void KeyBuilder::value(const std::string& path, const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return field(path, 'n', "null", "");
    case Json::value_t::boolean: return field(path, 'b', "bool", value.get<bool>() ? "true" : "false");
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return field(path, 'i', "int", value.dump());
    case Json::value_t::number_float: return field(path, 'r', "real", real_to_text(value.get<double>()));
    case Json::value_t::string: return field(path, 's', "text", value.get_ref<const std::string&>());
    case Json::value_t::array: {
      field(path, 'a', "list", std::to_string(value.size()));
      std::size_t i = 0;
      for (const Json& item : value) this->value(fmt::format("{}[{}]", path, i++), item);
      return;
    }
    case Json::value_t::object: {
      add_map(path, value.size());
      for (const auto& [name, item] : value.items()) this->value(path + "." + name, item);
      return;
    }
    default: throw Error("a key cannot hold binary JSON values");
  }
}

KeyBuilder& KeyBuilder::add(std::string_view name, const Json& v) {
  value(std::string(name), v);
  return *this;
}

KeyBuilder& KeyBuilder::add_text(std::string_view path, std::string_view value) {
  field(path, 's', "text", value);
  return *this;
}

KeyBuilder& KeyBuilder::add_integer(std::string_view path, std::int64_t value) {
  field(path, 'i', "int", std::to_string(value));
  return *this;
}

KeyBuilder& KeyBuilder::add_map(std::string_view path, std::size_t size) {
  field(path, 'o', "map", std::to_string(size));
  return *this;
}

std::string KeyBuilder::key() {
  hash_unhashed();
  return hash_.hex();
}

}  // namespace latentgrid
