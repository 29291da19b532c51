#include "protocol/messages.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid::protocol {

namespace {

Json parse_object(std::string_view line) {
  Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("type") || !json["type"].is_string()) {
    throw Error(fmt::format("not a protocol message: {}", line.substr(0, 200)));
  }
  return json;
}

// Turns nlohmann's exceptions about missing or mistyped members into one error that shows the line.
template <typename Decode>
auto checked(std::string_view line, Decode decode) {
  try {
    return decode(parse_object(line));
  } catch (const Json::exception& e) {
    throw Error(fmt::format("bad protocol message ({}): {}", e.what(), line.substr(0, 200)));
  }
}

Json to_json(const Hello& m) { return {{"type", "hello"}, {"protocol", m.protocol}, {"stages", m.stages}}; }
Json to_json(const Progress& m) {
  return {{"type", "progress"}, {"task", m.task}, {"done", m.done}, {"total", m.total}, {"metrics", m.metrics}};
}
Json to_json(const ArtifactReady& m) { return {{"type", "artifact"}, {"task", m.task}, {"extent", m.extent}}; }
Json to_json(const Done& m) { return {{"type", "done"}, {"task", m.task}}; }
Json to_json(const Failed& m) {
  return {{"type", "failed"}, {"task", m.task}, {"kind", m.kind}, {"message", m.message}};
}
Json to_json(const Run& m) {
  Json inputs = Json::object();
  for (const auto& [name, input] : m.inputs) {
    inputs[name] = {{"stage", input.first}, {"key", input.second.key}, {"extent", input.second.extent}};
  }
  return {{"type", "run"},
          {"task", m.task},
          {"attempt", m.attempt},
          {"stage", m.stage},
          {"key", m.key},
          {"params", m.params},
          {"extents", m.extents},
          {"inputs", inputs},
          {"seed", m.seed},
          {"threads", m.threads},
          {"device", m.device},
          {"arithmetic", m.arithmetic},
          {"sources", m.sources},
          {"transcript", m.transcript}};
}
Json to_json(const Share& m) { return {{"type", "share"}, {"task", m.task}, {"threads", m.threads}}; }
Json to_json(const Stop&) { return {{"type", "stop"}}; }

Run run_from(const Json& j) {
  Run m{j.at("task"), j.at("attempt"), j.at("stage"),   j.at("key"),    j.at("params"),  j.at("extents"),
        {},           j.at("seed"),    j.at("threads"), j.at("device"), j.at("arithmetic"), j.at("sources"), j.at("transcript")};
  for (const auto& [name, input] : j.at("inputs").items()) {
    m.inputs[name] = {input.at("stage"), ArtifactId{input.at("key"), input.at("extent")}};
  }
  return m;
}

template <typename Message>
std::string encode_any(const Message& message) {
  // Paths and messages may hold bytes that are not UTF-8; they must not stop the protocol.
  return std::visit([](const auto& m) { return to_json(m).dump(-1, ' ', false, Json::error_handler_t::replace); }, message);
}

}  // namespace

std::string encode(const WorkerMessage& message) { return encode_any(message); }
std::string encode(const CoordinatorMessage& message) { return encode_any(message); }

WorkerMessage decode_worker_message(std::string_view line) {
  return checked(line, [&](const Json& j) -> WorkerMessage {
    std::string type = j.at("type");
    if (type == "hello") return Hello{j.at("protocol"), j.at("stages")};
    if (type == "progress") return Progress{j.at("task"), j.at("done"), j.at("total"), j.at("metrics")};
    if (type == "artifact") return ArtifactReady{j.at("task"), j.at("extent")};
    if (type == "done") return Done{j.at("task")};
    if (type == "failed") return Failed{j.at("task"), j.at("kind"), j.at("message")};
    throw Error(fmt::format("unknown message type '{}' from a worker", type));
  });
}

CoordinatorMessage decode_coordinator_message(std::string_view line) {
  return checked(line, [&](const Json& j) -> CoordinatorMessage {
    std::string type = j.at("type");
    if (type == "run") return run_from(j);
    if (type == "share") return Share{j.at("task"), j.at("threads")};
    if (type == "stop") return Stop{};
    throw Error(fmt::format("unknown message type '{}' from the coordinator", type));
  });
}

}  // namespace latentgrid::protocol
