#pragma once
#include "engine/api/call.hpp"
#include "engine/http/rate_limiter.hpp"
#include "engine/runtime/site.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kindred::api {

/// A file of a line in a chat, as its widget shows it.
struct chat_file {
    std::string id;
    std::string name;
    std::string type;
    std::int64_t size = -1;
};

/// Those of a contact or a reply, by the record of its entry; none where it has none.
std::vector<chat_file> files_of_line(const store::entry_row& row, ticket_id ticket);
/// `"attachments":[...]`; nothing for none.
void write_chat_files(json::writer& out, const std::vector<chat_file>& files);

/// Files of web chats, from and to pages of other origins (their scripts get every answer, no cookie counts):
/// POST /chat/{channel}/files?visitor=&name=, the body being the bytes, and GET /chat/{channel}/files/{id}?visitor=.
/// Whose a visitor is, is known by the token that the engine gave, and only while that visitor's chat is open does a
/// file come in. Thread-safe.
class chat_files {
public:
    explicit chat_files(runtime::site& site);

    /// Whether a request is one of these.
    static bool is_about(std::string_view path);
    /// Bytes of a body that may come: none from somebody whose chat is not open.
    std::size_t body_limit(const http::request& head) const;
    /// Answers what a browser asks before it sends a file. Never blocks; false where there is more to do.
    static bool answer_preflight(const http::request& asked, const http::responder& answer);
    /// The rest; called on blocking threads.
    void handle(const std::shared_ptr<call>& asked);

private:
    struct gates;
    void upload(const runtime::channel_entry& via, const std::string& visitor, const std::shared_ptr<call>& asked);
    void download(const runtime::channel_entry& via, const std::string& visitor, const call& asked,
                  std::string_view id);
    void refuse(const runtime::channel_entry& via, const call& asked, std::string_view reason,
                http::response said) const;
    bool is_shown_to(const runtime::channel_entry& via, const std::string& visitor, std::string_view id) const;

    runtime::site& site_;
    std::map<std::string, std::shared_ptr<gates>> gates_;  ///< by channel
};

}  // namespace kindred::api
