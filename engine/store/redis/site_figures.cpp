#include "engine/store/redis/site_figures.hpp"

#include <array>

namespace kindred::store {
namespace {

struct row {
    std::string_view name;
    std::string_view help;
    const site_figures::figure site_figures::*what;
    bool rises;
};

constexpr std::array rows{
    row{"kindred_site_leads", "1: this node leads the site", &site_figures::leads, false},
    row{"kindred_site_lease_epoch", "Epoch of the lease that this node holds or follows", &site_figures::epoch, false},
    row{"kindred_site_log_batches", "Batches in the site's log in Redis", &site_figures::log_batches, false},
    row{"kindred_site_batches_behind", "Batches that this node's copy lacks", &site_figures::batches_behind, false},
    row{"kindred_site_items_waiting", "Deliveries that this node took in and Redis has not yet",
        &site_figures::items_waiting, false},
    row{"kindred_site_files", "Attachments in Redis", &site_figures::files, false},
    row{"kindred_site_file_bytes", "Bytes of attachments in Redis", &site_figures::file_bytes, false},
    row{"kindred_site_files_on_disk_alone", "Attachments that only this node has: Redis had no room for them",
        &site_figures::files_on_disk_alone, false},
    row{"kindred_site_files_missing", "Attachments on record that neither Redis nor this node has",
        &site_figures::files_missing, false},
    row{"kindred_site_items_journaled_total", "Deliveries that were taken in while Redis was away",
        &site_figures::items_journaled, true},
    row{"kindred_site_take_overs_total", "Times that this node became the one that leads", &site_figures::take_overs,
        true},
    row{"kindred_site_wait_shortfalls_total", "Writes that too few replicas confirmed in time",
        &site_figures::shortfalls, true},
    row{"kindred_site_snapshots_total", "Snapshots that this node put into Redis", &site_figures::snapshots, true},
    row{"kindred_site_snapshots_failed_total", "Snapshots that could not be put into Redis",
        &site_figures::snapshots_failed, true},
    row{"kindred_site_snapshots_broken_total", "Times that masters of a cluster had lost pieces of the snapshot",
        &site_figures::snapshots_broken, true},
    row{"kindred_site_rollbacks_total", "Times that Redis lacked batches that it had confirmed",
        &site_figures::rollbacks, true},
    row{"kindred_site_batches_put_back_total", "Batches that Redis had lost and that this node put back",
        &site_figures::batches_put_back, true},
    row{"kindred_site_contacts_repaired_total", "Contacts that Redis had lost and that it has again",
        &site_figures::contacts_repaired, true},
    row{"kindred_site_contacts_lost_total", "Contacts that Redis had lost and that lie in a copy that was set aside",
        &site_figures::contacts_lost, true},
    row{"kindred_site_copies_set_aside_total", "Copies of this node that Redis did not know any more",
        &site_figures::copies_set_aside, true},
    row{"kindred_site_files_fetched_total", "Attachments that this node took from Redis", &site_figures::files_fetched,
        true},
    row{"kindred_site_files_put_back_total", "Attachments that Redis lacked and that this node put back",
        &site_figures::files_put_back, true},
};

void head(std::string& out, std::string_view name, std::string_view help, bool rises) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
    out.append(rises ? " counter\n" : " gauge\n");
}

void line(std::string& out, std::string_view name, std::string_view label, std::uint64_t value) {
    out.append(name).append(label).append(" ").append(std::to_string(value)).append("\n");
}

void one(std::string& out, std::string_view name, std::string_view help, std::uint64_t value, bool rises) {
    head(out, name, help, rises);
    line(out, name, {}, value);
}

}  // namespace

std::string site_figures::text() const {
    std::string out;
    for (const auto& each : rows) one(out, each.name, each.help, (this->*each.what).load(), each.rises);
    one(out, "kindred_redis_connections_total", "Connections to Redis that were made", calls->connects(), true);
    one(out, "kindred_redis_unknown_total", "Calls to Redis of which nobody knows whether they were carried out",
        calls->unknown(), true);
    constexpr std::string_view refused = "kindred_redis_refusals_total";
    head(out, refused, "Commands that Redis or our functions refused, by reason", true);
    for (std::size_t i = 1; i <= kindred::redis::refusals; ++i) {
        const auto why = static_cast<kindred::redis::refusal>(i);
        const auto label = "{reason=\"" + std::string(name_of(why)) + "\"}";
        line(out, refused, label, calls->refusals_of(why));
    }
    return out;
}

}  // namespace kindred::store
