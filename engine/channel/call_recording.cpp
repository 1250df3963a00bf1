#include "engine/channel/call_recording.hpp"

namespace kindred::channel {

call_recording call_recording_of(options& settings) {
    call_recording read;
    const auto* given = settings.tree("recording");
    if (given == nullptr) return read;
    read.consent = recording_consent::told;
    for (const auto& [key, value] : given->members) {
        if (key == "consent" && value.text == "ask") {
            read.consent = recording_consent::asked;
        } else if (key == "consent") {
            if (value.text != "tell") settings.complain_at(value, "recording.consent", "wants tell or ask");
        } else if (key == "agree_key") {
            read.agree_key = value.text;
            if (value.text.size() != 1 || value.text[0] < '0' || value.text[0] > '9')
                settings.complain_at(value, "recording.agree_key", "wants a digit, in quotes");
        } else if (key == "keep_for") {
            read.keep_for = parse_duration(value.text);
            if (!read.keep_for || read.keep_for->count() <= 0)
                settings.complain_at(value, "recording.keep_for", "wants a duration, such as 90d");
        } else {
            settings.complain_at(value, "recording." + key, "is unknown: consent, agree_key and keep_for are settings");
        }
    }
    if (given->members.empty())
        settings.complain_at(*given, "recording", "wants { consent: tell } or { consent: ask }");
    if (read.agree_key.empty()) read.agree_key = "1";
    return read;
}

}  // namespace kindred::channel
