#include "engine/runtime/surveys/survey_words.hpp"

#include "engine/runtime/sending/words_by_language.hpp"

#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<survey_words, 5> all_words{{
    {"en", "Your opinion", "How did we do? Please tell us, it takes a minute:",
     "Reply with a number from {low} to {high}.", "Thank you for your answer.", "Would you like to say more? {link}",
     "optional", "very dissatisfied", "very satisfied", "not at all likely", "extremely likely", "very hard",
     "very easy", "These questions have been answered already. Thank you.",
     "The time to answer these questions is over. Thank you all the same.",
     "This address is not one of ours. Please copy it from our message as a whole.",
     "Nothing was answered yet. Please answer at least one of the questions."},
    {"es", "Su opinión",
     "¿Cómo lo hicimos? Cuéntenoslo, solo lleva un minuto:", "Responda con un número del {low} al {high}.",
     "Gracias por su respuesta.", "¿Quiere contarnos más? {link}", "opcional", "muy insatisfecho", "muy satisfecho",
     "nada probable", "muy probable", "muy difícil", "muy fácil", "Estas preguntas ya fueron respondidas. Gracias.",
     "El plazo para responder a estas preguntas ha terminado. Gracias de todos modos.",
     "Esta dirección no es nuestra. Cópiela completa de nuestro mensaje.",
     "Aún no ha respondido nada. Responda al menos a una de las preguntas."},
    {"de", "Ihre Meinung",
     "Wie waren wir? Sagen Sie es uns, es dauert eine Minute:", "Antworten Sie mit einer Zahl von {low} bis {high}.",
     "Danke für Ihre Antwort.", "Möchten Sie mehr dazu sagen? {link}", "freiwillig", "sehr unzufrieden",
     "sehr zufrieden", "sehr unwahrscheinlich", "sehr wahrscheinlich", "sehr schwer", "sehr leicht",
     "Diese Fragen sind schon beantwortet. Danke.", "Die Zeit für diese Fragen ist vorbei. Danke trotzdem.",
     "Diese Adresse ist nicht von uns. Bitte kopieren Sie sie vollständig aus unserer Nachricht.",
     "Es ist noch nichts beantwortet. Bitte beantworten Sie mindestens eine der Fragen."},
    {"fr", "Votre avis", "Comment avons-nous été ? Dites-le-nous, cela prend une minute :",
     "Répondez par un nombre de {low} à {high}.", "Merci de votre réponse.", "Voulez-vous en dire plus ? {link}",
     "facultatif", "très insatisfait", "très satisfait", "pas du tout probable", "très probable", "très difficile",
     "très facile", "Ces questions ont déjà reçu une réponse. Merci.",
     "Le délai pour répondre à ces questions est passé. Merci tout de même.",
     "Cette adresse n’est pas la nôtre. Copiez-la en entier depuis notre message.",
     "Rien n’a encore été répondu. Répondez à au moins une des questions."},
    {"pt", "A sua opinião", "Como nos saímos? Conte-nos, demora um minuto:",
     "Responda com um número de {low} a {high}.", "Obrigado pela sua resposta.", "Quer dizer mais? {link}", "opcional",
     "muito insatisfeito", "muito satisfeito", "nada provável", "muito provável", "muito difícil", "muito fácil",
     "Estas perguntas já foram respondidas. Obrigado.",
     "O prazo para responder a estas perguntas terminou. Obrigado mesmo assim.",
     "Este endereço não é nosso. Copie-o por inteiro da nossa mensagem.",
     "Ainda nada foi respondido. Responda a pelo menos uma das perguntas."},
}};

}  // namespace

const survey_words& survey_words_in(std::string_view language) { return words_in(all_words, language); }

scale_ends ends_of(const survey_words& words, rules::question_kind kind) {
    switch (kind) {
        case rules::question_kind::csat: return {words.satisfied_low, words.satisfied_high};
        case rules::question_kind::nps: return {words.likely_low, words.likely_high};
        case rules::question_kind::ces: return {words.easy_low, words.easy_high};
        case rules::question_kind::text:
        case rules::question_kind::preference: break;
    }
    return {};
}

std::string filled(std::string_view text, std::string_view place, std::string_view value) {
    std::string made(text);
    for (auto at = made.find(place); at != std::string::npos; at = made.find(place, at + value.size()))
        made.replace(at, place.size(), value);
    return made;
}

}  // namespace kindred::runtime
