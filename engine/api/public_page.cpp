#include "engine/api/public_page.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::api {
namespace {

constexpr std::array<page_words, 5> all_words{{
    {"en", "Send", "Thank you, we have your answer.", "Search", "Questions and answers", "Nothing was found.",
     "Did this help?", "Yes", "No", "Ask a person", "Your question", "Your e-mail address",
     "Thank you, somebody will answer you.", "All questions"},
    {"es", "Enviar", "Gracias, hemos recibido su respuesta.", "Buscar", "Preguntas y respuestas",
     "No se encontró nada.", "¿Le ha servido?", "Sí", "No", "Preguntar a una persona", "Su pregunta",
     "Su correo electrónico", "Gracias, alguien le responderá.", "Todas las preguntas"},
    {"de", "Senden", "Danke, wir haben Ihre Antwort.", "Suchen", "Fragen und Antworten", "Es wurde nichts gefunden.",
     "Hat das geholfen?", "Ja", "Nein", "Einen Menschen fragen", "Ihre Frage", "Ihre E-Mail-Adresse",
     "Danke, jemand wird Ihnen antworten.", "Alle Fragen"},
    {"fr", "Envoyer", "Merci, nous avons reçu votre réponse.", "Chercher", "Questions et réponses",
     "Rien n’a été trouvé.", "Cela vous a-t-il aidé ?", "Oui", "Non", "Demander à une personne", "Votre question",
     "Votre adresse e-mail", "Merci, quelqu’un vous répondra.", "Toutes les questions"},
    {"pt", "Enviar", "Obrigado, recebemos a sua resposta.", "Procurar", "Perguntas e respostas", "Nada foi encontrado.",
     "Isto ajudou?", "Sim", "Não", "Perguntar a uma pessoa", "A sua pergunta", "O seu e-mail",
     "Obrigado, alguém vai responder.", "Todas as perguntas"},
}};

constexpr std::string_view style =
    "body{font:17px/1.5 system-ui,sans-serif;color:#17211e;background:#f3f5f4;margin:0}"
    "main{max-width:42rem;margin:0 auto;padding:1.5rem}"
    "fieldset,article,li,.box{background:#fff;border:1px solid #d9e0dd;border-radius:12px;padding:1rem;margin:0 0 1rem}"
    "legend{font-weight:600;padding:0 .3rem}ul{list-style:none;padding:0}"
    "label{display:inline-block;margin:.2rem .7rem .2rem 0;padding:.2rem 0}label.line{display:block}"
    "textarea,input[type=text],input[type=email],input[type=search]{font:inherit;width:100%;box-sizing:border-box;"
    "border:1px solid #8fa09a;border-radius:8px;padding:.4rem}"
    "button{font:inherit;font-weight:600;background:#0f766e;color:#fff;border:0;border-radius:99px;padding:.6rem "
    "1.4rem}"
    "a{color:#0f766e}small{color:#5a6964}pre{overflow:auto}"
    ":focus-visible{outline:3px solid #5eead4;outline-offset:1px}";

std::string policy() {
    const auto digest = sha256(style);
    const std::string bytes(digest.begin(), digest.end());
    return "default-src 'none'; style-src 'sha256-" + to_base64(bytes) +
           "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

}  // namespace

const page_words& words_in(std::string_view languages) {
    while (!languages.empty()) {
        const auto end = std::min(languages.find(','), languages.size());
        const auto code = trim(languages.substr(0, end)).substr(0, 2);
        for (const auto& each : all_words)
            if (equal_ignoring_case(each.language, code)) return each;
        languages.remove_prefix(std::min(end + 1, languages.size()));
    }
    return all_words.front();
}

http::response html_page(unsigned status, const page_words& words, std::string_view title, std::string_view body) {
    static const auto content_policy = policy();
    std::string page = "<!doctype html>\n<html lang=\"" + std::string(words.language) +
                       "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width,initial-scale=1\"><title>" +
                       escape_markup(title) + "</title><style>" + std::string(style) + "</style></head><body><main>\n";
    page += body;
    page += "\n</main></body></html>\n";
    http::response made(status, std::move(page), "text/html; charset=utf-8");
    made.header("Content-Security-Policy", content_policy).header("Referrer-Policy", "no-referrer");
    made.header("X-Content-Type-Options", "nosniff").header("Cache-Control", "no-store");
    made.header("Cross-Origin-Opener-Policy", "same-origin");
    return made;
}

}  // namespace kindred::api
