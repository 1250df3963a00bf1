#include "engine/app/data_commands.hpp"

#include "engine/app/admin_call.hpp"
#include "engine/app/profile_export.hpp"
#include "engine/app/starting_rules.hpp"
#include "engine/app/store_commands.hpp"
#include "engine/app/store_copy.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/people/data_export.hpp"

#include <unistd.h>
#include <iostream>
#include <memory>
#include <optional>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, has_problem = 1, wrong_use = 2, cannot_run = 3 };

int refused(const error& why, std::ostream& err) {
    err << "error: " << why.message << '\n';
    return why.code == errc::corrupt ? has_problem : cannot_run;
}

result<runtime::audit_head> stored_head(store::store& from) {
    const auto opened = from.load(nullptr);
    if (!opened) return opened.error();
    for (const auto& [name, value] : opened->settings)
        if (name == runtime::audit_setting) return runtime::audit_head_from_json(value);
    return runtime::audit_head{};
}

/// A copy of the store that a command is about; nothing, with the reason on `err` and the exit code in `failed`.
std::optional<store_copy> copy_of(const data_arguments& given, std::ostream& err, int& failed) {
    const auto path = given.store.empty() ? store_of(given.config, err) : std::optional(given.store);
    failed = has_problem;
    if (!path) return std::nullopt;
    auto copy = store_copy::of(*path);
    if (copy) return std::move(*copy);
    failed = refused(copy.error(), err);
    return std::nullopt;
}

std::string line_of(const json::value& record) {
    std::string line(record["number"].text_or_number());
    for (const auto* part : {"at", "by", "action", "about"}) line += "  " + std::string(record[part].text("-"));
    if (const auto detail = record["detail"]; detail.size() > 0) line += "  " + detail.to_text();
    return line;
}

/// By the rules that are in force in the store: they say which attributes there are.
int export_profiles_of(store::store& from, const store::open_state& opened, const data_arguments& given,
                       std::ostream& out, std::ostream& err) {
    const auto in_force = active_before(opened);
    if (!in_force)
        return refused(fail(errc::unavailable, "the store has no rules: start the engine with it once"), err);
    const auto form = given.customers == "csv" ? row_form::csv : row_form::lines;
    if (given.out.empty()) {
        const auto printed = print_profiles(from, *in_force, form, out);
        return printed ? done : refused(printed.error(), err);
    }
    const bool shows = given.progress == "always" || (given.progress == "auto" && isatty(STDERR_FILENO) == 1);
    progress_bar bar(err, shows, opened.customers);
    const auto written = export_profiles(from, *in_force, form, {given.out, given.again}, bar, err);
    bar.end();
    if (!written) return refused(written.error(), err);
    out << *written << " profiles (" << given.out << ")\n";
    return done;
}

}  // namespace

int run_export(const data_arguments& given, std::ostream& out, std::ostream& err) {
    const auto whose = parse_id<customer_id>(given.customer);
    if (!given.customer.empty() && !whose) {
        err << "error: --customer: wants a customer's number\n";
        return wrong_use;
    }
    if (!given.out.empty() && given.customers.empty()) {
        err << "error: --out: wants --customers csv or ndjson beside it\n";
        return wrong_use;
    }
    int failed = done;
    const auto copy = copy_of(given, err, failed);
    if (!copy) return failed;
    const auto opened = (**copy).load(nullptr);
    if (!opened) return refused(opened.error(), err);
    if (!given.customers.empty()) return export_profiles_of(**copy, *opened, given, out, err);
    const auto print = [&](const std::string& line) { out << line << '\n'; };
    const auto exported =
        whose ? runtime::export_customer(**copy, *whose, print) : runtime::export_everybody(**copy, print);
    return exported ? done : refused(exported.error(), err);
}

int run_erase(const data_arguments& given, std::ostream& out, std::ostream& err) {
    if (!parse_id<customer_id>(given.customer)) {
        err << "error: --customer: wants a customer's number\n";
        return wrong_use;
    }
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    auto path = "/api/v1/customers/" + given.customer;
    if (!given.reason.empty()) path += "?reason=" + encode_percent(given.reason);
    const auto answered = access->call("DELETE", path);
    if (!answered) return refused(answered.error(), err);
    out << *answered << '\n';
    return done;
}

int run_audit_verify(const data_arguments& given, std::ostream& out, std::ostream& err) {
    int failed = done;
    const auto copy = copy_of(given, err, failed);
    if (!copy) return failed;
    const auto stored = stored_head(**copy);
    if (!stored) return refused(stored.error(), err);
    const auto head = runtime::verify_audit(**copy, *stored);
    if (!head) return refused(head.error(), err);
    if (given.as_json)
        out << runtime::to_json(*head) << '\n';
    else
        out << head->number << " records, all as they were written; the last: " << head->hash << '\n';
    return done;
}

int run_audit_list(const data_arguments& given, std::ostream& out, std::ostream& err) {
    const auto access = admin_access::of(given.config, given.token, err);
    if (!access) return has_problem;
    const auto answered = access->call("GET", "/api/v1/audit");
    if (!answered) return refused(answered.error(), err);
    if (given.as_json) {
        out << *answered << '\n';
        return done;
    }
    const auto parsed = json::document::parse(*answered);
    if (parsed) (*parsed)["records"].for_each([&](json::value each) { out << line_of(each) << '\n'; });
    return done;
}

void add_data_commands(const command& program) {
    using run = int (*)(const data_arguments&, std::ostream&, std::ostream&);
    const auto add = [&](const command& group, const char* name, const char* says, run act) {
        const auto made = group.add_command(name, says);
        auto given = std::make_shared<data_arguments>();
        made.runs([given, act] { return act(*given, std::cout, std::cerr); });
        return std::pair(made, given);
    };
    const auto reads_store = [](const command& made, const std::shared_ptr<data_arguments>& given) {
        const auto named = made.exactly_one("store");
        named.option("--store", given->store, "The engine's store; it may be in use");
        named.option("--config", given->config, "The configuration, which names the store");
    };
    const auto [exports, what] = add(program, "export", "Print what is on record, as lines of JSON", run_export);
    reads_store(exports, what);
    exports.option("--customer", what->customer, "Only what is on record of this one");
    exports.option("--customers", what->customers, "Only profiles, in the form that import takes: csv or ndjson")
        .one_of({"csv", "ndjson"});
    exports.option("--out", what->out, "Of --customers: into this file; where an earlier try ended, it goes on");
    exports.flag("--again", what->again, "Of --out: from the beginning, wherever an earlier try ended");
    exports.option("--progress", what->progress, "Of --out: a bar that shows how far it is")
        .one_of({"auto", "always", "never"})
        .shows_default();
    const auto [erases, whom] = add(program, "erase", "Keep nothing of a customer any more", run_erase);
    add_engine_options(erases, whom->config, whom->token);
    erases.option("--customer", whom->customer, "The customer's number").required();
    erases.option("--reason", whom->reason, "For the audit log");
    const auto audit = program.add_command("audit", "Who changed what");
    audit.wants_command();
    const auto [verifies, verified] = add(audit, "verify", "Whether the log is what was written", run_audit_verify);
    reads_store(verifies, verified);
    verifies.flag("--json", verified->as_json, "As JSON");
    const auto [lists, listed] = add(audit, "list", "The latest 100 records", run_audit_list);
    add_engine_options(lists, listed->config, listed->token);
    lists.flag("--json", listed->as_json, "As JSON");
}

}  // namespace kindred::app
