#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Recorded provider requests with what is expected of them, read from a folder with cases.json: the recordings handed
/// to the project, where they are there, and our own under tests/connectors/fixtures.
namespace kindred::testing {

std::string read_file(const std::string& path);
bool file_exists(const std::string& path);

/// A request that owns its bytes.
struct recorded_request {
    std::string method = "POST";
    std::string url;
    std::string subpath;
    std::string query;
    std::vector<channel::header> headers;
    std::string body;
    std::string session;
    bool authenticated = false;

    channel::request view() const;
    /// Sets what follows from an address: subpath and query.
    void set_url(std::string address);
};

/// The reception of one case of cases.json: connector made from its secrets, request read from its file.
channel::reception run_case(channel::factory make, json::value one_case, const std::string& folder);

/// What differs between a reception and a case's `ack` and `expect`; empty when it passes.
std::vector<std::string> differences(json::value one_case, const channel::reception& received);

/// A connector from settings, with a failure when one of them is refused or unknown.
std::unique_ptr<channel::connector> connector_with(channel::factory make,
                                                   const std::vector<std::pair<std::string, std::string>>& settings,
                                                   const std::string& public_url = "https://support.example.com");

}  // namespace kindred::testing
