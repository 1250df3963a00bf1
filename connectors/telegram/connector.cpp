#include "connectors/telegram/connector.hpp"

#include "connectors/telegram/payload.hpp"
#include "connectors/telegram/reply.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::telegram {
namespace {

/// core.telegram.org/bots/api, "Sending files" (read 2026-11-28): 50 MB by upload for all but photos; files go as
/// documents (sendDocument).
constexpr std::array<channel::file_limit, 1> file_limits{{{"*", 50'000'000}}};

class telegram_connector final : public channel::connector {
public:
    explicit telegram_connector(channel::options& settings)
        : secret_tokens_(settings.secrets("secret_token")),
          account_{settings.address("api_base", "https://api.telegram.org"), settings.text("bot_token")} {}

    channel_kind kind() const override { return channel_kind::social; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {4096, channel::text_unit::utf16};
        made.files = true;
        made.file_limits = file_limits;
        return made;
    }

    channel::reception receive(const channel::request& arrived, time_point) const override {
        using channel::reception;
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (secret_tokens_.empty()) return reception::refuse(403, "not_configured");
        const auto token = arrived.single_header("x-telegram-bot-api-secret-token");
        if (!token) return reception::refuse(401, "missing_signature");
        if (!channel::is_one_of(secret_tokens_, *token)) return reception::refuse(403, "wrong_signature");
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        auto read = parse(arrived.body);
        if (!read) return channel::malformed(read.error().message);
        auto made = channel::accept(std::move(read->records));
        if (!read->callback_query.empty()) {
            made.reply.body = answer_to_press(read->callback_query);
            made.reply.content_type = "application/json";
        }
        return made;
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return message_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    result<channel::provider_call> fetch(const channel::attachment& file, time_point) const override {
        return file_call(account_, file.media_id);
    }
    result<std::optional<channel::provider_call>> fetch_further(
        const channel::attachment&, const channel::provider_answer& answered) const override {
        return file_bytes_call(account_, answered.body);
    }

    std::vector<channel::checkup> checkups(time_point) const override { return {account_checkup(account_)}; }

private:
    std::vector<std::string> secret_tokens_;
    account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<telegram_connector>(settings);
}

}  // namespace kindred::connectors::telegram
