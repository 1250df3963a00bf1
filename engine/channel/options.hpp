#pragma once
#include "engine/base/time.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::channel {

class connector;

struct structure_member;

/// A setting that is more than texts: what `declared` is told about a provider. Scalars stay text, as in the file.
struct structure {
    enum class form { text = 1, list, mapping };
    form is = form::text;
    std::string text;
    std::vector<structure> items;
    std::vector<structure_member> members;  ///< in the file's order, keys unique
    int line = 0;
    int column = 0;

    /// The value under `key`; null when there is none, or when this is no mapping.
    const structure* find(std::string_view key) const;
};

struct structure_member {
    std::string key;
    structure value;
};

/// One setting of a channel as the configuration gives it. Secrets are already read from their file or variable.
struct option {
    std::string name;
    std::vector<std::string> values;  ///< one, or several for a list
    bool is_list = false;
    int line = 0;
    int column = 0;
    /// Set where the connector's registration names the setting as a structure; `values` is empty then.
    std::shared_ptr<const structure> tree = nullptr;
};

/// A problem with a setting: name the option (or "" for the channel itself) and say what to do.
struct option_problem {
    std::string name;
    std::string message;
    int line = 0;  ///< of a place inside a structure; 0: where the option is
    int column = 0;
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

    /// A setting with a structure of its own; null when it is missing. Valid as long as the options.
    const structure* tree(std::string_view name);

    void complain(std::string_view name, std::string message);
    /// About a place inside a structure. `name` is what stands there, as the admin would look for it.
    void complain_at(const structure& where, std::string_view name, std::string message);
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
    std::span<const std::string_view> structures = {};  ///< settings that are read as a `structure`
};

}  // namespace kindred::channel
