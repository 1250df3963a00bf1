#include "engine/rules/loaders.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using settings::field;

namespace shapes = settings::shapes;

knowledge::text_template read_words(const field& given, load_context& context) {
    const auto text = given.text();
    if (!text) return {};
    return knowledge::text_template::parse(*text, context.rules.catalog, given.file(), given.at().line, context.found);
}

void read_disposition(const field& given, load_context& context, macro_definition& into) {
    into.disposition = given.text();
    const auto& known = context.rules.work.dispositions;
    if (into.disposition && !known.empty()) check_name(given, "disposition", *into.disposition, known);
}

void read_macro(const field& given, load_context& context, const conditions::parse_context& parsing) {
    auto in = given.as_section();
    if (!given.is_mapping()) return;
    macro_definition made;
    const auto name = in.require("name");
    if (auto text = name.text_not_empty()) made.name = std::move(*text);
    made.place = {std::string(given.file()), name.at()};
    made.when = conditions::parse_condition(in.at("when"), parsing);
    made.reply = read_words(in.at("reply"), context);
    made.note = read_words(in.at("note"), context);
    if (const auto queue = in.at("queue"); queue.present())
        made.queue = read_name(queue, "queue", context.queue_names());
    in.read("snooze", made.snooze);
    if (const auto resolve = in.at("resolve"); resolve.present()) read_disposition(resolve, context, made);
    in.finish();
    const auto ends = (made.queue.empty() ? 0 : 1) + (made.snooze ? 1 : 0) + (made.disposition ? 1 : 0);
    if (ends > 1) given.error("queue, snooze and resolve: a ticket has one end at a time");
    if (ends == 0 && made.reply.parts().empty() && made.note.parts().empty())
        given.error("does nothing: reply, note, queue, snooze or resolve is wanted");
    auto& all = context.rules.macros;
    if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.name == made.name; }))
        name.found().error(name.file(), name.at(), "there is a macro \"" + made.name + "\" already");
    else if (!made.name.empty())
        all.push_back(std::move(made));
}

}  // namespace

const settings::shape& macros_file_shape() {
    static const auto shape = [] {
        auto macro = shapes::section(
            {shapes::required("name", shapes::name()),
             shapes::optional("when", shapes::condition("condition").meaning("for which tickets it is offered")),
             shapes::optional("reply", shapes::text().meaning("words that the agent may still change")),
             shapes::optional("note", shapes::text().meaning("for colleagues")),
             shapes::optional("queue", shapes::name().meaning("hands the ticket on")),
             shapes::optional("snooze", shapes::span().meaning("puts the ticket aside for so long")),
             shapes::optional("resolve", shapes::text().meaning("resolves the ticket with this outcome"))});
        return shapes::section({shapes::required("macros", shapes::list(std::move(macro)))}).maybe_empty();
    }();
    return shape;
}

void load_macros(load_context& context) {
    const auto parsing = context.ordinary_conditions();
    context.for_each_file(file_kind::macros, [&](settings::section& top) {
        for (const auto& each : top.require("macros").list()) read_macro(each, context, parsing);
    });
}

}  // namespace kindred::rules
