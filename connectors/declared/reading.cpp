#include "connectors/declared/reading.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::declared {

using channel::structure;

known_keys::known_keys(channel::options& settings, const structure& mapping, std::string name)
    : settings_(&settings), mapping_(&mapping), name_(std::move(name)) {
    if (mapping.is != structure::form::mapping) settings_->complain_at(mapping, name_, "wants a mapping of keys");
}

const structure* known_keys::at(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    return mapping_->find(key);
}

const structure* known_keys::require(std::string_view key) {
    const auto* found = at(key);
    if (found == nullptr && mapping_->is == structure::form::mapping) complain(key, "is missing");
    return found;
}

std::optional<std::string> known_keys::text(std::string_view key) {
    const auto* found = at(key);
    if (found == nullptr) return std::nullopt;
    if (found->is == structure::form::text) return found->text;
    complain(key, "wants a text");
    return std::nullopt;
}

std::optional<std::string> known_keys::required_text(std::string_view key) {
    require(key);
    return text(key);
}

bool known_keys::yes_no(std::string_view key, bool fallback) {
    const auto given = text(key);
    if (!given) return fallback;
    if (*given == "yes" || *given == "true") return true;
    if (*given == "no" || *given == "false") return false;
    complain(key, "wants yes or no, not \"" + *given + "\"");
    return fallback;
}

std::vector<std::string> known_keys::texts(std::string_view key) {
    const auto* found = at(key);
    if (found == nullptr) return {};
    if (found->is == structure::form::text) return {found->text};
    std::vector<std::string> all;
    for (const auto& each : found->items) {
        if (each.is == structure::form::text)
            all.push_back(each.text);
        else
            settings_->complain_at(each, name_of(key), "wants texts");
    }
    if (found->is == structure::form::mapping || all.empty()) complain(key, "wants a text, or a list of texts");
    return all;
}

void known_keys::complain(std::string_view key, std::string message) {
    const auto* found = mapping_->find(key);
    settings_->complain_at(found == nullptr ? *mapping_ : *found, name_of(key), std::move(message));
}

std::string known_keys::name_of(std::string_view key) const {
    return name_.empty() ? std::string(key) : name_ + "/" + std::string(key);
}

void known_keys::finish() {
    for (const auto& [key, value] : mapping_->members) {
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        const auto meant = nearest(key, asked_);
        settings_->complain_at(value, name_of(key),
                               "unknown key" + (meant ? ", did you mean \"" + *meant + "\"?" : ""));
    }
}

}  // namespace kindred::connectors::declared
