#include "engine/runtime/tickets/incidents.hpp"

#include "engine/runtime/desks/views.hpp"
#include "engine/runtime/sending/reply_parts.hpp"
#include "engine/runtime/tickets/actions.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t longest_title = 200;  // bytes
constexpr std::size_t longest_message = 100'000;

class incident_work {
public:
    incident_work(step& in, const incident_change& wanted, incident& about) : in_(in), wanted_(wanted), about_(about) {}

    result<std::string> carry_out() {
        using act = incident_change::act;
        if (!about_.open) return fail(errc::conflict, "the incident is resolved");
        switch (wanted_.what) {
            case act::open:
            case act::link:
                if (auto linked = link(); !linked) return linked.error();
                break;
            case act::unlink: unlink(); break;
            case act::reply:
                if (auto said = reply_to_all(); !said) return said.error();
                break;
            case act::resolve:
                if (auto ended = resolve_all(); !ended) return ended.error();
                break;
        }
        in_.put_setting(std::string(incident_setting) + to_string(about_.id), to_json(about_));
        return answer();
    }

private:
    /// A ticket that still goes on; nothing for others.
    ticket* open_ticket(ticket_id id) {
        auto* found = in_.on().tickets.find(id);
        return found == nullptr || found->status == store::ticket_status::resolved ? nullptr : found;
    }

    void mark(ticket& about, std::string incident) {
        auto record = record_of(about);
        record.incident = std::move(incident);
        keep_record(about, record);
    }

    std::string entry_with(std::string_view key, const std::string& text) {
        json::writer out;
        out.begin_object().member("incident", to_string(about_.id)).member_if(key, text);
        write_agent(out, "agent", in_.on(), wanted_.by);
        return out.end_object().take();
    }

    result<void> link() {
        if (about_.tickets.size() + wanted_.tickets.size() > most_tickets_of_incident)
            return fail(errc::too_large, "tickets: an incident has at most 10000");
        for (const auto id : wanted_.tickets) {
            auto* found = open_ticket(id);
            if (found == nullptr) return fail(errc::conflict, "tickets: " + to_string(id) + " is not open");
            const auto other = record_of(*found).incident;
            if (!other.empty() && other != to_string(about_.id))
                return fail(errc::conflict, "tickets: " + to_string(id) + " belongs to incident " + other);
        }
        for (const auto id : wanted_.tickets) {
            const auto at = std::lower_bound(about_.tickets.begin(), about_.tickets.end(), id);
            if (at != about_.tickets.end() && *at == id) continue;
            about_.tickets.insert(at, id);
            auto& found = *open_ticket(id);
            mark(found, to_string(about_.id));
            in_.entry(found, "incident_linked", entry_with("title", about_.title));
            ++done_;
        }
        return {};
    }

    void unlink() {
        for (const auto id : wanted_.tickets) {
            const auto gone = std::erase(about_.tickets, id);
            done_ += gone;
            passed_over_ += 1 - gone;
            auto* found = gone > 0 ? open_ticket(id) : nullptr;
            if (found == nullptr) continue;
            mark(*found, {});
            in_.entry(*found, "incident_unlinked", entry_with("title", about_.title));
        }
    }

    result<void> reply_to_all() {
        if (wanted_.text.empty()) return fail(errc::invalid, "text: is empty");
        if (wanted_.text.size() > longest_message) return fail(errc::too_large, "text: at most 100000 bytes");
        ++about_.replies;
        const auto* someone = in_.on().people->find(wanted_.by);
        for (const auto id : about_.tickets) {
            auto* found = open_ticket(id);
            const auto* via = found == nullptr ? nullptr : in_.on().channels.find(found->channel);
            if (via == nullptr || via->kind == channel_kind::phone || !check_window(*via, found->context, in_.now())) {
                ++passed_over_;
                continue;
            }
            auto message = outgoing_from(found->context);
            message.text = wanted_.text;
            if (someone != nullptr) message.agent_name = someone->name;
            const auto number = in_.entry(*found, "reply", entry_with("text", wanted_.text));
            in_.send(*found, number, std::move(message));
            (void)in_.tell(dispatch::agent_replied{id});  // refused in wrap-up, where no target runs
            ++done_;
        }
        return {};
    }

    result<void> resolve_all() {
        if (auto fits = check_disposition(in_.on().rules, wanted_.text); !fits) return fits;
        for (const auto id : about_.tickets) {
            // One in wrap-up is resolved already.
            const bool ended = open_ticket(id) != nullptr && in_.tell(dispatch::close_ticket{id, wanted_.text});
            ++(ended ? done_ : passed_over_);
        }
        about_.open = false;
        return {};
    }

    std::string answer() const {
        json::writer out;
        out.begin_object().key("incident").raw(to_json(about_));
        out.member("done", done_).member("passed_over", passed_over_).end_object();
        return out.take();
    }

    step& in_;
    const incident_change& wanted_;
    incident& about_;
    std::size_t done_ = 0;
    std::size_t passed_over_ = 0;
};

result<std::string> open_incident(step& in, const incident_change& wanted) {
    auto& book = in.on().incidents;
    if (wanted.text.empty() || wanted.text.size() > longest_title)
        return fail(errc::invalid, "title: wants 1 to 200 bytes");
    const auto open = std::count_if(book.begin(), book.end(), [](const auto& each) { return each.second.open; });
    if (static_cast<std::size_t>(open) >= most_open_incidents)
        return fail(errc::conflict, "there are 1000 open incidents: resolve some");
    incident made;
    made.id = incident_id{book.empty() ? 1 : book.rbegin()->first.value + 1};
    made.title = wanted.text;
    made.created_at = in.now();
    auto answer = incident_work(in, wanted, made).carry_out();
    if (answer) book.emplace(made.id, std::move(made));
    return answer;
}

}  // namespace

result<std::string> change_incident(step& in, const incident_change& wanted) {
    if (wanted.what == incident_change::act::open) return open_incident(in, wanted);
    const auto found = in.on().incidents.find(wanted.incident);
    if (found == in.on().incidents.end())
        return fail(errc::not_found, "there is no incident " + to_string(wanted.incident));
    return incident_work(in, wanted, found->second).carry_out();
}

std::string incidents_json(const world& of) {
    json::writer out;
    out.begin_object().key("incidents").begin_array();
    for (auto each = of.incidents.rbegin(); each != of.incidents.rend(); ++each) out.raw(to_json(each->second));
    return out.end_array().end_object().take();
}

}  // namespace kindred::runtime
