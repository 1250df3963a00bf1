#include "connectors/webchat/connector.hpp"

#include "connectors/webchat/payload.hpp"
#include "connectors/webchat/reply.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::webchat {
namespace {

class webchat_connector final : public channel::connector {
public:
    explicit webchat_connector(channel::options& settings)
        : longest_text_(static_cast<std::size_t>(settings.number("longest_text", 4000, 1, 100'000))),
          identity_secrets_(settings.secrets("identity_secret")) {}

    channel_kind kind() const override { return channel_kind::chat; }

    channel::abilities can() const override {
        channel::abilities able;
        able.longest_text = {longest_text_, channel::text_unit::code_points};
        able.files = true;
        able.files_travel_alone = false;
        return able;
    }

    channel::reception receive(const channel::request& arrived, time_point now) const override {
        // Who writes is known from the socket alone; nothing in a frame could prove it.
        if (arrived.session.empty()) return channel::reception::refuse(403, "no_session");
        auto happened = parse(arrived.body, arrived.session, {longest_text_, identity_secrets_, now});
        if (!happened && happened.error().code == errc::too_large)
            return channel::reception::refuse(413, "too_large", happened.error().message);
        if (!happened && happened.error().code == errc::forbidden)
            return channel::reception::refuse(403, "wrong_identity", happened.error().message);
        if (!happened) return channel::malformed(happened.error().message);
        const bool counts = happened->kind != channel::record_kind::ignored;
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        auto made = channel::accept(std::move(records));
        if (!counts) made.when = channel::answer_after::nothing;
        return made;
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_frame(message, longest_text_);
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {channel::cannot_ask("provider", "there is none: visitors talk to this engine")};
    }

private:
    std::size_t longest_text_;
    std::vector<std::string> identity_secrets_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<webchat_connector>(settings);
}

}  // namespace kindred::connectors::webchat
