#include "connectors/line/connector.hpp"

#include "connectors/line/payload.hpp"
#include "connectors/line/person.hpp"
#include "connectors/line/reply.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::line {
namespace {

/// developers.line.biz, "Image message": the preview, for which we have no other picture, may have 1 MB. Videos want a
/// picture beside them and sounds their length, which nobody has told us.
constexpr std::array<channel::file_limit, 2> file_limits{{{"image/jpeg", 1'000'000}, {"image/png", 1'000'000}}};

class line_connector final : public channel::connector {
public:
    explicit line_connector(channel::options& settings)
        : channel_secrets_(settings.secrets("channel_secret")),
          account_{settings.address("api_base", "https://api.line.me"), settings.text("channel_access_token"),
                   settings.address("data_base", "https://api-data.line.me")},
          asks_names_(settings.yes_no("look_up_names", true)) {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {5000, channel::text_unit::utf16};
        made.files = true;
        made.files_by_link = true;
        made.file_limits = file_limits;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        using channel::reception;
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (channel_secrets_.empty()) return reception::refuse(403, "not_configured");
        const auto signature = arrived.single_header("x-line-signature");
        if (!signature) return reception::refuse(401, "missing_signature");
        if (!channel::is_signed(hash_kind::sha256, channel::digest_form::base64, channel_secrets_, {arrived.body},
                                *signature))
            return reception::refuse(403, "wrong_signature");
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto records = parse(arrived.body);
        if (!records) return channel::malformed(records.error().message);
        return channel::accept(std::move(*records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point) const override {
        return content_call(account_, file);
    }

    std::optional<channel::inquiry> who_is(const channel::record& sender) const override {
        return asks_names_ ? person_inquiry(account_, sender) : std::nullopt;
    }
    channel::introduction introduced(const identity&, const channel::inquiry_answer& said) const override {
        return introduction_of(said);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> channel_secrets_;
    account account_;
    bool asks_names_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<line_connector>(settings);
}

}  // namespace kindred::connectors::line
