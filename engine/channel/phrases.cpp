#include "engine/channel/phrases.hpp"

#include "engine/base/text.hpp"

#include <array>

namespace kindred::channel {
namespace {

phrases english() {
    return {"en",
            "en-US",
            "",
            "Thank you for calling. You will talk to the right person in a moment.",
            "For English, press {digit}.",
            "You are next in line.",
            "You are number {position} in line.",
            "It should take less than a minute.",
            "It should take about {minutes} minutes.",
            "One moment, please.",
            "We are closed at the moment. Please call again during our opening hours.",
            "Your agent could not be reached. Please hold, you keep your place in line."};
}

phrases spanish() {
    return {"es",
            "es-MX",
            "",
            "Gracias por llamar. En un momento le atiende la persona adecuada.",
            "Para español, oprima el {digit}.",
            "Usted es la siguiente persona en la fila.",
            "Usted es el número {position} en la fila.",
            "La espera es de menos de un minuto.",
            "La espera es de unos {minutes} minutos.",
            "Un momento, por favor.",
            "En este momento estamos cerrados. Por favor llame de nuevo en nuestro horario de atención.",
            "No pudimos comunicarle con su agente. Por favor espere, conserva su lugar en la fila."};
}

phrases built_in(const std::string& language) {
    if (language == "en") return english();
    if (language == "es") return spanish();
    phrases empty;
    empty.language = empty.locale = language;
    return empty;
}

struct phrase_setting {
    std::string_view name;
    std::string phrases::*text;
};

constexpr std::array phrase_settings{
    phrase_setting{"greeting", &phrases::greeting},
    phrase_setting{"choose", &phrases::choose},
    phrase_setting{"next", &phrases::next},
    phrase_setting{"position", &phrases::position},
    phrase_setting{"soon", &phrases::soon},
    phrase_setting{"wait", &phrases::wait},
    phrase_setting{"moment", &phrases::moment},
    phrase_setting{"closed", &phrases::closed},
    phrase_setting{"unanswered", &phrases::unanswered},
};

}  // namespace

phrase_book::phrase_book(options& settings) {
    auto names = settings.list("languages");
    if (names.empty()) names = {"en", "es"};
    if (names.size() > 9) {
        settings.complain("languages", "has more than 9 languages: a telephone has only so many keys");
        names.resize(9);
    }
    for (const auto& name : names) {
        auto said = built_in(name);
        said.locale = settings.text("locale_" + name, said.locale);
        said.voice = settings.text("voice_" + name);
        for (const auto& each : phrase_settings) {
            const auto key = std::string(each.name) + '_' + name;
            said.*each.text = settings.text(key, said.*each.text);
            if ((said.*each.text).empty()) settings.complain(key, "is missing: there is no text in this language");
        }
        languages_.push_back(std::move(said));
    }
}

const phrases& phrase_book::in(std::string_view language) const {
    const auto primary = to_lower_ascii(language.substr(0, language.find('-')));
    for (const auto& each : languages_)
        if (each.language == primary) return each;
    return languages_.front();
}

std::string_view phrase_book::language_of_key(std::string_view digits) const {
    if (digits.size() != 1 || digits[0] < '1') return {};
    const auto key = static_cast<std::size_t>(digits[0] - '1');
    return key < languages_.size() ? std::string_view(languages_[key].language) : std::string_view{};
}

std::string filled(std::string_view text, std::string_view name, std::size_t number) {
    const auto placeholder = '{' + std::string(name) + '}';
    std::string out(text);
    const auto at = out.find(placeholder);
    if (at != std::string::npos) out.replace(at, placeholder.size(), std::to_string(number));
    return out;
}

}  // namespace kindred::channel
