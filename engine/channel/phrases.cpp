#include "engine/channel/phrases.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
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
            "Your agent could not be reached. Please hold, you keep your place in line.",
            "To be called back when it is your turn, press {digit}. You keep your place in line.",
            "We will call you back at this number when it is your turn. Goodbye.",
            "To leave a message, press {digit}.",
            "Please leave a message after the tone. Press the pound key when you are done.",
            "Thank you, we have your message. Goodbye.",
            "This call is recorded.",
            "May we record this call? If you agree, press {digit}. Otherwise stay on the line.",
            {}};
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
            "No pudimos comunicarle con su agente. Por favor espere, conserva su lugar en la fila.",
            "Para que le llamemos cuando sea su turno, oprima el {digit}. Conserva su lugar en la fila.",
            "Le llamaremos a este número cuando sea su turno. Hasta luego.",
            "Para dejar un mensaje, oprima el {digit}.",
            "Por favor deje su mensaje después del tono. Oprima la tecla de número cuando termine.",
            "Gracias, hemos recibido su mensaje. Hasta luego.",
            "Esta llamada se graba.",
            "¿Podemos grabar esta llamada? Si está de acuerdo, oprima el {digit}. Si no, permanezca en la línea.",
            {}};
}

phrases built_in(const std::string& language) {
    if (language == "en") return english();
    if (language == "es") return spanish();
    phrases empty;
    empty.language = empty.locale = language;
    return empty;
}

enum class needed { always = 1, for_callback, for_voicemail, for_recording, for_recording_ask };

struct phrase_setting {
    std::string_view name;
    std::string phrases::*text;
    needed when = needed::always;
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
    phrase_setting{"callback", &phrases::callback, needed::for_callback},
    phrase_setting{"callback_promise", &phrases::callback_promise, needed::for_callback},
    phrase_setting{"voicemail", &phrases::voicemail, needed::for_voicemail},
    phrase_setting{"message", &phrases::message, needed::for_voicemail},
    phrase_setting{"message_thanks", &phrases::message_thanks, needed::for_voicemail},
    phrase_setting{"recording", &phrases::recording, needed::for_recording},
    phrase_setting{"recording_ask", &phrases::recording_ask, needed::for_recording_ask},
};

bool is_needed(needed when, const phrase_needs& needs) {
    switch (when) {
        case needed::always: return true;
        case needed::for_callback: return needs.callback;
        case needed::for_voicemail: return needs.voicemail;
        case needed::for_recording: return needs.recording;
        case needed::for_recording_ask: return needs.recording_ask;
    }
    return true;
}

constexpr std::size_t most_keys = 9;

/// Which of `count` choices a key of a telephone stands for, from 0; `count` for none.
std::size_t choice_of(std::string_view digits, std::size_t count) {
    if (digits.size() != 1 || digits[0] < '1') return count;
    return std::min(count, static_cast<std::size_t>(digits[0] - '1'));
}

}  // namespace

phrase_book::phrase_book(options& settings, const phrase_needs& needs) {
    auto names = settings.list("languages");
    if (names.empty()) names = {"en", "es"};
    if (names.size() > most_keys) {
        settings.complain("languages", "has more than 9 languages: a telephone has only so many keys");
        names.resize(most_keys);
    }
    for (const auto& name : names) {
        auto said = built_in(name);
        said.locale = settings.text("locale_" + name, said.locale);
        said.voice = settings.text("voice_" + name);
        for (const auto& each : phrase_settings) {
            const auto key = std::string(each.name) + '_' + name;
            said.*each.text = settings.text(key, said.*each.text);
            if ((said.*each.text).empty() && is_needed(each.when, needs))
                settings.complain(key, "is missing: there is no text in this language");
        }
        languages_.push_back(std::move(said));
    }
    read_topics(settings);
}

void phrase_book::read_topics(options& settings) {
    topics_ = settings.list("menu");
    if (topics_.size() > most_keys) {
        settings.complain("menu", "has more than 9 topics: a telephone has only so many keys");
        topics_.resize(most_keys);
    }
    for (auto& said : languages_)
        for (const auto& topic : topics_) {
            const auto key = "menu_" + topic + '_' + said.language;
            auto text = settings.text(key);
            if (text.empty()) settings.complain(key, "is missing: say which {digit} stands for " + topic);
            said.topics.push_back(std::move(text));
        }
}

const phrases& phrase_book::in(std::string_view language) const {
    const auto primary = to_lower_ascii(language.substr(0, language.find('-')));
    for (const auto& each : languages_)
        if (each.language == primary) return each;
    return languages_.front();
}

std::string_view phrase_book::language_of_key(std::string_view digits) const {
    const auto chosen = choice_of(digits, languages_.size());
    return chosen < languages_.size() ? std::string_view(languages_[chosen].language) : std::string_view{};
}

std::string_view phrase_book::topic_of_key(std::string_view digits) const {
    const auto chosen = choice_of(digits, topics_.size());
    return chosen < topics_.size() ? std::string_view(topics_[chosen]) : std::string_view{};
}

std::string filled(std::string_view text, std::string_view name, std::size_t number) {
    const auto placeholder = '{' + std::string(name) + '}';
    std::string out(text);
    const auto at = out.find(placeholder);
    if (at != std::string::npos) out.replace(at, placeholder.size(), std::to_string(number));
    return out;
}

}  // namespace kindred::channel
