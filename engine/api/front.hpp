#pragma once
#include "engine/channel/connector.hpp"
#include "engine/http/request.hpp"
#include "engine/http/response.hpp"
#include "engine/http/static_files.hpp"
#include "engine/runtime/channels.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// What the main listener answers, or knows of a request, without the site behind it: on every node the same.
namespace kindred::api {

/// Whether only a site can answer what is asked there; else it is a page or a script.
bool needs_site(std::string_view path);

/// What customers open without logging in.
bool is_public_page(std::string_view path);

/// A file of the desk, or the desk itself at each of its addresses.
http::response desk_page(const http::static_files& files, const http::request& asked);

/// The script of a web chat: /chat/{channel}.js
http::response chat_script(const http::static_files& files, const runtime::channel_directory& channels,
                           const http::request& asked);

/// The largest body that this request may carry, in bytes. Who uploads to a chat that is not open is told so later.
std::size_t most_body(const runtime::channel_directory& channels, const http::request& head);

/// A webhook's path behind its beginning, taken apart: what the channel is called, and what follows its name.
struct webhook_place {
    std::string channel;
    std::string_view subpath;
};
webhook_place place_of(std::string_view path);

http::response to_response(const channel::answer& given);
/// 503: it is to come again.
http::response busy();

/// The channel that a webhook or contact is for, as far as its header says it; null when it does not.
const runtime::channel_entry* channel_at(const runtime::channel_directory& channels, std::string_view path);

}  // namespace kindred::api
