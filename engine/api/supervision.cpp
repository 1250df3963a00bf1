#include "engine/api/supervision.hpp"

#include "engine/api/submit.hpp"

namespace kindred::api {
namespace {

using act = runtime::incident_change::act;

std::string queue_of(const call& asked) {
    const auto found = asked.parameters.find("name");
    return found == asked.parameters.end() ? std::string() : found->second;
}

result<time_point> time_to_come(const std::optional<std::string>& text, time_point now) {
    const auto until = parse_time(text.value_or(""));
    if (until && *until > now) return *until;
    return fail(errc::invalid, "until: wants a time to come, e.g. 2026-12-31T15:00:00Z");
}

/// The ids in a list of texts; errc::invalid where there is none or one is no id.
result<std::vector<ticket_id>> tickets_in(json::value list) {
    std::vector<ticket_id> ids;
    bool wrong = !list.is_array();
    if (!wrong)
        list.for_each([&](json::value each) {
            const auto id = parse_id<ticket_id>(each.text());
            wrong = wrong || !id;
            if (id) ids.push_back(*id);
        });
    if (wrong || ids.empty()) return fail(errc::invalid, "tickets: wants a list of ticket ids");
    return ids;
}

}  // namespace

void supervision_endpoints::order(const std::shared_ptr<call>& asked, dispatch::command told) {
    runtime::queue_order wanted{asked->who.agent, std::move(told), {}};
    wanted.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void supervision_endpoints::close_queue(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto text = body->text("until");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto until = time_to_come(text, site_.now().now());
    if (!until) return asked->send(until.error());
    order(asked, dispatch::close_until{queue_of(*asked), *until, {}});
}

void supervision_endpoints::open_queue(std::shared_ptr<call> asked) {
    order(asked, dispatch::lift_closure{queue_of(*asked)});
}

void supervision_endpoints::set_notice(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto said = body->text("text").value_or("");
    const auto text = body->text("until");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    const auto until = time_to_come(text, site_.now().now());
    if (!until) return asked->send(until.error());
    order(asked, dispatch::set_notice{queue_of(*asked), std::move(said), *until, {}});
}

void supervision_endpoints::lift_notice(std::shared_ptr<call> asked) {
    order(asked, dispatch::lift_notice{queue_of(*asked)});
}

void supervision_endpoints::incidents(std::shared_ptr<call> asked) {
    runtime::board_question question;
    question.what = runtime::board_question::about::incidents;
    question.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void supervision_endpoints::change(const std::shared_ptr<call>& asked, runtime::incident_change wanted,
                                   unsigned success) {
    wanted.by = asked->who.agent;
    wanted.done = [asked, success](const result<std::string>& said) { asked->send(success, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void supervision_endpoints::open_incident(std::shared_ptr<call> asked) {
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::incident_change wanted;
    wanted.text = body->text("title").value_or("");
    const auto list = body->any("tickets");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (list.exists()) {
        auto tickets = tickets_in(list);
        if (!tickets) return asked->send(tickets.error());
        wanted.tickets = std::move(*tickets);
    }
    change(asked, std::move(wanted), 201);
}

void supervision_endpoints::change_tickets(const std::shared_ptr<call>& asked, act what) {
    const auto id = asked->id<runtime::incident_id>();
    if (!id) return asked->send(id.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto list = body->any("tickets");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    auto tickets = tickets_in(list);
    if (!tickets) return asked->send(tickets.error());
    runtime::incident_change wanted;
    wanted.what = what;
    wanted.incident = *id;
    wanted.tickets = std::move(*tickets);
    change(asked, std::move(wanted), 200);
}

void supervision_endpoints::link_tickets(std::shared_ptr<call> asked) { change_tickets(asked, act::link); }
void supervision_endpoints::unlink_tickets(std::shared_ptr<call> asked) { change_tickets(asked, act::unlink); }

void supervision_endpoints::change_with_text(const std::shared_ptr<call>& asked, act what, const char* member) {
    const auto id = asked->id<runtime::incident_id>();
    if (!id) return asked->send(id.error());
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    runtime::incident_change wanted;
    wanted.what = what;
    wanted.incident = *id;
    wanted.text = body->text(member).value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    change(asked, std::move(wanted), 200);
}

void supervision_endpoints::reply_to_incident(std::shared_ptr<call> asked) {
    change_with_text(asked, act::reply, "text");
}
void supervision_endpoints::resolve_incident(std::shared_ptr<call> asked) {
    change_with_text(asked, act::resolve, "disposition");
}

}  // namespace kindred::api
