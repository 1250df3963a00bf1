#include "engine/app/channel_policy.hpp"

#include "engine/base/text.hpp"

#include <utility>

namespace kindred::app {
namespace {

std::optional<rate> read_rate(settings::section& given, std::string_view key) {
    const auto field = given.at(key);
    const auto text = field.text();
    if (!text) return std::nullopt;
    auto read = parse_rate(*text);
    if (!read) field.error("wants so many in a span, such as 80/1s or 200/15m (at most 1d), not \"" + *text + '"');
    return read;
}

rate read_uploads(settings::section& given, std::string_view key, channel_kind kind, rate otherwise) {
    if (given.at(key).present() && kind != channel_kind::chat)
        given.at(key).error("is for web chats: elsewhere the provider takes the files");
    return read_rate(given, key).value_or(otherwise);
}

std::optional<channel::text_limit> read_limit(settings::section& given, const channel::abilities& can) {
    const auto most = given.at("text_limit").integer(1, 1'000'000);
    if (!most) return std::nullopt;
    return channel::text_limit{static_cast<std::size_t>(*most), can.longest_text.counted_in};
}

std::vector<std::string> read_words(settings::section& given, std::string_view key,
                                    std::vector<std::string> otherwise) {
    if (!given.at(key).present()) return otherwise;
    std::vector<std::string> words;
    for (const auto& each : given.at(key).texts(true)) words.push_back(to_lower_ascii(trim(each)));
    return words;
}

void read_template(const settings::field& given, std::vector<runtime::approved_template>& into) {
    auto section = given.as_section();
    runtime::approved_template read;
    read.name = section.require("name").text_not_empty().value_or("");
    section.read("language", read.language);
    if (const auto wants = section.at("parameters").integer(0, 100)) read.parameters = static_cast<std::size_t>(*wants);
    section.finish();
    if (!read.name.empty()) into.push_back(std::move(read));
}

}  // namespace

runtime::channel_policy read_policy(settings::section& given, channel_kind kind, const channel::abilities& can) {
    using runtime::long_text;
    static constexpr std::array<std::pair<std::string_view, long_text>, 2> ways{
        {{"split", long_text::split}, {"refuse", long_text::refuse}}};
    runtime::channel_policy made;
    // A mail or a post cut in two reads badly, and nobody's limit is that low: say so instead.
    const bool cut = kind == channel_kind::social || kind == channel_kind::chat;
    made.when_too_long = cut ? long_text::split : long_text::refuse;
    given.choose("long_text", made.when_too_long, settings::choices<long_text>(ways));
    made.longest_text = read_limit(given, can);
    made.send_rate = read_rate(given, "send_rate");
    made.flood_limit = read_rate(given, "flood_limit");
    // Elsewhere "stop" is a word like others: a mail or a post says it for other reasons.
    const bool texts = kind == channel_kind::social;
    made.stop_words = read_words(given, "stop_words", texts ? runtime::usual_stop_words() : std::vector<std::string>{});
    made.start_words =
        read_words(given, "start_words", texts ? runtime::usual_start_words() : std::vector<std::string>{});
    given.read("blocked", made.blocked);
    for (const auto& each : given.at("templates").list()) read_template(each, made.templates);
    if (!made.templates.empty() && !can.templates) given.at("templates").error("this connector sends no templates");
    given.read("most_file_bytes", made.most_file_bytes, 1, 1LL << 30U);
    given.read("file_types", made.file_types);
    made.visitor_uploads = read_uploads(given, "visitor_uploads", kind, made.visitor_uploads);
    made.address_uploads = read_uploads(given, "address_uploads", kind, made.address_uploads);
    return made;
}

}  // namespace kindred::app
