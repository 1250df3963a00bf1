#pragma once
#include "engine/channel/connector.hpp"
#include "engine/runtime/channel_policy.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// One configured channel.
struct channel_entry {
    std::string name;
    std::string connector;  ///< the provider, e.g. "whatsapp"
    channel_kind kind = channel_kind::api;
    std::shared_ptr<const channel::connector> works;
    channel_policy policy = {};
};

/// Every channel of the site. Immutable after start; safe from every thread.
class channel_directory {
public:
    channel_directory() = default;
    explicit channel_directory(std::vector<channel_entry> entries) : entries_(std::move(entries)) {}

    const channel_entry* find(std::string_view name) const {
        for (const auto& each : entries_)
            if (each.name == name) return &each;
        return nullptr;
    }
    const std::vector<channel_entry>& all() const { return entries_; }

private:
    std::vector<channel_entry> entries_;
};

}  // namespace kindred::runtime
