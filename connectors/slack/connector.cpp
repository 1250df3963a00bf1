#include "connectors/slack/connector.hpp"

#include "connectors/slack/payload.hpp"
#include "connectors/slack/person.hpp"
#include "connectors/slack/reply.hpp"
#include "engine/channel/signature.hpp"

#include <array>

namespace kindred::connectors::slack {
namespace {

/// How far the signed time may be off, either way (docs.slack.dev/authentication/verifying-requests-from-slack).
constexpr std::int64_t replay_window_s = 300;

/// slack.com/help, "File uploads".
constexpr std::array<channel::file_limit, 1> file_limits{{{"*", 1'000'000'000}}};

/// The bytes stay the same on each of Slack's three attempts, and so would our answer.
channel::reception malformed_for_good(std::string_view where) {
    auto made = channel::malformed(where);
    made.reply.headers.emplace_back("X-Slack-No-Retry", "1");
    return made;
}

channel::reception challenge_answer(std::string challenge) {
    channel::reception made;
    made.reply.body = std::move(challenge);
    made.when = channel::answer_after::nothing;
    return made;
}

class slack_connector final : public channel::connector {
public:
    explicit slack_connector(channel::options& settings)
        : signing_secrets_(settings.secrets("signing_secret")),
          account_{settings.address("api_base", "https://slack.com"), settings.text("bot_token")},
          asks_names_(settings.yes_no("look_up_names", true)),
          email_identity_(settings.yes_no("email_identity", false)) {}

    channel_kind kind() const override { return channel_kind::chat; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {40'000, channel::text_unit::code_points};
        made.files = true;
        made.file_limits = file_limits;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty()) return channel::reception::refuse(404, "unknown_path");
        if (auto refused = refuse_unless_slack(arrived, now)) return std::move(*refused);
        if (channel::media_type_of(arrived) == channel::form_media_type) {
            auto happened = parse_form(arrived.body);
            if (!happened) return malformed_for_good(happened.error().message);
            return channel::accept(std::move(*happened));
        }
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto read = parse(arrived.body);
        if (!read) return malformed_for_good(read.error().message);
        if (!read->challenge.empty()) return challenge_answer(std::move(read->challenge));
        return channel::accept({std::move(read->happened)});
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message.files.empty() ? message_call(account_, message) : upload_place_call(account_, message);
    }
    result<std::optional<channel::provider_call>> deliver_further(
        const channel::outgoing& message, std::span<const channel::provider_answer> answered) const override {
        if (message.files.empty()) return std::optional<channel::provider_call>{};
        return further_upload_call(account_, message, answered);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point) const override {
        return file_call(account_, file);
    }
    /// Without files:read Slack answers 200 with the page that asks people to log in.
    result<std::optional<channel::provider_call>> fetch_further(
        const channel::attachment& file, const channel::provider_answer& answered) const override {
        if (is_login_page(file, answered))
            return fail(errc::invalid, "Slack showed its log-in page: the bot's token needs the scope files:read");
        return std::optional<channel::provider_call>{};
    }

    std::optional<channel::inquiry> who_is(const channel::record& sender) const override {
        return asks_names_ ? person_inquiry(account_, sender) : std::nullopt;
    }
    channel::introduction introduced(const identity& sender, const channel::inquiry_answer& said) const override {
        return introduction_of(sender, said, email_identity_);
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::optional<channel::reception> refuse_unless_slack(const channel::request& arrived, time_point now) const {
        using channel::reception;
        constexpr std::string_view version = "v0=";
        if (signing_secrets_.empty()) return reception::refuse(403, "not_configured");
        const auto stamp = arrived.single_header("x-slack-request-timestamp");
        const auto signature = arrived.single_header("x-slack-signature");
        if (!stamp || !signature) return reception::refuse(401, "missing_signature");
        if (!signature->starts_with(version) ||
            !channel::is_signed(hash_kind::sha256, channel::digest_form::hex, signing_secrets_,
                                {"v0:", *stamp, ":", arrived.body}, signature->substr(version.size())))
            return reception::refuse(403, "wrong_signature");
        const auto signed_at = channel::number_of(*stamp);
        const auto now_s = to_millis(now) / 1000;
        if (!signed_at || *signed_at < now_s - replay_window_s || *signed_at > now_s + replay_window_s)
            return reception::refuse(403, "stale");
        return std::nullopt;
    }

    std::vector<std::string> signing_secrets_;
    account account_;
    bool asks_names_;
    bool email_identity_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<slack_connector>(settings);
}

}  // namespace kindred::connectors::slack
