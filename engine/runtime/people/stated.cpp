#include "engine/runtime/people/stated.hpp"

#include "engine/base/log.hpp"
#include "engine/runtime/people/moments.hpp"
#include "engine/runtime/tickets/redecision.hpp"

namespace kindred::runtime {

bool state(step& in, customer& into, std::string_view attributes) {
    if (attributes.empty()) return false;
    const auto parsed = json::document::parse(attributes);
    if (!parsed) return false;
    bool changed = false;
    parsed->root().for_each_member([&](std::string_view name, json::value given) {
        auto value = in.on().rules.customer_attribute(name, given);
        if (!value) {
            log::debug("the CRM states what cannot be taken", {{"err", value.error().message}});
            return;
        }
        const auto held = into.declared.find(name);
        const bool known = held != into.declared.end();
        if (known ? held->second.value == *value : std::holds_alternative<std::monostate>(*value)) return;
        into.declared.insert_or_assign(std::string(name),
                                       attribute{std::move(*value), std::string(looked_up), in.now()});
        changed = true;
    });
    into.known = into.known || changed;
    return changed;
}

void take_stated(step& in, customer_id whose, std::string_view attributes) {
    auto* person = in.on().customers.find(whose);
    if (person == nullptr || attributes.empty()) return;
    const auto before = *person;
    auto after = before;
    if (!state(in, after, attributes)) return;
    ++after.version;
    *person = after;
    in.touch(*person);
    note_moment(in, {.what = "lookup", .by = std::string(looked_up)}, before, after);
    redecide(in, {after, before, after}, {});
}

}  // namespace kindred::runtime
