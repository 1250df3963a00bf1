#include "connectors/mime/mime.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace kindred::connectors::mime {
namespace {

message parsed(std::string_view raw, const limits& allowed = {}) {
    auto read = parse(raw, allowed);
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    return read ? std::move(*read) : message{};
}

std::string with_header(std::string_view header) {
    return "From: ann@example.org\r\n" + std::string(header) + "\r\n\r\nHello\r\n";
}

TEST(MimeParse, ReadsThePartsOfAPlainMail) {
    const auto mail = parsed(
        "From mbox line\r\nFrom: \"Ann, of Example\" <ann@example.org>\r\nTo: help@shop.example, Bo "
        "<bo@shop.example>\r\n"
        "Cc: Team: c@shop.example, d@shop.example;\r\nReply-To: desk@example.org\r\nSubject: Lamp\r\n"
        "Date: Sun, 22 Nov 2026 12:00:00 +0100\r\nMessage-ID: <m1@example.org>\r\n\r\nIt is dark.\r\n");
    ASSERT_EQ(mail.from.size(), 1U);
    EXPECT_EQ(mail.from[0], (address{"Ann, of Example", "ann@example.org"}));
    ASSERT_EQ(mail.to.size(), 2U);
    EXPECT_EQ(mail.to[1], (address{"Bo", "bo@shop.example"}));
    ASSERT_EQ(mail.cc.size(), 2U);
    EXPECT_EQ(mail.cc[1].email, "d@shop.example");
    EXPECT_EQ(mail.reply_to[0].email, "desk@example.org");
    EXPECT_EQ(mail.subject, "Lamp");
    EXPECT_EQ(to_rfc3339(*mail.date), "2026-11-22T11:00:00.000Z");
    EXPECT_EQ(mail.message_id, "<m1@example.org>");
    EXPECT_EQ(mail.text, "It is dark.");
    EXPECT_TRUE(mail.answer_automatically);
}

struct header_case {
    const char* raw;
    const char* decoded;
};

TEST(MimeParse, DecodesSubjects) {
    const header_case cases[] = {
        {"=?UTF-8?B?w7xiZXI=?=", "über"},
        {"=?utf-8?q?gr=C3=BC=C3=9Fe?=", "grüße"},
        {"=?UTF-8?B?8J+n?= =?UTF-8?B?pg==?=", "🧦"},  // one character over two words
        {"a =?iso-8859-1?Q?=E9?= b", "a é b"},
        {"=?iso-8859-1?Q?a?=\r\n =?utf-8?Q?b?=", "ab"},
        {"=?utf-8*de?Q?a?=", "a"},
        {"=?ISO-2022-JP?B?GyRCLSEbKEI=?=", "①"},  // NEC row 13
        {"=?ks_c_5601-1987?B?vbrGvMfY?=", "스티해"},
        {"=?NONE?B?VEVTVA=?=", "=?NONE?B?VEVTVA=?="},
        {"=?utf-8?Q?cut off", "=?utf-8?Q?cut off"},
        {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
        {"raw \xC3\xBC", "raw ü"},
        {"raw \xFC", "raw ü"},  // windows-1252
        {"two\r\n lines", "two lines"},
        {"=?utf-8?Q?a=0D=0ABcc:_x?=", "aBcc: x"},  // no line break survives
    };
    for (const auto& each : cases)
        EXPECT_EQ(parsed(with_header(std::string("Subject: ") + each.raw)).subject, each.decoded) << each.raw;
}

TEST(MimeParse, AnEncodedNameWithPunctuationIsOneName) {
    const auto mail = parsed(
        "From: =?utf-8?Q?M=C3=BCller=2C_Ann_=3Cx=40y=3E?= <ann@example.org>, \"=?utf-8?Q?B=22o?=\" "
        "<bo@example.org>\r\n\r\n.");
    ASSERT_EQ(mail.from.size(), 2U);
    EXPECT_EQ(mail.from[0], (address{"Müller, Ann <x@y>", "ann@example.org"}));
    EXPECT_EQ(mail.from[1], (address{"B\"o", "bo@example.org"}));
}

TEST(MimeParse, ReadsIdsFromBrokenThreadingHeaders) {
    struct {
        const char* raw;
        std::vector<std::string> ids;
    } const cases[] = {
        {"References: <a@b> <c@d>", {"<a@b>", "<c@d>"}},
        {"References: <a@b>\r\nReferences: <c@d>, <a@b>", {"<a@b>", "<c@d>"}},
        {"References: a@b c", {"<a@b>"}},
        {"References: <a b@c> <d@e>", {"<d@e>"}},
        {"References: <a@b", {}},
        {"References: <>", {}},
        {"References: <a@b><c@d>", {"<a@b>", "<c@d>"}},
    };
    for (const auto& each : cases) EXPECT_EQ(parsed(with_header(each.raw)).references, each.ids) << each.raw;
    EXPECT_EQ(parsed(with_header("In-Reply-To: Your mail of Monday <a@b> <c@d>")).in_reply_to, "<a@b>");
    EXPECT_EQ(parsed(with_header("In-Reply-To: ")).in_reply_to, "");
    std::string many = "References:";
    for (int i = 0; i < 500; ++i) many += " <" + std::to_string(i) + "@x>";
    EXPECT_EQ(parsed(with_header(many)).references.size(), 100U);
}

std::string with_part(std::string_view headers, std::string_view body) {
    return "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
           "boundary=\"=_x\"\r\n\r\n--=_x\r\n" +
           std::string(headers) + "\r\n\r\n" + std::string(body) + "\r\n--=_x--\r\n";
}

TEST(MimeParse, NamesAttachments) {
    struct {
        const char* header;
        const char* name;
    } const cases[] = {
        {"Content-Disposition: attachment; filename=\"a b.txt\"", "a b.txt"},
        {"Content-Disposition: attachment; filename*=UTF-8''%C3%BC.txt", "ü.txt"},
        {"Content-Disposition: attachment; filename*0*=UTF-8''%C3; filename*1*=%BC; filename*2=.txt", "ü.txt"},
        {"Content-Disposition: attachment; filename=\"=?utf-8?Q?=C3=BC?=.txt\"", "ü.txt"},
        {"Content-Disposition: attachment; filename=\"\xC3\xBC.txt\"", "ü.txt"},
        {"Content-Type: application/pdf; name=x.pdf", "x.pdf"},
        {"Content-Disposition: attachment; filename=\"../../etc/passwd\"", "passwd"},
        {"Content-Disposition: attachment; filename=\"C:\\\\boot.ini\"", "boot.ini"},
        {"Content-Disposition: attachment; filename=\"..\"", ""},
        {"Content-Disposition: attachment", ""},
    };
    for (const auto& each : cases) {
        const auto mail = parsed(with_part(each.header, "data"));
        ASSERT_EQ(mail.attachments.size(), 1U) << each.header;
        EXPECT_EQ(mail.attachments[0].name, each.name) << each.header;
        EXPECT_EQ(mail.attachments[0].content, "data") << each.header;
        EXPECT_EQ(mail.attachments[0].size, 4) << each.header;
    }
}

TEST(MimeParse, DecodesTransferEncodings) {
    const auto pdf = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: ";
    const auto content = [&](std::string_view encoding, std::string_view body) {
        const auto mail = parsed(with_part(pdf + std::string(encoding), body));
        return mail.attachments.empty() ? std::string("none") : mail.attachments[0].content;
    };
    EXPECT_EQ(content("base64", "AAEC\r\nAw=="), std::string("\0\1\2\3", 4));
    EXPECT_EQ(content("base64", "QUJD*!RA=="), "ABCD");
    EXPECT_EQ(content("quoted-printable", "a=3Db=\r\nc=ZZ"), "a=bc=ZZ");
    EXPECT_EQ(content("x-uuencode", "begin 644 f\r\n#0V%T\r\n`\r\nend"), "Cat");
    EXPECT_EQ(content("unheard-of", "as it is"), "as it is");
}

struct charset_case {
    const char* label;
    std::string bytes;
    const char* text;
};

TEST(MimeParse, DecodesCharsets) {
    const charset_case cases[] = {
        {"utf-8", "\xC3\xBC", "ü"},
        {"utf-8", "\xEF\xBB\xBFhi", "hi"},
        {"utf-8", "a\xFFz", "a\xEF\xBF\xBDz"},
        {"", "\xC3\xBC", "ü"},
        {"us-ascii", "\xFC", "ü"},
        {"iso-8859-1", "\x80", "€"},
        {"iso-8859-15", "\xA4", "€"},
        {"windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
        {"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
        {"gb2312", "\xC4\xE3\xBA\xC3", "你好"},
        {"big5", "\xA7\x41\xA6\x6E", "你好"},
        {"euc-jp", "\xA4\xA2", "あ"},
        {"shift_jis", "\x82\xA0\x87\x40", "あ①"},
        {"iso-2022-jp", "\x1b$B$\"-!\x1b(B!", "あ①!"},
        {"iso-2022-jp", "\x1b(I1\x1b(B", "ｱ"},
        {"euc-kr", "\xB0\xA2\x8C\x63", "각똠"},
        {"no-such-charset", "\xC3\xBC", "ü"},
        {"no-such-charset", "\xFC", "ü"},
        {"\"utf-8", "\xC3\xBC", "ü"},
    };
    for (const auto& each : cases) {
        const auto raw = "From: a@b.example\r\nContent-Type: text/plain; charset=" + std::string(each.label) +
                         "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + each.bytes;
        EXPECT_EQ(parsed(raw).text, each.text) << each.label;
    }
}

TEST(MimeParse, PrefersPlainTextToHtmlUnlessItIsEmpty) {
    const auto alternative = [](std::string_view plain) {
        return "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\n" +
               std::string(plain) + "\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--x--\r\n";
    };
    EXPECT_EQ(parsed(alternative("plain")).text, "plain");
    EXPECT_EQ(parsed(alternative("  ")).text, "rich");
    EXPECT_TRUE(parsed(alternative("plain")).attachments.empty());
}

TEST(MimeParse, InlinePicturesOfHtmlAreAttachmentsWithTheirContentId) {
    const auto mail = parsed(
        "From: a@b.example\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"
        "See <img src=cid:pic@1>\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <pic@1>\r\n\r\nPNG\r\n--x--\r\n");
    EXPECT_EQ(mail.text, "See");
    ASSERT_EQ(mail.attachments.size(), 1U);
    EXPECT_EQ(mail.attachments[0].inline_id, "pic@1");
    EXPECT_EQ(mail.attachments[0].type, "image/png");
}

TEST(MimeParse, AForwardedMessageIsAnAttachmentAndChangesNothingOutside) {
    const auto mail =
        parsed(with_part("Content-Type: message/rfc822",
                         "From: inner@x.example\r\nSubject: inner\r\nAuto-Submitted: auto-replied\r\n\r\nin"));
    EXPECT_EQ(mail.from[0].email, "a@b.example");
    EXPECT_EQ(mail.subject, "");
    EXPECT_TRUE(mail.answer_automatically);
    ASSERT_EQ(mail.attachments.size(), 1U);
    EXPECT_EQ(mail.attachments[0].type, "message/rfc822");
    EXPECT_NE(mail.attachments[0].content.find("Subject: inner"), std::string::npos);
}

TEST(MimeParse, TurnsHtmlIntoLines) {
    const auto text = [](std::string_view html) {
        return parsed("From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + std::string(html)).text;
    };
    EXPECT_EQ(text("<style>p{color:red}</style><p>One &lt;1&gt;</p><p>Two<br>three</p>"), "One <1>\n\nTwo\nthree");
    EXPECT_EQ(text("<ul><li>a</li><li>b</li></ul>"), "- a\n- b");
    EXPECT_EQ(text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a b\nc");
    EXPECT_EQ(text("hi<blockquote>old<blockquote>older</blockquote></blockquote>"), "hi\n\n> old\n>\n> > older");
    EXPECT_EQ(text("<pre>a\n  b</pre>"), "a\n  b");
    EXPECT_EQ(text("a&nbsp;b<script>alert(1)</script>"), "a b");
    EXPECT_EQ(text("<meta charset=iso-8859-1>\xC3\xBC"), "ü");
}

TEST(MimeParse, JoinsTheLinesOfFlowedText) {
    const auto text = [](std::string_view parameters, std::string_view body) {
        return parsed("From: a@b.example\r\nContent-Type: text/plain; format=flowed" + std::string(parameters) +
                      "\r\n\r\n" + std::string(body))
            .text;
    };
    EXPECT_EQ(text("", "one \r\ntwo\r\nthree"), "one two\nthree");
    EXPECT_EQ(text("; delsp=yes", "sep \r\narate"), "separate");
    EXPECT_EQ(text("", "> q \r\n> r\r\na"), "> q r\na");
    EXPECT_EQ(text("", "a\r\n-- \r\nsig"), "a\n-- \nsig");
    EXPECT_EQ(text("", " From here"), "From here");
}

TEST(MimeParse, RefusesWhatCostsTooMuch) {
    const auto refused = [](const std::string& raw, const limits& allowed) {
        const auto read = parse(raw, allowed);
        return read ? std::string("accepted") : std::string(name_of(read.error().code)) + ": " + read.error().message;
    };
    limits small;
    small.message_bytes = 1000;
    small.header_bytes = 200;
    EXPECT_EQ(refused(std::string(1001, 'x'), small), "too_large: the message is larger than 1000 bytes");
    EXPECT_EQ(refused(with_header("X: " + std::string(300, 'x')), small),
              "too_large: the headers are larger than 200 bytes");

    std::string deep = "From: a@b.example\r\n";
    for (int i = 0; i < 40; ++i) {
        const auto name = "b" + std::to_string(i);
        deep += "Content-Type: multipart/mixed; boundary=" + name + "\r\n\r\n--" + name + "\r\n";
    }
    EXPECT_EQ(refused(deep, {}), "invalid: the message nests deeper than 32 levels");

    std::string wide = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 1001; ++i) wide += "--b\r\n\r\nx\r\n";
    EXPECT_EQ(refused(wide, {}), "invalid: the message has more than 1000 parts");
    for (int i = 0; i < 20'000; ++i) wide += "--b\r\n\r\nx\r\n";
    EXPECT_EQ(refused(wide, {}), "invalid: the message has more than 1000 parts");
}

TEST(MimeParse, HtmlThatNestsTooDeepIsKeptAsAFile) {
    std::string html;
    for (int i = 0; i < 5000; ++i) html += "<div>";
    const auto mail = parsed("From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + html + "hi");
    EXPECT_EQ(mail.text, "");
    ASSERT_EQ(mail.attachments.size(), 1U);
    EXPECT_EQ(mail.attachments[0].type, "text/html");
}

TEST(MimeParse, TextHasNoControlCharacters) {
    EXPECT_EQ(parsed("From: a@b.example\r\n\r\na" + std::string(1, '\0') + "b\x1b[31mc\rd\te").text, "ab[31mc\nd\te");
}

TEST(MimeParse, TheDigestNamesTheBodyAlone) {
    EXPECT_EQ(parsed("From: a@b.example\r\n\r\nsame").body_digest,
              parsed("From: c@d.example\r\nX: y\r\n\r\nsame").body_digest);
    EXPECT_NE(parsed("From: a@b.example\r\n\r\nsame").body_digest,
              parsed("From: a@b.example\r\n\r\nother").body_digest);
}

TEST(MimeParse, ManyThreadsReadAtOnce) {
    const auto raw = with_part("Content-Disposition: attachment; filename*=UTF-8''%C3%BC.txt", "data");
    const std::string html =
        "From: =?iso-2022-jp?B?GyRCJCIbKEI=?= <a@b.example>\r\nContent-Type: text/html; "
        "charset=euc-kr\r\n\r\n<p>\xB0\xA2</p>";
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                const auto one = parse(raw);
                const auto two = parse(html);
                const bool good = one && one->attachments.size() == 1 && one->attachments[0].name == "ü.txt" && two &&
                                  two->text == "각" && two->from.size() == 1 && two->from[0].name == "あ";
                if (!good) ++wrong;
            }
        });
    readers.clear();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kindred::connectors::mime
