#include "connectors/github/connector.hpp"

#include "connectors/github/payload.hpp"
#include "connectors/github/reply.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::github {
namespace {

using channel::reception;

class github_connector final : public channel::connector {
public:
    explicit github_connector(channel::options& settings)
        : secrets_(settings.secrets("secret")),
          repositories_(settings.list("repositories")),
          own_username_(settings.text("own_username")),
          account_{settings.address("api_base", "https://api.github.com"), settings.text("token")} {}

    channel_kind kind() const override { return channel_kind::forum; }

    channel::abilities can() const override {
        channel::abilities made;
        made.longest_text = {longest_comment, channel::text_unit::code_points};
        return made;
    }

    reception receive(const channel::request& arrived, time_point) const override {
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (secrets_.empty()) return reception::refuse(403, "not_configured");
        const auto signature = arrived.single_header("x-hub-signature-256");
        if (!signature) return reception::refuse(401, "missing_signature");
        if (!channel::is_signed_sha256_header(secrets_, arrived.body, *signature))
            return reception::refuse(403, "wrong_signature");

        // A hook may be set to send forms: the signature then covers the form, and its JSON is the field "payload".
        const bool form = channel::media_type_of(arrived) == channel::form_media_type;
        if (auto refused = channel::refuse_unless_json(arrived); refused && !form) return std::move(*refused);
        const auto event = arrived.single_header("x-github-event");
        if (!event) return channel::malformed("X-GitHub-Event: is missing");
        auto happened = form ? parse(channel::form::parse(arrived.body)["payload"], *event, own_username_)
                             : parse(arrived.body, *event, own_username_);
        if (!happened) return channel::malformed(happened.error().message);
        if (!happened->to.empty() && !is_watched(happened->to)) return reception::refuse(403, "wrong_account");
        std::vector<channel::record> records;
        records.push_back(std::move(*happened));
        return channel::accept(std::move(records));
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        return comment_call(account_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        return judge_answer(answered, connector::judge(answered));
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {account_checkup(account_, repositories_)};
    }

private:
    bool is_watched(std::string_view repository) const {
        return repositories_.empty() ||
               std::any_of(repositories_.begin(), repositories_.end(),
                           [&](const std::string& each) { return equal_ignoring_case(each, repository); });
    }

    std::vector<std::string> secrets_;
    std::vector<std::string> repositories_;
    std::string own_username_;
    account account_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<github_connector>(settings);
}

}  // namespace kindred::connectors::github
