// What do a worker and its supervisor say to each other?
#include "proofs_checks/conformance/worker_protocol.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace normproof::conformance {
namespace {

using Json = nlohmann::json;

std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

// JSON has no NaN and no infinity.
Json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double number(const Json& json) { return json.is_string() ? std::stod(json.get<std::string>()) : json.get<double>(); }

// What `read` makes of the member of a line of JSON; nothing where the line has none, or another thing.
template <class Read>
auto member(std::string_view line, const char* key, const Read& read) -> std::optional<decltype(read(Json()))> {
  try {
    const Json json = Json::parse(line);
    if (!json.is_object() || !json.contains(key)) return std::nullopt;
    return read(json.at(key));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// The library's own get<int>() makes a whole number of 1e300 by a cast that is undefined.
void require_whole(const Json& json) {
  if (!json.is_number_integer()) throw std::invalid_argument("not a whole number");
}

std::string text_of(const Json& json) { return json.get<std::string>(); }

}  // namespace

std::string request_line(const Request& request) {
  const std::string verb = request.kind == Request::Kind::run ? "run " : "operands ";
  return verb + request.kernel + " " + request.case_text + "\n";
}

std::optional<Request> request(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view verb = line.substr(0, first);
  if (verb != "run" && verb != "operands") return std::nullopt;
  Request made;
  made.kind = verb == "run" ? Request::Kind::run : Request::Kind::operands;
  made.kernel = line.substr(first + 1, second - first - 1);
  made.case_text = line.substr(second + 1);
  return made;
}

std::string listing_line(const std::vector<ListedKernel>& kernels) {
  Json list = Json::array();
  for (const ListedKernel& kernel : kernels) {
    list.push_back({{"name", kernel.name},
                    {"summary", kernel.summary},
                    {"op", kernel.op},
                    {"dtypes", kernel.dtypes},
                    {"flags", kernel.flags},
                    {"loading_changed", kernel.loading_changed}});
  }
  return line_of({{"kernels", std::move(list)}});
}

std::string library_error_line(std::string_view words) { return line_of({{"library_error", words}}); }
std::string threw_line(std::string_view words) { return line_of({{"threw", words}}); }
std::string result_line(const CaseResult& result) { return line_of({{"result", to_json(result)}}); }

std::string operands_line(const std::vector<DumpedOperand>& operands) {
  Json list = Json::array();
  for (const DumpedOperand& operand : operands) {
    Json values = Json::array();
    for (const double value : operand.values) values.push_back(number(value));
    list.push_back({{"name", operand.name}, {"shape", operand.shape}, {"values", std::move(values)}});
  }
  return line_of({{"operands", std::move(list)}});
}

std::optional<std::vector<ListedKernel>> listing(std::string_view line) {
  return member(line, "kernels", [](const Json& list) {
    std::vector<ListedKernel> kernels;
    for (const Json& kernel : list) {
      for (const char* key : {"op", "dtypes", "flags"}) require_whole(kernel.at(key));
      kernels.push_back({text_of(kernel.at("name")), text_of(kernel.at("summary")), kernel.at("op").get<std::int32_t>(),
                         kernel.at("dtypes").get<std::uint32_t>(), kernel.at("flags").get<std::uint32_t>(),
                         text_of(kernel.at("loading_changed"))});
    }
    return kernels;
  });
}

std::optional<std::string> library_error(std::string_view line) { return member(line, "library_error", text_of); }
std::optional<std::string> threw(std::string_view line) { return member(line, "threw", text_of); }

std::optional<CaseResult> result(std::string_view line) {
  return member(line, "result", [](const Json& json) { return case_result(json); });
}

std::optional<std::vector<DumpedOperand>> operands(std::string_view line) {
  return member(line, "operands", [](const Json& list) {
    std::vector<DumpedOperand> operands;
    for (const Json& json : list) {
      DumpedOperand operand;
      operand.name = text_of(json.at("name"));
      for (const Json& extent : json.at("shape")) require_whole(extent);
      operand.shape = json.at("shape").get<std::vector<std::int64_t>>();
      for (const Json& value : json.at("values")) operand.values.push_back(number(value));
      operands.push_back(std::move(operand));
    }
    return operands;
  });
}

}  // namespace normproof::conformance
