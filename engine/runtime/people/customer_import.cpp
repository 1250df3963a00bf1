#include "engine/runtime/people/customer_import.hpp"

#include "engine/runtime/people/joining.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/tickets/redecision.hpp"

#include <algorithm>
#include <iterator>

namespace kindred::runtime {
namespace {

using customers::imported_row;

/// Sets what differs; false when nothing did.
template <class Value>
bool set(Value& held, const std::optional<Value>& stated) {
    if (!stated || held == *stated) return false;
    held = *stated;
    return true;
}

bool set_attribute(customer& of, const std::string& name, const fact_value& value, const std::string& source,
                   time_point now) {
    const auto held = of.declared.find(name);
    if (std::holds_alternative<std::monostate>(value)) {
        if (held == of.declared.end()) return false;
        of.declared.erase(held);
        return true;
    }
    if (held != of.declared.end() && held->second.value == value) return false;
    of.declared.insert_or_assign(name, attribute{value, source, now});
    return true;
}

class importer {
public:
    importer(step& in, const customer_import& given) : in_(in), given_(given) {}

    customers::import_counts all() {
        for (std::size_t i = 0; i < given_.rows.size(); ++i) take(given_.rows[i], given_.known[i]);
        return std::move(counts_);
    }

private:
    void take(const imported_row& row, const store::prefetched& known) {
        // The CRM says that whoever has these is one.
        if (row.identities.size() > 1)
            join_what_is_certain(in_, row.identities, known.customers, given_.source, given_.waiting);
        customer* whose = nullptr;
        for (std::size_t i = 0; i < row.identities.size(); ++i) {
            auto found = owner_of(in_, row.identities[i], known.customers.at(i));
            if (!found) return reject(row, found.error().message);
            if (*found == nullptr || *found == whose) continue;
            if (whose != nullptr)
                return reject(row, "its identities are of customers " + to_string(whose->id) + " and " +
                                       to_string((*found)->id) + ": merge them first, or correct the row");
            whose = *found;
        }
        if (whose == nullptr) return make(row);
        change(row, *whose);
    }

    void make(const imported_row& row) {
        customer made;
        made.id = customer_id{++in_.on().used.customers};
        made.created_at = in_.now();
        (void)apply(row, made);
        made.version = 1;
        made.known = true;
        auto& added = in_.on().customers.add(std::move(made));
        for (const auto& each : row.identities) in_.identify(each.text, added.id);
        in_.touch(added);
        ++counts_.created;
    }

    void change(const imported_row& row, customer& whose) {
        auto after = whose;
        const auto new_identities = apply(row, after);
        if (!new_identities) {
            ++counts_.unchanged;
            return;
        }
        ++after.version;
        after.known = true;
        const auto before = std::exchange(whose, after);
        for (const auto& each : *new_identities) in_.identify(each, whose.id);
        in_.touch(whose);
        note_moves(in_, {.what = "import", .by = given_.source}, before, after);
        if (whose.open_tickets > 0) redecide(in_, {after, before, after}, given_.waiting);
        ++counts_.updated;
    }

    /// The identities that are new to the customer; nothing at all when nothing changed.
    std::optional<std::vector<std::string>> apply(const imported_row& row, customer& into) const {
        std::vector<std::string> added;
        for (const auto& each : row.identities) {
            const auto same = [&](const identity& held) { return held.text == each.text; };
            if (std::any_of(into.identities.begin(), into.identities.end(), same)) continue;
            into.identities.push_back(each);
            added.push_back(each.text);
        }
        bool changed = !added.empty();
        changed = set(into.name, row.name) || changed;
        changed = set(into.language, row.language) || changed;
        changed = set(into.tags, row.tags) || changed;
        for (const auto& [name, value] : row.stated)
            changed = set_attribute(into, name, value, given_.source, in_.now()) || changed;
        return changed ? std::optional(std::move(added)) : std::nullopt;
    }

    void reject(const imported_row& row, std::string reason) {
        counts_.rejected.push_back({row.line, std::move(reason)});
    }

    step& in_;
    const customer_import& given_;
    customers::import_counts counts_;
};

}  // namespace

void ask_for(const customer_import& given, std::vector<store::prefetch_query>& questions) {
    for (const auto& row : given.rows) {
        auto& question = questions.emplace_back();
        for (const auto& each : row.identities) question.identities.push_back(each.text);
    }
}

void look_up_import(store::store& from, customer_import& given) {
    for (const auto& known : given.known) {
        for (const auto& row : known.customers) {
            const auto read = row ? customer_from_json(row->id, row->version, row->json) : fail(errc::not_found, "");
            if (!read || read->open_tickets == 0) continue;
            auto whose = read->merged_from;
            whose.push_back(read->id);
            auto waiting = look_up_waiting(from, std::move(whose));
            std::move(waiting.begin(), waiting.end(), std::back_inserter(given.waiting));
        }
    }
}

void import_customers(step& in, customer_import& given) {
    if (!given.known.empty()) in.on().customers.forget(given.known.front().as_of);
    in.after_commit(
        [done = std::move(given.done), counts = importer(in, given).all()]() mutable { done(std::move(counts)); });
}

}  // namespace kindred::runtime
