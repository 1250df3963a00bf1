#include "engine/api/people.hpp"

#include "engine/api/new_person.hpp"
#include "engine/api/submit.hpp"

namespace kindred::api {
namespace {

std::optional<dispatch::presence> presence_named(std::string_view name) {
    for (const auto each : {dispatch::presence::available, dispatch::presence::away, dispatch::presence::offline})
        if (dispatch::name_of(each) == name) return each;
    return std::nullopt;
}

}  // namespace

void write_levels(json::writer& out, std::string_view key, const std::map<std::string, int>& levels) {
    out.key(key).begin_object();
    for (const auto& [name, level] : levels) out.member(name, level);
    out.end_object();
}

void people_endpoints::me(std::shared_ptr<call> asked) {
    runtime::board_question question;
    question.what = runtime::board_question::about::presence;
    question.agent = asked->who.agent;
    question.done = [asked, people = site_.people()](const result<std::string>& presence) {
        json::writer out;
        out.begin_object().key("agent").begin_object().member("id", to_string(asked->who.agent));
        out.member("login", asked->who.name).member("role", asked->who.role);
        runtime::write_permissions(out, asked->who.may);
        if (const auto* someone = people->find(asked->who.agent)) {
            out.member("name", someone->name).key("queues").begin_array();
            for (const auto& queue : someone->queues) out.value(queue);
            out.end_array();
            write_levels(out, "skills", someone->skills);
            write_levels(out, "languages", someone->languages);
        }
        if (presence && presence->size() > 2) out.raw(std::string_view(*presence).substr(1, presence->size() - 2));
        asked->send(http::response::json(200, out.end_object().end_object().take()));
    };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void people_endpoints::ask_board(const std::shared_ptr<call>& asked, runtime::board_question::about what) {
    runtime::board_question question;
    question.what = what;
    question.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(question))) asked->send(not_taken());
}

void people_endpoints::colleagues(std::shared_ptr<call> asked) {
    ask_board(asked, runtime::board_question::about::colleagues);
}
void people_endpoints::agents(std::shared_ptr<call> asked) { ask_board(asked, runtime::board_question::about::agents); }
void people_endpoints::queues(std::shared_ptr<call> asked) {
    ask_board(asked, runtime::board_question::about::estimates);
}

void people_endpoints::set_presence(std::shared_ptr<call> asked) {
    const auto whose = asked->parameters["id"];
    auto agent = whose == "me" ? std::optional(asked->who.agent) : parse_id<agent_id>(whose);
    if (!agent || site_.people()->find(*agent) == nullptr)
        return asked->send(fail(errc::not_found, "there is no such agent"));
    const auto needed =
        *agent == asked->who.agent ? runtime::permission::tickets_work : runtime::permission::presence_others;
    if (!asked->who.may.has(needed)) return asked->send_missing(needed);
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    const auto state = presence_named(body->text("state").value_or(""));
    auto reason = body->text("reason").value_or("");
    if (auto fine = body->finish(); !fine) return asked->send(fine.error());
    if (!state) return asked->send(fail(errc::invalid, "state: wants available, away or offline"));
    runtime::presence_change wanted{*agent, *state, std::move(reason), {}};
    wanted.done = [asked](const result<std::string>& said) { asked->send(200, said); };
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

void people_endpoints::change_agent(std::shared_ptr<call> asked) {
    const auto id = asked->id<agent_id>();
    if (!id) return asked->send(id.error());
    const auto people = site_.people();
    const auto* known = people->find(*id);
    if (known == nullptr) return asked->send(fail(errc::not_found, "there is no such agent"));
    auto body = body_reader::parse(*asked);
    if (!body) return asked->send(body.error());
    auto changed = *known;
    changed.password_hash.clear();  // stays what it is, also where it changes meanwhile
    if (const auto fine = read_changed_person(*body, site_.rules(), changed); !fine) return asked->send(fine.error());
    runtime::roster_change wanted{{changed},
                                  [asked](const result<std::string>& said) { asked->send(200, said); },
                                  source_of(*asked),
                                  asked->who.may};
    if (!site_.submit(std::move(wanted))) asked->send(not_taken());
}

}  // namespace kindred::api
