#include "engine/app/segments_command.hpp"

#include "engine/app/store_copy.hpp"
#include "engine/customers/everybody.hpp"
#include "engine/insight/segment_study.hpp"

#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

enum exit_code_value { done = 0, wrong_use = 2, cannot_run = 3 };

constexpr duration usual_period = std::chrono::days(90);

int refused(const error& why, std::ostream& err) {
    err << "error: " << why.message << '\n';
    return cannot_run;
}

result<void> take_histories(store::store& from, const store::entry_selection& wanted, insight::segment_study& into) {
    return from.entries_between(wanted, [&](const store::selected_entry& row) {
        const auto& entry = row.entry;
        into.take({entry.ticket, entry.number, entry.kind, entry.at, entry.json, row.channel, row.customer});
        return true;
    });
}

result<void> take_satisfaction(store::store& from, insight::segment_study& into) {
    return customers::for_everybody(from, [&](const customer& who) -> result<void> {
        if (who.satisfaction) into.note_satisfaction(who.id, *who.satisfaction);
        return {};
    });
}

}  // namespace

int run_segments(const segments_arguments& given, std::ostream& out, std::ostream& err) {
    const auto until = given.until.empty() ? std::optional(system_clock().now()) : parse_time(given.until);
    const auto from = given.from.empty() && until ? std::optional(*until - usual_period) : parse_time(given.from);
    if (!until || !from || *from >= *until) {
        err << "error: --from and --until want times, e.g. 2026-11-01T00:00:00Z, the earlier first\n";
        return wrong_use;
    }
    const auto copy = store_copy::of(given.store);
    if (!copy) return refused(copy.error(), err);
    insight::segment_study study;
    const store::entry_selection wanted{*from,
                                        *until,
                                        insight::segment_study::kinds(),
                                        insight::segment_study::kinds_with_json(),
                                        {"contact", "outbound"}};
    if (const auto taken = take_histories(**copy, wanted, study); !taken) return refused(taken.error(), err);
    if (const auto taken = take_satisfaction(**copy, study); !taken) return refused(taken.error(), err);
    const auto made = study.finish({});
    out << (given.as_json ? insight::to_json(made) + '\n' : insight::to_text(made));
    return done;
}

void add_segments_command(const command& program) {
    auto given = std::make_shared<segments_arguments>();
    const auto made = program.add_command("segments", "Whether the groups that the rules make of customers are real");
    made.option("--store", given->store, "The engine's store; it may be in use").required();
    made.option("--from", given->from, "Beginning (default: 90 days before the end)");
    made.option("--until", given->until, "End (default: now)");
    made.flag("--json", given->as_json, "As JSON");
    made.runs([given] { return run_segments(*given, std::cout, std::cerr); });
}

}  // namespace kindred::app
