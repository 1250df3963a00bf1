#include "engine/runtime/people/consents.hpp"

#include "engine/base/text.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

bool has_detail(const channel::record& happened, std::string_view name) {
    return std::any_of(happened.details.begin(), happened.details.end(),
                       [&](const auto& each) { return each.name == name && each.json == "true"; });
}

/// A message that is one of these words and nothing else.
bool says_only(const channel::record& happened, const std::vector<std::string>& words) {
    if (!happened.text || happened.text->size() > 64) return false;
    const auto said = to_lower_ascii(trim(*happened.text));
    return std::find(words.begin(), words.end(), said) != words.end();
}

}  // namespace

std::string subject_of(customer_id customer) { return "customer:" + to_string(customer); }

std::vector<std::string> subjects_of(const world& on, const ticket& about) {
    auto subjects = identities_of(about.context);
    subjects.push_back(subject_of(on.customers.goes_on_as(about.customer)));
    return subjects;
}

std::optional<std::string> why_not_to_write(const world& on, const ticket& about, bool automatic, time_point now) {
    if (on.consents.size() == 0) return std::nullopt;
    const auto* via = on.channels.find(about.channel);
    if (via == nullptr || via->kind == channel_kind::phone) return std::nullopt;
    const auto* stop =
        on.consents.forbids({subjects_of(on, about), via->kind, automatic, last_written_at(about.context)}, now);
    if (stop == nullptr) return std::nullopt;
    std::string why = "do_not_contact: ";
    why += stop->by == "customer" ? "the customer asked not to be written to" : "set by " + stop->by;
    why += " on " + to_rfc3339(stop->at);
    if (stop->kind) why += " for " + std::string(name_of(*stop->kind));
    if (!stop->reason.empty()) why += " (" + stop->reason + ")";
    return why;
}

void forbid(step& in, customers::do_not_contact stop) {
    in.put_kept({std::string(stop_rows), customers::key_of(stop), stop.at, customers::to_json(stop)});
    in.on().consents.put(std::move(stop));
    withdraw_forbidden(in);
}

bool allow_again(step& in, const customers::do_not_contact& stop) {
    const auto key = customers::key_of(stop);
    if (!in.on().consents.lift(key)) return false;
    in.put_kept({std::string(stop_rows), key, in.now(), {}, true});
    return true;
}

void note_consent(step& in, const channel_entry& via, const channel::record& happened, const ticket& about) {
    const bool leaves = has_detail(happened, "opt_out") || says_only(happened, via.policy.stop_words);
    const bool returns = !leaves && (has_detail(happened, "opt_in") || says_only(happened, via.policy.start_words));
    if (!leaves && !returns) return;
    std::vector<std::string> subjects;
    for (const auto& each : happened.identities) subjects.push_back(each.text);
    if (subjects.empty()) subjects.push_back(subject_of(in.on().customers.goes_on_as(about.customer)));
    for (const auto& subject : subjects) {
        customers::do_not_contact stop{subject, via.kind, false, "customer", {}, in.now(), {}};
        if (happened.text) stop.reason = '"' + std::string(trim(*happened.text)) + "\" in " + via.name;
        if (leaves)
            forbid(in, std::move(stop));
        else
            (void)allow_again(in, stop);
    }
}

void note_complaint(step& in, const channel_entry& via, const ticket& about) {
    forbid(in, {subject_of(in.on().customers.goes_on_as(about.customer)),
                via.kind,
                true,
                "customer",
                "complaint in " + via.name,
                in.now(),
                {}});
}

void withdraw_forbidden(step& in) {
    if (in.on().consents.size() == 0) return;
    for (const auto& [id, message] : in.on().messages) {
        const auto* about = in.on().tickets.find(message.ticket);
        if (about == nullptr) continue;
        const auto automatic = outgoing_from_json(message.json).automatic;
        if (auto why = why_not_to_write(in.on(), *about, automatic, in.now())) in.withdraw(message, std::move(*why));
    }
}

}  // namespace kindred::runtime
