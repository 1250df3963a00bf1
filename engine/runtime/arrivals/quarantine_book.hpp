#pragma once
#include <map>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// What is in quarantine, by id, so that it stays bounded. Not thread-safe.
class quarantine_book {
public:
    static constexpr std::size_t most_of_a_channel = 200;
    static constexpr std::size_t most = 1'000;

    /// False when it is there already, or there is no room: what is in it is never given up for what comes.
    bool add(const std::string& id, const std::string& channel) {
        auto& of_channel = by_channel_[channel];
        if (channels_.contains(id) || channels_.size() >= most || of_channel >= most_of_a_channel) return false;
        channels_.emplace(id, channel);
        ++of_channel;
        return true;
    }
    bool remove(const std::string& id) {
        const auto found = channels_.find(id);
        if (found == channels_.end()) return false;
        --by_channel_[found->second];
        channels_.erase(found);
        return true;
    }
    bool has(const std::string& id) const { return channels_.contains(id); }
    std::size_t size() const { return channels_.size(); }

private:
    std::map<std::string, std::string> channels_;  ///< by id
    std::map<std::string, std::size_t> by_channel_;
};

/// The channel that a stored row names.
std::string channel_of_quarantined(std::string_view bytes);

}  // namespace kindred::runtime
