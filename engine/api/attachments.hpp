#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// Files of conversations: agents fetch and bring them, providers fetch those that are sent. Called on blocking
/// threads.
class attachment_endpoints {
public:
    explicit attachment_endpoints(runtime::site& site) : site_(site) {}

    /// The bytes, for an agent. What browsers might run is never shown by them.
    void download(std::shared_ptr<call> asked);
    /// The raw body becomes a file that replies may name.
    void upload(std::shared_ptr<call> asked);
    /// The bytes for whoever has a link that a message carried; nobody is asked who he is.
    void linked(const std::shared_ptr<call>& asked);

private:
    enum class reader { person = 1, provider };
    void send(const call& asked, std::string_view id, reader who);
    runtime::site& site_;
};

/// `"files":[...]` of a ticket: id, entry, name, type, size, state.
void write_files(json::writer& out, const std::vector<runtime::kept_file>& files);

}  // namespace kindred::api
