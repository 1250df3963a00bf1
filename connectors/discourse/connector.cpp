#include "connectors/discourse/connector.hpp"

#include "connectors/discourse/payload.hpp"
#include "connectors/discourse/reply.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::discourse {
namespace {

/// "forum.example.com" of "https://forum.example.com/path".
std::string host_of(std::string_view address) {
    const auto scheme = address.find("://");
    if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
    return to_lower_ascii(address.substr(0, address.find_first_of("/:?#")));
}

/// A hook may be set to send forms: its JSON then is the field "payload", or still the whole body. The signature covers
/// the body as it came.
std::string json_in_form(std::string_view body) {
    if (body.starts_with('{')) return std::string(body);
    return std::string(channel::form::parse(body)["payload"]);
}

class discourse_connector final : public channel::connector {
public:
    explicit discourse_connector(channel::options& settings)
        : secrets_(settings.secrets("secret")), base_url_(settings.address("base_url", "")) {
        account_ = {settings.address("api_base", base_url_), settings.text("api_key"), settings.text("api_username")};
        own_username_ = settings.text("own_username", account_.api_username);
    }

    channel_kind kind() const override { return channel_kind::forum; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {32'000, channel::text_unit::code_points};
        made.files = true;
        made.files_travel_alone = false;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        if (!arrived.subpath.empty()) return channel::reception::refuse(404, "unknown_path");
        if (secrets_.empty()) return channel::reception::refuse(403, "not_configured");
        const auto signature = arrived.single_header("x-discourse-event-signature");
        if (!signature) return channel::reception::refuse(401, "missing_signature");
        if (!channel::is_signed_sha256_header(secrets_, arrived.body, *signature))
            return channel::reception::refuse(403, "wrong_signature");

        const bool form = channel::media_type_of(arrived) == channel::form_media_type;
        if (auto refused = channel::refuse_unless_json(arrived); refused && !form) return std::move(*refused);

        const auto header = [&](std::string_view name) {
            return std::string(arrived.single_header(name).value_or(""));
        };
        const envelope around{header("x-discourse-event-type"), header("x-discourse-event"),
                              header("x-discourse-event-id"),
                              host_of(base_url_.empty() ? header("x-discourse-instance") : base_url_)};
        if (around.event_type.empty()) return channel::malformed("X-Discourse-Event-Type: is missing");
        auto happened = parse(form ? json_in_form(arrived.body) : std::string(arrived.body), around, own_username_);
        if (!happened) return channel::malformed(happened.error().message);
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message.files.empty() ? post_call(account_, message, {}) : upload_call(account_, message, 0);
    }
    result<std::optional<channel::provider_call>> deliver_further(
        const channel::outgoing& message, std::span<const channel::provider_answer> answered) const override {
        return further_call(account_, message, answered);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> secrets_;
    std::string base_url_;
    account account_;
    std::string own_username_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<discourse_connector>(settings);
}

}  // namespace kindred::connectors::discourse
