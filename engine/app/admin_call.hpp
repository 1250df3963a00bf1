#pragma once
#include "engine/app/command_line.hpp"
#include "engine/base/error.hpp"

#include <chrono>
#include <future>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace kindred::http {
class client;
}

namespace kindred::app {

struct config;

/// The options by which a command finds the running engine, and whose right it asks by.
void add_engine_options(const command& made, std::string& config, std::string& token);

/// The API of the engine that a configuration describes, as one admin.
class admin_access {
public:
    /// Nothing, with the reasons on `err`, when the configuration is wrong or no token is to be had.
    /// `api_will_do`: a token of an API client is as good.
    static std::optional<admin_access> of(const std::string& config_file, const std::string& token, std::ostream& err,
                                          bool api_will_do = false);

    /// The body of a 2xx answer. errc::unavailable: nobody answers there; everything else: what the engine says.
    /// `body`: JSON of a POST or PUT.
    result<std::string> call(const std::string& method, const std::string& path, const std::string& body = "{}") const;
    /// The same for a POST of whatever type, without waiting for the answer. errc::overloaded: to be tried again.
    std::future<result<std::string>> post(const std::string& path, std::string body, const std::string& content_type,
                                          std::chrono::milliseconds within) const;

private:
    std::future<result<std::string>> begin(const std::string& method, const std::string& path, std::string body,
                                           const std::string& content_type, std::chrono::milliseconds within) const;

    /// Gives the certificates to believe.
    std::string go_by_the_certificate(const config& settings);

    std::shared_ptr<http::client> calls_;
    std::string base_;
    std::string host_;
    std::string token_;
    std::string connect_to_;
};

}  // namespace kindred::app
