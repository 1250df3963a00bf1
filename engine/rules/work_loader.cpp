#include "engine/rules/loaders.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kindred::rules {
namespace {

using settings::field;
using settings::section;
namespace shapes = settings::shapes;

constexpr duration longest_absence = std::chrono::hours{24};
constexpr duration longest_extension = std::chrono::hours{24};
constexpr std::size_t most_dispositions = 500;

constexpr std::array<std::pair<std::string_view, channel_kind>, 6> kinds{{{"email", channel_kind::email},
                                                                          {"chat", channel_kind::chat},
                                                                          {"social", channel_kind::social},
                                                                          {"phone", channel_kind::phone},
                                                                          {"forum", channel_kind::forum},
                                                                          {"api", channel_kind::api}}};

settings::shape kinds_by_kind() {
    std::vector<settings::key_shape> keys;
    for (const auto kind : all_channel_kinds)
        keys.push_back(shapes::optional(std::string(kindred::name_of(kind)), shapes::list(shapes::choice_of(kinds))));
    return shapes::section(std::move(keys));
}

void read_kinds(const field& given, std::map<channel_kind, std::vector<channel_kind>>& into) {
    auto in = given.as_section();
    for (const auto kind : all_channel_kinds) {
        for (const auto& each : in.at(kindred::name_of(kind)).list()) {
            const auto other = each.choice(settings::choices<channel_kind>(kinds));
            auto& others = into[kind];
            if (other && std::find(others.begin(), others.end(), *other) == others.end()) others.push_back(*other);
        }
    }
    std::erase_if(into, [](const auto& each) { return each.second.empty(); });
    in.finish();
}

void read_dispositions(const field& given, std::vector<std::string>& into) {
    for (const auto& each : given.list()) {
        auto text = each.text_not_empty();
        if (!text) continue;
        if (text->size() > 200)
            each.error("is longer than 200 bytes");
        else if (std::find(into.begin(), into.end(), *text) != into.end())
            each.error("\"" + *text + "\" is there already");
        else
            into.push_back(std::move(*text));
    }
}

}  // namespace

std::vector<settings::key_shape> work_keys() {
    return {
        shapes::optional("pauses", kinds_by_kind().meaning("kinds not offered while an agent is at one of this")),
        shapes::optional("interrupts", kinds_by_kind().meaning("kinds whose units do not count for one of this")),
        shapes::optional("not_responding_for", shapes::span(std::chrono::seconds{1}, longest_absence)
                                                   .meaning("how long who let an offer expire is offered nothing")),
        shapes::optional(
            "longest_wrap_up",
            shapes::span(std::chrono::seconds{1}, longest_extension).meaning("to which agents may extend one")),
        shapes::optional(
            "dispositions",
            shapes::list(shapes::name()).at_most(most_dispositions).meaning("outcome codes; any text unless said"))};
}

void load_work(section& top, load_context& context) {
    auto& work = context.rules.work;
    read_kinds(top.at("pauses"), work.pauses);
    read_kinds(top.at("interrupts"), work.interrupts);
    top.read("not_responding_for", work.not_responding_for);
    top.read("longest_wrap_up", work.longest_wrap_up);
    read_dispositions(top.at("dispositions"), work.dispositions);
}

}  // namespace kindred::rules
