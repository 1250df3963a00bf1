#include "engine/app/cluster_commands.hpp"

#include "engine/app/config.hpp"
#include "engine/base/json.hpp"
#include "engine/store/redis/redis.hpp"

#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

double seconds_of(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

std::string to_json(const std::string& site, const store::site_standing& of) {
    json::writer out;
    out.begin_object().member("site", site).member("batches", of.seq).member("log_batches", of.log_batches);
    out.member("undecided", of.undecided).member("snapshot_batch", of.snapshot_seq);
    out.member("snapshot_bytes", of.snapshot_bytes);
    out.key("leader");
    if (of.has_leader())
        out.begin_object()
            .member("node", of.leads.node)
            .member("epoch", of.leads.epoch)
            .member("lease_left_s", seconds_of(of.leads.left))
            .end_object();
    else
        out.null();
    out.key("followers").begin_array();
    for (const auto& each : of.follow)
        out.begin_object()
            .member("node", each.node)
            .member("batches_behind", each.behind)
            .member("heard_s_ago", seconds_of(each.heard_ago))
            .end_object();
    return out.end_array().end_object().take();
}

void print(const std::string& site, const store::site_standing& of, std::ostream& out) {
    out << "site " << site << ": " << of.seq << " batches, " << of.log_batches << " of them in the log, "
        << of.undecided << " items undecided\n";
    if (of.snapshot_seq != 0)
        out << "snapshot: as of batch " << of.snapshot_seq << ", " << of.snapshot_bytes << " bytes\n";
    if (of.has_leader())
        out << "leads: " << of.leads.node << ", epoch " << of.leads.epoch << ", lease " << seconds_of(of.leads.left)
            << " s\n";
    else
        out << "nobody leads\n";
    for (const auto& each : of.follow)
        out << "follows: " << each.node << ", " << each.behind << " batches behind, heard of "
            << seconds_of(each.heard_ago) << " s ago\n";
}

}  // namespace

int run_cluster_status(const cluster_arguments& given, std::ostream& out, std::ostream& err) {
    auto read = read_config(given.config, config_use::serve);
    for (const auto& each : read.problems) err << settings::to_text(each) << '\n';
    if (!read.read) return 1;
    if (!read.read->shared) {
        err << given.config << ": error: the site is in a file, not in Redis: no other node can have it\n";
        return 1;
    }
    const auto standing = store::standing_of(*read.read->shared);
    if (!standing) {
        err << "error: " << standing.error().message << '\n';
        return 3;
    }
    const auto& site = read.read->shared->site;
    if (given.as_json)
        out << to_json(site, *standing) << '\n';
    else
        print(site, *standing, out);
    return standing->has_leader() ? 0 : 1;
}

void add_cluster_commands(const command& program) {
    const auto cluster = program.add_command("cluster", "A site in Redis that several nodes share");
    cluster.wants_command();
    auto given = std::make_shared<cluster_arguments>();
    const auto status = cluster.add_command("status", "Who leads and who follows; 1 when nobody leads");
    status.option("--config", given->config, "The configuration, which names the site").required();
    status.flag("--json", given->as_json, "As JSON");
    status.runs([given] { return run_cluster_status(*given, std::cout, std::cerr); });
    const auto functions =
        cluster.add_command("functions", "Print our functions, for redis-cli -x FUNCTION LOAD where nodes may not");
    functions.runs([] {
        std::cout << store::functions_for_redis();
        return 0;
    });
}

}  // namespace kindred::app
