#include "connectors/declared/connector.hpp"

#include "connectors/declared/handshake.hpp"
#include "connectors/declared/payload.hpp"
#include "connectors/declared/proof.hpp"
#include "connectors/declared/reply.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::declared {
namespace {

using channel::reception;

std::vector<std::string> detail_names(const mapping& rules) {
    std::vector<std::string> names;
    for (const auto& each : rules.details) names.push_back(each.name);
    return names;
}

channel::answer read_answer(channel::options& settings) {
    channel::answer made;
    const auto* given = settings.tree("answer");
    if (given == nullptr) return made;
    known_keys in(settings, *given, "answer");
    made.body = in.text("body").value_or("");
    made.content_type = in.text("content_type").value_or(made.content_type);
    if (const auto status = in.text("status")) {
        const auto number = channel::number_of(*status);
        if (number && *number >= 200 && *number < 300)
            made.status = static_cast<unsigned>(*number);
        else
            in.complain("status", "wants a status from 200 to 299: what is refused has its own");
    }
    if (made.content_type.find_first_of("\r\n") != std::string::npos) in.complain("content_type", "has a line break");
    if (made.content_type == "application/json" && !json::document::parse(made.body)) in.complain("body", "is no JSON");
    in.finish();
    return made;
}

class declared_connector final : public channel::connector {
public:
    explicit declared_connector(channel::options& settings)
        : name_(settings.channel()),
          proof_(read_proof(settings)),
          handshakes_(read_handshakes(settings)),
          mapping_(read_mapping(settings)),
          reply_(read_reply(settings, detail_names(mapping_))),
          answer_(read_answer(settings)) {}

    channel_kind kind() const override { return channel_kind::api; }

    channel::abilities can() const override {
        channel::abilities made;
        if (reply_) made.longest_text = {reply_->longest_text, channel::text_unit::code_points};
        return made;
    }

    reception receive(const channel::request& arrived, time_point now) const override {
        if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
        if (arrived.method == "GET") return receive_question(arrived);
        if (arrived.method != "POST") return reception::refuse(405, "wrong_method");
        // Only what the admin says is asked without proof is looked at before the proof.
        for (const auto& each : handshakes_) {
            if (each.is_signed || each.method != "POST") continue;
            if (const auto parsed = json::document::parse(arrived.body))
                if (auto answered =
                        answer_handshake(handshakes_, {parsed->root(), parsed->root(), &arrived}, proof_, false))
                    return std::move(*answered);
            break;
        }
        if (auto refused = refuse_unless_proven(proof_, arrived, now)) return std::move(*refused);
        if (auto refused = channel::refuse_unless_json(arrived)) return std::move(*refused);
        const auto parsed = json::document::parse(arrived.body);
        if (!parsed) return channel::malformed(parsed.error().message);
        const auto root = parsed->root();
        if (auto answered = answer_handshake(handshakes_, {root, root, &arrived}, proof_, true))
            return std::move(*answered);
        auto records = parse(mapping_, name_, arrived, root);
        if (!records) return channel::malformed(records.error().message);
        auto made = channel::accept(std::move(*records));
        made.reply = answer_;
        return made;
    }

    result<channel::provider_call> deliver(const channel::outgoing& message) const override {
        if (!reply_) return fail(errc::invalid, "answers to this channel go nowhere: say `reply`");
        return reply_call(*reply_, message);
    }

    channel::delivery judge(const channel::provider_answer& answered) const override {
        auto by_status = connector::judge(answered);
        return reply_ ? judge_answer(*reply_, answered, std::move(by_status)) : by_status;
    }

    std::vector<channel::checkup> checkups(time_point) const override {
        return {channel::cannot_ask(
            "provider", reply_ ? "the configuration describes how to answer, and no question without an effect"
                               : "answers to this channel go nowhere: say `reply`")};
    }

private:
    reception receive_question(const channel::request& arrived) const {
        if (auto answered = answer_handshake(handshakes_, {{}, {}, &arrived}, proof_, false))
            return std::move(*answered);
        return reception::refuse(405, "wrong_method");
    }

    std::string name_;
    proof_scheme proof_;
    std::vector<handshake> handshakes_;
    mapping mapping_;
    std::optional<reply_rules> reply_;
    channel::answer answer_;
};

}  // namespace

std::unique_ptr<channel::connector> make(channel::options& settings) {
    return std::make_unique<declared_connector>(settings);
}

}  // namespace kindred::connectors::declared
