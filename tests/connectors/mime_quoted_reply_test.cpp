#include "connectors/mime/quoted_reply.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::connectors::mime {
namespace {

struct reply_case {
    const char* what;
    const char* text;
    const char* written;
};

TEST(QuotedReply, KeepsWhatTheWriterAdded) {
    const reply_case cases[] = {
        {"nothing quoted", "Hello\nthere", "Hello\nthere"},
        {"English", "Yes.\n\nOn Mon, 1 Jan 2026 at 10:00, Help <help@shop.example> wrote:\n> Is it on?", "Yes."},
        {"over two lines", "Yes.\n\nOn Mon, 1 Jan 2026 at 10:00, Help\n<help@shop.example> wrote:\n\n> Is it on?\n",
         "Yes."},
        {"nothing marked", "Yes.\n\nOn Mon, 1 Jan 2026, Help <h@s.example> wrote:\n\nIs it on?\nBye", "Yes."},
        {"German", "Ja.\n\nAm 01.01.2026 um 10:00 schrieb Hilfe <h@s.example>:\n> An?", "Ja."},
        {"Spanish", "Sí.\n\nEl lun, 1 ene 2026 a las 10:00, Ayuda (<h@s.example>) escribió:\n\n> ¿Va?", "Sí."},
        {"French", "Oui.\n\nLe lun. 1 janv. 2026 à 10:00, Aide <h@s.example> a écrit :\n> Alors ?", "Oui."},
        {"Italian", "Sì.\n\nIl giorno lun 1 gen 2026 alle ore 10:00 Aiuto <h@s.example> ha scritto:\n> Va?", "Sì."},
        {"Russian", "Да.\n\nВ понедельник, 1 января 2026 г., Помощь <h@s.example> написал:\n> Ну?", "Да."},
        {"no verb", "Yes.\n\n2026-01-01 10:00 Help <h@s.example>\n> Is it on?", "Yes."},
        {"Outlook", "Yes.\n\n-----Original Message-----\nFrom: Help\nSent: Monday\nSubject: Lamp\n\nIs it on?", "Yes."},
        {"Outlook, German", "Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Hilfe\n\nAn?", "Ja."},
        {"header block", "Yes.\n\nFrom: Help [mailto:h@s.example]\nSent: Monday\nTo: Ann\nSubject: Lamp\n\nIs it on?",
         "Yes."},
        {"header block, bold", "Sí.\n\n*De:* Ayuda\n*Enviado:* lunes\n*Para:* Ana\n*Asunto:* Lámpara\n\n¿Va?", "Sí."},
        {"ruled header block", "Yes.\n________________________________\nFrom: Help\nSent: Monday\nTo: Ann\n\nIs it on?",
         "Yes."},
        {"answers between", "On 1 Jan 2026, Help wrote:\n> One?\nyes\n> Two?\nno", "yes\nno"},
        {"signature", "Yes.\n-- \nAnn\nShop Street 1", "Yes."},
        {"telephone", "Yes.\n\nSent from my iPhone", "Yes."},
        {"telephone, German", "Ja.\n\nVon meinem iPhone gesendet", "Ja."},
        {"a journey is no header", "Please book\nFrom: Berlin\nTo: Paris\nDate: 5 May\nThanks",
         "Please book\nFrom: Berlin\nTo: Paris\nDate: 5 May\nThanks"},
        {"prose that begins with on", "On the box it says 230 V:\nis that right?",
         "On the box it says 230 V:\nis that right?"},
        {"a forwarded message stays", "See below\n\n---------- Forwarded message ---------\nFrom: x\n\nhi",
         "See below\n\n---------- Forwarded message ---------\nFrom: x\n\nhi"},
        {"only quotes", "> all\n> of it", "> all\n> of it"},
        {"only a signature", "-- \nAnn", "-- \nAnn"},
        {"empty", "", ""},
    };
    for (const auto& each : cases) EXPECT_EQ(without_quoted_reply(each.text), each.written) << each.what;
}

RC_GTEST_PROP(QuotedReply, NeverInventsText, ()) {
    const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "", "hello", "> old", "On 1 Jan 2026, Ann wrote:", "-- ", "From: a@b.example", "Subject: x", "To: c@d.example",
        "-----Original Message-----", "____________________"));
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    const auto written = without_quoted_reply(text);
    RC_ASSERT(written.size() <= text.size());
    if (text.find("hello") == std::string::npos) return;
    const auto first = text.find_first_not_of('\n');
    if (text.compare(first, 5, "hello") == 0) RC_ASSERT(written.find("hello") != std::string::npos);
}

}  // namespace
}  // namespace kindred::connectors::mime
