#include "engine/base/text.hpp"
#include "engine/runtime/people/import_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

const kindred::rules::ruleset& some_rules() {
    static const auto made = *kindred::rules::load({{"profile.yaml",
                                                     "customer: { orders: { type: integer }, since: { type: time }, "
                                                     "tea: { type: list } }\n"},
                                                    {"queues.yaml", "queues: { general: {} }\n"},
                                                    {"routing.yaml", "fallback: { queue: general }\n"}})
                                  .rules;
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kindred;
    if (size == 0) return 0;
    const auto form = bytes[0] % 2 == 0 ? row_form::csv : row_form::lines;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    (void)runtime::read_import(text, runtime::import_reader(some_rules(), form), 10,
                               [](const std::vector<customers::imported_row>& rows) {
                                   for (const auto& row : rows) {
                                       if (row.identities.empty()) std::abort();
                                       for (const auto& each : row.identities)
                                           if (!is_utf8(each.text) || each.text.size() > 500) std::abort();
                                   }
                               });
    return 0;
}
