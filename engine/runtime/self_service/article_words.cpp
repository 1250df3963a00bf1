#include "engine/runtime/self_service/article_words.hpp"

#include "engine/runtime/sending/words_by_language.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::array<article_words, 5> all_words{{
    {"en", "This may answer your question:", "That helped", "I want a person",
     "Or just reply to this message, and a person reads it.", "Good to hear. Write again whenever you need us.",
     "A person will answer you.", "Somebody is looking into it already and will answer you.",
     "This has been settled. Just write to us again, and a person will answer you.",
     "This address is not one of ours. Please copy it from our message as a whole."},
    {"es", "Esto puede responder a su pregunta:", "Me ayudó", "Quiero hablar con una persona",
     "O simplemente responda a este mensaje y lo leerá una persona.",
     "Nos alegra. Escríbanos de nuevo cuando nos necesite.", "Le responderá una persona.",
     "Alguien ya se está ocupando y le responderá.",
     "Esto ya quedó resuelto. Escríbanos de nuevo y le responderá una persona.",
     "Esta dirección no es nuestra. Cópiela completa de nuestro mensaje."},
    {"de", "Das beantwortet vielleicht Ihre Frage:", "Das hat geholfen", "Ich möchte mit jemandem sprechen",
     "Oder antworten Sie einfach auf diese Nachricht, dann liest sie ein Mensch.",
     "Das freut uns. Schreiben Sie wieder, wenn Sie uns brauchen.", "Es antwortet Ihnen jemand.",
     "Jemand kümmert sich schon darum und antwortet Ihnen.",
     "Das ist erledigt. Schreiben Sie uns einfach wieder, dann antwortet Ihnen jemand.",
     "Diese Adresse ist nicht von uns. Bitte kopieren Sie sie vollständig aus unserer Nachricht."},
    {"fr", "Ceci répond peut-être à votre question :", "Cela m’a aidé", "Je veux parler à quelqu’un",
     "Ou répondez simplement à ce message : quelqu’un le lira.",
     "Tant mieux. Écrivez-nous de nouveau quand vous avez besoin de nous.", "Quelqu’un va vous répondre.",
     "Quelqu’un s’en occupe déjà et vous répondra.", "C’est réglé. Écrivez-nous de nouveau et quelqu’un vous répondra.",
     "Cette adresse n’est pas la nôtre. Copiez-la en entier depuis notre message."},
    {"pt", "Isto pode responder à sua pergunta:", "Ajudou", "Quero falar com uma pessoa",
     "Ou simplesmente responda a esta mensagem, e uma pessoa vai lê-la.",
     "Que bom. Escreva de novo quando precisar de nós.", "Uma pessoa vai responder-lhe.",
     "Alguém já está a tratar disso e vai responder-lhe.",
     "Isto já foi resolvido. Escreva-nos de novo e uma pessoa vai responder-lhe.",
     "Este endereço não é nosso. Copie-o por inteiro da nossa mensagem."},
}};

}  // namespace

const article_words& article_words_in(std::string_view language) { return words_in(all_words, language); }

std::size_t longest_article_answer() {
    static const auto longest = [] {
        std::size_t most = 0;
        for (const auto& each : all_words) most = std::max({most, each.helped.size(), each.person.size()});
        return most;
    }();
    return longest;
}

}  // namespace kindred::runtime
