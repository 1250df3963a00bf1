#include "engine/rules/loaders.hpp"

namespace kindred::rules {

void load_library(load_context& context) {
    const auto parsing = context.ordinary_conditions();
    auto& rules = context.rules;
    for (const auto& file : context.files.scripts())
        rules.library.add(knowledge::text_kind::script, file.shown_path, file.bytes, parsing, rules.site.languages,
                          context.found);
    for (const auto& file : context.files.articles())
        rules.library.add(knowledge::text_kind::article, file.shown_path, file.bytes, parsing, rules.site.languages,
                          context.found);
    rules.library.finish(context.found);
}

}  // namespace kindred::rules
