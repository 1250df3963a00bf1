#include "engine/app/cluster_commands.hpp"

#include "engine/app/config.hpp"
#include "engine/base/json.hpp"
#include "engine/store/redis/migration.hpp"
#include "engine/store/redis/redis.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

namespace kindred::app {
namespace {

double seconds_of(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

std::string to_json(const std::string& site, const store::site_standing& of) {
    json::writer out;
    out.begin_object().member("site", site).member("batches", of.seq).member("log_batches", of.log_batches);
    out.member("undecided", of.undecided).member("snapshot_batch", of.snapshot_seq);
    out.member("snapshot_bytes", of.snapshot_bytes).member("snapshot_pieces", of.snapshot_pieces);
    for (const auto& [name, known] : {std::pair("snapshot_pieces_lacking", of.snapshot_lacks),
                                      std::pair("files", of.files), std::pair("file_bytes", of.file_bytes)}) {
        out.key(name);
        if (known)
            out.value(*known);
        else
            out.null();
    }
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
    out.end_array().key("sites").begin_array();
    for (const auto& each : of.sites)
        out.begin_object().member("site", each.site).member("node", each.node).end_object();
    return out.end_array().end_object().take();
}

std::string said_of_pieces(const store::site_standing& of) {
    if (!of.snapshot_lacks) return "; not all of its pieces can be asked for";
    if (*of.snapshot_lacks == 0) return {};
    return "; it LACKS " + std::to_string(*of.snapshot_lacks) + ": the node that leads puts another in its place";
}

void print(const std::string& site, const store::site_standing& of, std::ostream& out) {
    out << "site " << site << ": " << of.seq << " batches, " << of.log_batches << " of them in the log, "
        << of.undecided << " items undecided\n";
    if (of.snapshot_seq != 0)
        out << "snapshot: as of batch " << of.snapshot_seq << ", " << of.snapshot_bytes << " bytes in "
            << of.snapshot_pieces << " pieces" << said_of_pieces(of) << '\n';
    if (!of.files)
        out << "attachments: cannot all be asked for right now\n";
    else if (*of.files != 0)
        out << "attachments: " << *of.files << ", " << of.file_bytes.value_or(0) << " bytes\n";
    if (of.has_leader())
        out << "leads: " << of.leads.node << ", epoch " << of.leads.epoch << ", lease " << seconds_of(of.leads.left)
            << " s\n";
    else
        out << "nobody leads\n";
    for (const auto& each : of.follow)
        out << "follows: " << each.node << ", " << each.behind << " batches behind, heard of "
            << seconds_of(each.heard_ago) << " s ago\n";
    for (const auto& each : of.sites) out << "of all sites: " << each.site << " is led by " << each.node << '\n';
}

constexpr std::string_view in_file = "sqlite:";
constexpr std::string_view in_redis = "redis:";

/// Files of the same name are the same: they are named by what is in them.
result<void> copy_attachments(const std::filesystem::path& from, const std::filesystem::path& to) {
    namespace fs = std::filesystem;
    std::error_code failed;
    if (!fs::is_directory(from, failed)) return {};
    for (auto at = fs::recursive_directory_iterator(from, failed); !failed && at != fs::recursive_directory_iterator();
         at.increment(failed)) {
        const auto copy = to / fs::relative(at->path(), from, failed);
        if (failed || at->is_directory(failed) || fs::exists(copy, failed)) continue;
        fs::create_directories(copy.parent_path(), failed);
        // Under its own name only when it is whole: a move may end in the middle, and is gone on with.
        const auto part = copy.string() + ".part";
        if (!failed) fs::copy_file(at->path(), part, fs::copy_options::overwrite_existing, failed);
        if (!failed) fs::rename(part, copy, failed);
        if (failed) break;
    }
    if (failed)
        return fail(errc::io,
                    from.string() + ": attachments cannot be copied to " + to.string() + ": " + failed.message());
    return {};
}

int say_moved(const result<store::moved_site>& moved, bool in_redis, const std::string& from, const std::string& to,
              const std::string& what, std::ostream& out, std::ostream& err) {
    const auto files = moved && !in_redis ? copy_attachments(from + "-files", to + "-files") : result<void>{};
    if (!moved || !files) {
        err << "error: " << (moved ? files.error() : moved.error()).message << '\n';
        return 3;
    }
    out << what << ": holds the site, " << moved->bytes << " bytes, checked, hash " << moved->hash << '\n';
    if (moved->files != 0) out << "attachments: " << moved->files << '\n';
    return 0;
}

}  // namespace

int run_migrate(const migrate_arguments& given, std::ostream& out, std::ostream& err) {
    const bool into_redis = given.from.starts_with(in_file) && given.to.starts_with(in_redis);
    const bool out_of_redis = given.from.starts_with(in_redis) && given.to.starts_with(in_file);
    if (!into_redis && !out_of_redis) {
        err << "error: wants --from sqlite:FILE --to redis:CONFIG, or the other way round\n";
        return 2;
    }
    const auto file = (into_redis ? given.from : given.to).substr(in_file.size());
    const auto named = (into_redis ? given.to : given.from).substr(in_redis.size());
    const auto read = read_config(named, config_use::serve);
    for (const auto& each : read.problems) err << settings::to_text(each) << '\n';
    if (!read.read) return 1;
    if (!read.read->shared) {
        err << named << ": error: store: names no Redis\n";
        return 1;
    }
    const auto& shared = *read.read->shared;
    if (out_of_redis)
        return say_moved(store::move_out_of_redis(shared, file), shared.files_in_redis, shared.copy.path, file, file,
                         out, err);
    store::sqlite_options from;
    from.path = file;
    return say_moved(store::move_into_redis(from, shared), shared.files_in_redis, file, shared.copy.path,
                     "site " + shared.site + " in Redis", out, err);
}

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
    const auto migrate = program.add_command("migrate", "Move a site from a file into Redis, or back");
    auto moves = std::make_shared<migrate_arguments>();
    migrate.option("--from", moves->from, "sqlite:FILE or redis:CONFIG; it stays as it is").required();
    migrate.option("--to", moves->to, "redis:CONFIG or sqlite:FILE, which must be new").required();
    migrate.runs([moves] { return run_migrate(*moves, std::cout, std::cerr); });
    const auto functions =
        cluster.add_command("functions", "Print our functions, for redis-cli -x FUNCTION LOAD where nodes may not");
    functions.runs([] {
        std::cout << store::functions_for_redis();
        return 0;
    });
}

}  // namespace kindred::app
