#include "connectors/mime/reply_phrases.hpp"

#include "engine/base/text.hpp"

#include <unicode/unistr.h>
#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::mime::phrases {
namespace {

using std::string_view;

constexpr std::array<string_view, 21> original_message = {"original message",
                                                          "ursprüngliche nachricht",
                                                          "originalnachricht",
                                                          "original-nachricht",
                                                          "mensaje original",
                                                          "message d'origine",
                                                          "message original",
                                                          "messaggio originale",
                                                          "oorspronkelijk bericht",
                                                          "mensagem original",
                                                          "ursprungligt medd",
                                                          "oprindelig meddelelse",
                                                          "opprinnelig melding",
                                                          "alkuperäinen viesti",
                                                          "wiadomość oryginalna",
                                                          "původní zpráva",
                                                          "исходное сообщение",
                                                          "元のメッセージ",
                                                          "原始邮件",
                                                          "원본 메시지",
                                                          "reply message"};

constexpr std::array<string_view, 24> wrote = {
    "wrote",   "writes",     "schrieb",  "hat geschrieben", "escribió",  "escribio", "a écrit",  "ha scritto",
    "schreef", "geschreven", "escreveu", "skrev",           "kirjoitti", "napisał",  "napsal",   "napísal",
    "a scris", "írta",       "yazdı",    "написал",         "пише",      "пишет",    "のメール", "写道"};

constexpr std::array<string_view, 24> leads = {"on ",  "am ",    "le ",   "el ",  "il ",     "em ", "op ",  "den ",
                                               "på ",  "w dniu", "dnia ", "dne ", "în data", "ti ", "vào ", "pada ",
                                               "em: ", "в ",     "tir. ", "du ",  "del ",    "om ", "ma ",  "a "};

constexpr std::array<string_view, 14> device = {
    "sent from my",    "sent from mail for", "sent from yahoo", "sent from outlook", "sent from samsung",
    "get outlook for", "von meinem ",        "gesendet von",    "enviado desde",     "enviado do meu",
    "envoyé de mon",   "envoyé depuis",      "inviato da",      "verzonden vanaf"};

constexpr std::array<string_view, 16> sender_labels = {
    "from", "von",     "de",         "da",        "van",    "från",   "fra",       "od",
    "от",   "от кого", "expéditeur", "remitente", "差出人", "发件人", "보낸 사람", "lähettäjä"};

constexpr std::array<string_view, 30> telling_labels = {
    "subject",  "betreff",  "asunto",     "objet",    "oggetto",  "onderwerp", "ämne",    "emne",
    "assunto",  "temat",    "předmět",    "тема",     "件名",     "主题",      "aihe",    "sent",
    "gesendet", "enviado",  "enviado el", "envoyé",   "inviato",  "verzonden", "skickat", "sendt",
    "wysłano",  "odesláno", "отправлено", "送信日時", "发送时间", "enviada"};

constexpr std::array<string_view, 22> other_labels = {
    "date", "to",   "cc",   "datum", "an", "kopie", "fecha", "para", "à",    "data",   "a",
    "aan",  "till", "dato", "til",   "do", "komu",  "дата",  "кому", "宛先", "收件人", "reply-to"};

template <std::size_t Size>
bool has_any(string_view text, const std::array<string_view, Size>& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](string_view word) { return text.find(word) != string_view::npos; });
}

template <std::size_t Size>
bool starts_with_any(string_view text, const std::array<string_view, Size>& words) {
    return std::any_of(words.begin(), words.end(), [&](string_view word) { return text.starts_with(word); });
}

template <std::size_t Size>
bool is_any(string_view text, const std::array<string_view, Size>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

std::string lower_case(string_view text) {
    const bool ascii =
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return to_lower_ascii(text);
    std::string lower;
    icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}).toLower().toUTF8String(lower);
    return lower;
}

bool names_original_message(string_view lower) { return has_any(lower, original_message); }
bool says_wrote(string_view lower) { return has_any(lower, wrote); }
bool is_device_signature(string_view lower) { return starts_with_any(lower, device); }

bool begins_attribution(string_view lower) {
    const bool date = lower.size() > 8 && lower[0] >= '0' && lower[0] <= '9' &&
                      lower.substr(0, 12).find_first_of("/.-") != string_view::npos;
    return date || starts_with_any(lower, leads);
}

header header_of(string_view line) {
    line = trim(line);
    // Plain-text versions write bold labels as "*From:* Ann" and quoted ones as "> From: Ann".
    while (!line.empty() && (line.front() == '*' || line.front() == '>' || line.front() == ' ')) line.remove_prefix(1);
    auto colon = line.find(':');
    const auto wide = line.find("：");
    colon = std::min(colon, wide);
    if (colon == string_view::npos || colon == 0 || colon > 40) return header::none;
    auto label = trim(line.substr(0, colon));
    while (label.ends_with('*') || label.ends_with(' ')) label.remove_suffix(1);
    const auto lower = lower_case(label);
    if (is_any(lower, sender_labels)) return header::sender;
    if (is_any(lower, telling_labels)) return header::telling;
    return is_any(lower, other_labels) ? header::other : header::none;
}

}  // namespace kindred::connectors::mime::phrases
