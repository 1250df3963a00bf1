#pragma once
#include "engine/channel/connector.hpp"

namespace kindred::runtime {

/// A provider that knows visitors of a chat: what it sends goes to the chat of its receiver. A text that begins with
/// "unsendable" can never be sent, one with "unreachable" goes where nobody listens.
class test_connector final : public channel::connector {
public:
    explicit test_connector(channel_kind kind) : kind_(kind) {}

    channel_kind kind() const override { return kind_; }
    channel::reception receive(const channel::request&, time_point) const override {
        return channel::reception::refuse(404, "not_configured");
    }
    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        if (message.text.starts_with("unsendable")) return fail(errc::invalid, "text: cannot be sent");
        channel::provider_call call;
        if (message.text.starts_with("unreachable")) {
            call.url = "http://127.0.0.1:1/";
            return call;
        }
        call.via = channel::transport::chat_session;
        call.session = message.from;
        call.body = R"({"text":")" + message.text + R"(","key":")" + message.idempotency_key + "\"}";
        return call;
    }

private:
    channel_kind kind_;
};

}  // namespace kindred::runtime
