#include "engine/runtime/people/registers.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/people/joining.hpp"
#include "engine/runtime/sending/files.hpp"
#include "engine/runtime/surveys/survey_link.hpp"
#include "engine/store/kept_rows.hpp"

namespace kindred::runtime {
namespace {

std::string done(bool changed) { return json::writer().begin_object().member("changed", changed).end_object().take(); }

/// One function for each change.
class changer {
public:
    changer(step& in, std::string by) : in_(in), by_(std::move(by)) {}

    result<std::string> operator()(const registers::consent_change& wanted) const {
        auto stop = wanted.stop;
        // Of a customer who was merged it counts for who goes on.
        constexpr std::string_view by_number = "customer:";
        if (stop.subject.starts_with(by_number))
            if (const auto id = parse_id<customer_id>(std::string_view(stop.subject).substr(by_number.size())))
                stop.subject = subject_of(in_.on().customers.goes_on_as(*id));
        if (wanted.lift) {
            if (!allow_again(in_, stop))
                return fail(errc::not_found, "nothing of this kind forbids to write to the customer");
            in_.audit(by_, "contact.allowed", stop.subject);
            return done(true);
        }
        stop.at = in_.now();
        in_.audit(by_, "contact.forbidden", stop.subject, reason_of(stop.reason));
        forbid(in_, std::move(stop));
        return done(true);
    }
    result<std::string> operator()(const registers::block_change& wanted) const {
        const auto& identity = wanted.block.identity;
        if (wanted.lift) {
            if (!in_.on().blocks.lift(identity)) return fail(errc::not_found, identity + " is not blocked");
            in_.put_kept({std::string(block_rows), identity, in_.now(), {}, true});
            in_.audit(by_, "block.lifted", identity);
            return done(true);
        }
        auto block = wanted.block;
        block.at = in_.now();
        in_.put_kept({std::string(block_rows), identity, in_.now(), customers::to_json(block)});
        in_.audit(by_, "block.set", identity, reason_of(block.reason));
        in_.on().blocks.put(std::move(block));
        return done(true);
    }
    result<std::string> operator()(const registers::quarantine_add& wanted) const {
        const bool room = in_.on().quarantine.add(wanted.row.id, wanted.channel);
        if (room) in_.put_kept(wanted.row);
        return done(room);
    }
    result<std::string> operator()(const registers::quarantine_drop& wanted) const {
        if (!in_.on().quarantine.remove(wanted.id)) return fail(errc::not_found, "nothing of this id is in quarantine");
        in_.put_kept({std::string(quarantine_rows), wanted.id, in_.now(), {}, true});
        if (!by_.empty()) in_.audit(by_, "quarantine.dropped", wanted.id);
        return done(true);
    }
    result<std::string> operator()(const registers::join_proposals& wanted) const {
        std::size_t made = 0;
        for (const auto& each : wanted.found)
            if (propose_join(in_, each)) ++made;
        return json::writer().begin_object().member("proposed", made).end_object().take();
    }
    result<std::string> operator()(const registers::join_dismissal& wanted) const {
        const auto* known = in_.on().joins.find(wanted.who);
        if (known == nullptr) return fail(errc::not_found, "nobody proposes to join these two");
        if (known->dismissed) return done(false);
        keep_apart(in_, wanted.who.first, wanted.who.second, by_, wanted.reason);
        in_.audit(by_, "customer.join_dismissed", customers::key_of(wanted.who), reason_of(wanted.reason));
        return done(true);
    }
    result<std::string> operator()(const registers::audit_note& wanted) const {
        in_.audit(by_, wanted.action, wanted.about, wanted.detail);
        return done(true);
    }
    result<std::string> operator()(const registers::row_change& wanted) const {
        for (const auto& row : wanted.rows) {
            in_.on().backlog.follow(row);
            if (!row.removed && row.kind == event_rows) in_.tell_events();
            put_file_row(in_, row);
        }
        return done(true);
    }

private:
    static std::string reason_of(const std::string& reason) {
        return json::writer().begin_object().member_if("reason", reason).end_object().take();
    }

    step& in_;
    std::string by_;
};

}  // namespace

result<void> load_registers(store::store& from, world& into) {
    auto stops = store::for_each_kept(from, stop_rows, [&](const store::kept_row& row) -> result<void> {
        auto read = customers::do_not_contact_from_json(row.bytes);
        if (!read) return read.error();
        into.consents.put(std::move(*read));
        return {};
    });
    if (!stops) return stops;
    auto blocks = store::for_each_kept(from, block_rows, [&](const store::kept_row& row) -> result<void> {
        auto read = customers::block_from_json(row.bytes);
        if (!read) return read.error();
        into.blocks.put(std::move(*read));
        return {};
    });
    if (!blocks) return blocks;
    auto merges = store::for_each_kept(from, merge_rows, [&](const store::kept_row& row) -> result<void> {
        const auto id = parse_id<customer_id>(row.id);
        const auto other = parse_id<customer_id>(row.bytes);
        if (!id || !other) return fail(errc::corrupt, "a stored merge of customers is not readable");
        into.customers.merged(*id, *other);
        return {};
    });
    if (!merges) return merges;
    auto joins = store::for_each_kept(from, join_rows, [&](const store::kept_row& row) -> result<void> {
        auto read = customers::join_proposal_from_json(row.bytes);
        if (!read) return read.error();
        into.joins.put(std::move(*read));
        return {};
    });
    if (!joins) return joins;
    if (const auto secret = from.kept_one(secret_rows, survey_secret_id))
        into.survey_secret = secret->bytes;
    else if (secret.error().code != errc::not_found)
        return secret.error();
    for (const auto kind : {event_rows, event_retry_rows, dead_event_rows}) {
        auto counted = store::for_each_kept(from, kind, [&](const store::kept_row& row) -> result<void> {
            into.backlog.follow(row);
            return {};
        });
        if (!counted) return counted;
    }
    return store::for_each_kept(from, quarantine_rows, [&](const store::kept_row& row) -> result<void> {
        (void)into.quarantine.add(row.id, channel_of_quarantined(row.bytes));
        return {};
    });
}

result<std::string> change_register(step& in, const register_change& wanted) {
    return std::visit(changer{in, wanted.by}, wanted.what);
}

}  // namespace kindred::runtime
