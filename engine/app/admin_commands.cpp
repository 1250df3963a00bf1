#include "engine/app/admin_commands.hpp"

#include "engine/app/admin_call.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <functional>
#include <iostream>
#include <tuple>

namespace kindred::app {
namespace {

constexpr const char* events_path = "/api/v1/events";
constexpr const char* quarantine_path = "/api/v1/quarantine";

std::string path_of(const admin_arguments& given) {
    return std::string(quarantine_path) + '/' + encode_percent(given.id);
}

/// Calls, and lets `show` print what came.
int ask(const admin_arguments& given, std::ostream& err, const char* method, const std::string& path,
        const std::function<void(const std::string&)>& show, const std::string& body = "{}") {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return 1;
    const auto answered = access->call(method, path, body);
    if (!answered) {
        err << "error: " << answered.error().message << '\n';
        return 3;
    }
    show(*answered);
    return 0;
}

void print_list(const std::string& body, std::ostream& out) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return;
    (*parsed)["quarantine"].for_each([&](json::value each) {
        out << each["id"].text() << "  " << each["at"].text() << "  " << each["channel"].text() << "  "
            << each["reason"].text() << "  " << each["bytes"].text_or_number() << " bytes";
        if (const auto detail = each["detail"].text(); !detail.empty()) out << "  " << detail;
        out << '\n';
    });
}

void print_request(const std::string& body, std::ostream& out) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return;
    const auto request = (*parsed)["request"];
    out << request["method"].text() << ' ' << request["url"].text() << '\n';
    request["headers"].for_each(
        [&](json::value each) { out << each.at(0).text() << ": " << each.at(1).text() << '\n'; });
    out << '\n' << from_base64(request["body_base64"].text()).value_or("");
}

void print_subscriptions(const std::string& body, std::ostream& out) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return;
    (*parsed)["subscriptions"].for_each([&](json::value each) {
        out << each["name"].text() << "  " << each["url"].text() << "  waiting " << each["waiting"].text_or_number()
            << ", to be retried " << each["retried"].text_or_number() << ", dead " << each["dead"].text_or_number();
        if (each["off"].boolean().value_or(false)) out << "  off: it answered 410";
        out << '\n';
    });
}

void print_dead(const std::string& body, std::ostream& out) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return;
    (*parsed)["dead"].for_each([&](json::value each) {
        out << each["id"].text() << "  " << each["type"].text() << "  " << each["at"].text() << "  "
            << each["attempts"].text_or_number() << " attempts  " << each["reason"].text() << '\n';
    });
    if (const auto next = (*parsed)["next"].text(); !next.empty()) out << "and more\n";
}

}  // namespace

int run_quarantine_list(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    return ask(given, err, "GET", quarantine_path, [&](const std::string& body) {
        if (given.as_json)
            out << body << '\n';
        else
            print_list(body, out);
    });
}

int run_quarantine_show(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    return ask(given, err, "GET", path_of(given), [&](const std::string& body) {
        if (given.as_json)
            out << body << '\n';
        else
            print_request(body, out);
    });
}

int run_quarantine_retry(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    return ask(given, err, "POST", path_of(given) + "/retry", [&](const std::string& body) { out << body << '\n'; });
}

int run_quarantine_drop(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    return ask(given, err, "DELETE", path_of(given), [&](const std::string&) { out << given.id << ": dropped\n"; });
}

int run_events_list(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    return ask(given, err, "GET", events_path, [&](const std::string& body) {
        if (given.as_json)
            out << body << '\n';
        else
            print_subscriptions(body, out);
    });
}

int run_events_dead(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    const auto path = std::string(events_path) + '/' + encode_percent(given.subscription) + "/dead";
    return ask(given, err, "GET", path, [&](const std::string& body) {
        if (given.as_json)
            out << body << '\n';
        else
            print_dead(body, out);
    });
}

int run_events_replay(const admin_arguments& given, std::ostream& out, std::ostream& err) {
    const auto path = std::string(events_path) + '/' + encode_percent(given.subscription) + "/replay";
    json::writer wanted;
    wanted.begin_object().member_if("id", given.id).end_object();
    return ask(
        given, err, "POST", path, [&](const std::string& body) { out << body << '\n'; }, wanted.take());
}

void add_admin_commands(const command& program) {
    using run = int (*)(const admin_arguments&, std::ostream&, std::ostream&);
    const auto add = [&](const command& group, const char* name, const char* says, run act) {
        const auto made = group.add_command(name, says);
        auto given = std::make_shared<admin_arguments>();
        add_engine_options(made, given->config, given->token);
        made.flag("--json", given->as_json, "As JSON");
        made.runs([given, act] { return act(*given, std::cout, std::cerr); });
        return std::pair(made, given);
    };
    const auto quarantine = program.add_command("quarantine", "Requests that could not be taken in");
    quarantine.wants_command();
    add(quarantine, "list", "One line each, the latest first", run_quarantine_list);
    for (const auto& [name, says, act] : std::initializer_list<std::tuple<const char*, const char*, run>>{
             {"show", "The request, byte for byte", run_quarantine_show},
             {"retry", "Take it in as of the time when it arrived", run_quarantine_retry},
             {"drop", "Forget it", run_quarantine_drop}}) {
        const auto [made, given] = add(quarantine, name, says, act);
        made.option("id", given->id, "As `list` prints it").required();
    }
    const auto events = program.add_command("events", "Events to the centre's own systems");
    events.wants_command();
    add(events, "list", "Subscriptions and how they do", run_events_list);
    for (const auto& [name, says, act] : std::initializer_list<std::tuple<const char*, const char*, run>>{
             {"dead", "Events that were given up", run_events_dead},
             {"replay", "Deliver dead events anew, all or one", run_events_replay}}) {
        const auto [made, given] = add(events, name, says, act);
        made.option("subscription", given->subscription, "Its name").required();
        if (act == run_events_replay) made.option("id", given->id, "As `dead` prints it");
    }
}

}  // namespace kindred::app
