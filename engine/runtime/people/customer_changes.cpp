#include "engine/runtime/people/customer_changes.hpp"

#include "engine/runtime/tickets/redecision.hpp"

namespace kindred::runtime {
namespace {

result<customer*> find_customer(step& in, const customer_change& wanted) {
    if (auto* person = in.on().customers.find(wanted.customer)) return person;
    if (wanted.stored) return in.on().customers.take(*wanted.stored);
    return fail(errc::not_found, "there is no customer " + to_string(wanted.customer));
}

result<void> set_attributes(step& in, const customer_change& wanted, json::value given, customer& into) {
    std::optional<error> wrong;
    given.for_each_member([&](std::string_view name, json::value each) {
        auto value = in.on().rules.customer_attribute(name, each);
        if (value)
            into.declared[std::string(name)] = {std::move(*value), wanted.source, in.now()};
        else if (!wrong)
            wrong = value.error();
    });
    if (wrong) return *wrong;
    return {};
}

/// A pin takes the place of the one in the same dimension.
result<void> set_pin(step& in, const customer_change& wanted, customer& into) {
    auto placed = *wanted.pinned;
    const bool takes_away = placed.value.empty();
    if (!takes_away)
        if (auto fine = in.on().rules.check_pin(placed.dimension, placed.value); !fine) return fine;
    const auto before = into.pins.size();
    std::erase_if(into.pins, [&](const pin& each) { return each.dimension == placed.dimension; });
    if (takes_away && into.pins.size() == before)
        return fail(errc::not_found, "dimension: nothing is pinned in \"" + placed.dimension + '"');
    if (takes_away) return {};
    placed.by = wanted.source;
    placed.at = in.now();
    into.pins.push_back(std::move(placed));
    return {};
}

result<void> apply(step& in, const customer_change& wanted, customer& into) {
    if (wanted.pinned) return set_pin(in, wanted, into);
    const auto payload = json::document::parse(wanted.payload);
    if (!payload) return payload.error();
    if (!wanted.event.empty()) return in.on().rules.apply_event(into, wanted.event, payload->root(), in.now());
    return set_attributes(in, wanted, payload->root(), into);
}

}  // namespace

result<std::string> change_customer(step& in, const customer_change& wanted) {
    const auto found = find_customer(in, wanted);
    if (!found) return found.error();
    const auto before = **found;
    auto after = before;
    if (auto applied = apply(in, wanted, after); !applied) return applied.error();
    ++after.version;
    after.known = true;
    **found = after;
    in.touch(**found);
    redecide(in, before, after, wanted.waiting);
    json::writer out;
    out.begin_object().member("customer", to_string(after.id)).member("version", after.version).end_object();
    return out.take();
}

}  // namespace kindred::runtime
