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

/// The bytes as something to be saved: what browsers might run is never shown by them, whatever it says it is.
http::response as_download(const runtime::kept_file& file, std::string bytes);
/// An upload by what its sender says of it. errc::invalid: no name, no media type, or no bytes. `type` may have
/// parameters, and be empty for bytes of any kind.
result<runtime::kept_file> described_upload(std::string name, std::string_view type, std::string_view bytes);

/// `"files":[...]` of a ticket: id, entry, name, type, size, state.
void write_files(json::writer& out, const std::vector<runtime::kept_file>& files);

}  // namespace kindred::api
