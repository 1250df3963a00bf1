#pragma once
#include "engine/api/call.hpp"
#include "engine/api/webhooks.hpp"
#include "engine/http/websocket.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <string>

namespace kindred::api {

/// One open web chat of a visitor.
class chat_socket final : public http::websocket_events, public std::enable_shared_from_this<chat_socket> {
public:
    chat_socket(runtime::site& site, reception_desk& reception, const runtime::channel_entry& via, std::string visitor,
                std::string welcome, std::shared_ptr<runtime::chat_hub::coming> coming)
        : site_(site),
          reception_(reception),
          via_(via),
          visitor_(std::move(visitor)),
          welcome_(std::move(welcome)),
          coming_(std::move(coming)) {}

    void on_open(const std::shared_ptr<http::websocket>& session) override;
    void on_message(std::string_view text) override;
    void on_close(http::close_code code, std::string_view reason) override;

private:
    bool too_fast();

    runtime::site& site_;
    reception_desk& reception_;
    const runtime::channel_entry& via_;
    const std::string visitor_;
    std::string welcome_;
    std::shared_ptr<runtime::chat_hub::coming> coming_;
    std::weak_ptr<http::websocket> session_;
    const http::websocket* opened_ = nullptr;
    time_point window_;
    int frames_in_window_ = 0;
};

/// GET /chat/{channel}: a visitor comes (back). Reads what was said before, so it belongs on a blocking thread.
/// A visitor is a token that we made; an unknown or missing one gets a new one.
void open_chat(runtime::site& site, reception_desk& reception, const std::shared_ptr<call>& asked);

}  // namespace kindred::api
