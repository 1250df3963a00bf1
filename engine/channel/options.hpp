#pragma once
#include "engine/base/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

class connector;

/// One setting of a channel as the configuration gives it. Secrets are already read from their file or variable.
struct option {
    std::string name;
    std::vector<std::string> values;  ///< one, or several for a list
    bool is_list = false;
    int line = 0;
    int column = 0;
};

/// A problem with a setting: name the option (or "" for the channel itself) and say what to do.
struct option_problem {
    std::string name;
    std::string message;
};

/// The settings of one channel while its connector is made. Every read marks the setting as known; what nobody read
/// is an unknown setting. Problems are collected, so that an admin sees all of them at once.
class options {
public:
    options(std::string channel, std::vector<option> given, std::string public_url);

    const std::string& channel() const { return channel_; }
    /// "https://support.example.com", no slash at the end; may be empty.
    const std::string& public_url() const { return public_url_; }

    std::string text(std::string_view name, std::string_view fallback = {});
    std::string required(std::string_view name);
    /// One or two values, the new and the old while a secret is rotated. Empty when missing: refuse requests then.
    std::vector<std::string> secrets(std::string_view name);
    std::vector<std::string> list(std::string_view name);
    bool yes_no(std::string_view name, bool fallback);
    duration span(std::string_view name, duration fallback);
    std::int64_t number(std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most);
    /// An absolute http(s) or smtp(s) address without a slash at the end.
    std::string address(std::string_view name, std::string_view fallback);

    void complain(std::string_view name, std::string message);
    const std::vector<option_problem>& problems() const { return problems_; }
    /// Settings that nobody asked for, with their place.
    std::vector<option> unused() const;
    std::vector<std::string> known() const { return asked_; }

private:
    const option* find(std::string_view name);
    std::string channel_;
    std::vector<option> given_;
    std::string public_url_;
    std::vector<std::string> asked_;
    std::vector<option_problem> problems_;
};

/// Makes a connector from its settings. On problems the answer may be null; `options::problems()` says why.
using factory = std::unique_ptr<connector> (*)(options&);

/// One row of the registration table in engine/app/connectors.cpp.
struct registration {
    std::string_view name;  ///< the folder under connectors/
    factory make;
};

}  // namespace kindred::channel
