#pragma once
#include "engine/channel/options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::declared {

/// A mapping of the configuration with keys that are known. Problems are told to the options with their place; reading
/// goes on, so that an admin sees all of them at once. The structure and the options must outlive it.
class known_keys {
public:
    /// `name` is how messages call the mapping: "contact/attachments". Complains when it is no mapping.
    known_keys(channel::options& settings, const channel::structure& mapping, std::string name);

    /// The value under a key; null when there is none.
    const channel::structure* at(std::string_view key);
    /// The same, and complains when it is missing.
    const channel::structure* require(std::string_view key);
    /// The text under a key; nothing when it is missing, or no text, which is then a problem.
    std::optional<std::string> text(std::string_view key);
    std::optional<std::string> required_text(std::string_view key);
    bool yes_no(std::string_view key, bool fallback);
    /// One text or a list of texts.
    std::vector<std::string> texts(std::string_view key);

    void complain(std::string_view key, std::string message);
    std::string name_of(std::string_view key) const;
    channel::options& settings() { return *settings_; }
    /// Complains about keys that no call has named. Call once, last.
    void finish();

private:
    channel::options* settings_;
    const channel::structure* mapping_;
    std::string name_;
    std::vector<std::string> asked_;
};

/// One of a few words, or nothing and a problem that lists them.
template <class E, std::size_t Count>
std::optional<E> choose(known_keys& in, std::string_view key, const std::pair<std::string_view, E> (&choices)[Count]) {
    const auto given = in.text(key);
    if (!given) return std::nullopt;
    std::string allowed;
    for (const auto& [word, value] : choices) {
        if (word == *given) return value;
        allowed += (allowed.empty() ? "" : ", ") + std::string(word);
    }
    in.complain(key, "wants one of " + allowed + ", not \"" + *given + "\"");
    return std::nullopt;
}

}  // namespace kindred::connectors::declared
