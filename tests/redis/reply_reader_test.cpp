#include "engine/redis/reply_reader.hpp"

#include "engine/redis/command.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::redis {
namespace {

reply text(std::string bytes) { return {reply_kind::text, std::move(bytes), 0, {}}; }
reply status(std::string bytes) { return {reply_kind::status, std::move(bytes), 0, {}}; }
reply refused(std::string bytes) { return {reply_kind::refusal, std::move(bytes), 0, {}}; }
reply number(std::int64_t value) { return {reply_kind::number, {}, value, {}}; }
reply list(std::vector<reply> of) { return {reply_kind::list, {}, 0, std::move(of)}; }

/// What a server sends for a reply.
std::string written(const reply& one) {
    switch (one.kind) {
        case reply_kind::nothing: return "$-1\r\n";
        case reply_kind::text: return "$" + std::to_string(one.text.size()) + "\r\n" + one.text + "\r\n";
        case reply_kind::status: return "+" + one.text + "\r\n";
        case reply_kind::refusal: return "-" + one.text + "\r\n";
        case reply_kind::number: return ":" + std::to_string(one.number) + "\r\n";
        case reply_kind::list: break;
    }
    auto bytes = "*" + std::to_string(one.list.size()) + "\r\n";
    for (const auto& each : one.list) bytes += written(each);
    return bytes;
}

/// All replies in `bytes`, given in pieces of `step`; an error ends them.
std::vector<reply> read(std::string_view bytes, std::size_t step, std::optional<errc>* failed = nullptr,
                        const reply_limits& limits = {}) {
    reply_reader reader(limits);
    std::vector<reply> all;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        if (auto taken = reader.take(bytes.substr(at, step)); !taken) {
            if (failed) *failed = taken.error().code;
            return all;
        }
        while (true) {
            auto next = reader.next();
            if (!next) {
                if (failed) *failed = next.error().code;
                return all;
            }
            if (!*next) break;
            all.push_back(std::move(**next));
        }
    }
    return all;
}

std::optional<errc> problem_of(std::string_view bytes, const reply_limits& limits = {}) {
    std::optional<errc> failed;
    (void)read(bytes, 7, &failed, limits);
    return failed;
}

TEST(ReplyReader, ReadsEachKindHoweverItIsCut) {
    const std::vector<reply> all{
        status("OK"),
        refused("SEQ 17"),
        number(-9'223'372'036'854'775'807),
        text(std::string("a\0b\r\n$-1", 8)),
        text(""),
        reply{},
        list({}),
        list({text("17-0"), list({text("batch"), reply{}, list({number(0), refused("ERR in a list")})}), status("")}),
        text(std::string(300'000, 'x')),
    };
    std::string bytes;
    for (const auto& each : all) bytes += written(each);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4096}, bytes.size()})
        EXPECT_EQ(read(bytes, step), all) << "in pieces of " << step;
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
    for (const std::string_view bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "%1\r\n+a\r\n+b\r\n", "_\r\n", "\r\n", ":12a\r\n", "$x\r\n", "*1x\r\n",
          "$-2\r\n", "*-2\r\n", ":99999999999999999999\r\n"})
        EXPECT_EQ(problem_of(bytes), errc::corrupt) << bytes;
}

TEST(ReplyReader, RefusesMoreThanItsLimits) {
    reply_limits tight;
    tight.bytes = 100;
    tight.elements = 10;
    EXPECT_EQ(problem_of("$1000\r\n" + std::string(200, 'x'), tight), errc::too_large);
    EXPECT_EQ(problem_of("*11\r\n", tight), errc::corrupt);
    EXPECT_EQ(problem_of("*6\r\n*6\r\n", tight), errc::corrupt);
    EXPECT_EQ(problem_of("*2147483647\r\n"), errc::corrupt);
    // The limit is for one reply: what was read before does not count.
    std::string many;
    for (int i = 0; i < 50; ++i) many += written(list({number(1), number(2), number(3), number(4), number(5)}));
    EXPECT_EQ(problem_of(many, tight), std::nullopt);
}

TEST(ReplyReader, RefusesListsDeeperThanItFollows) {
    std::string deep;
    for (int i = 0; i < 20; ++i) deep += "*1\r\n";
    EXPECT_EQ(problem_of(deep), errc::corrupt);
}

rc::Gen<reply> any_reply(int depth) {
    auto leaf = rc::gen::oneOf(
        rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string bytes) { return text(std::move(bytes)); }),
        rc::gen::map(rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000), [](std::int64_t n) { return number(n); }),
        rc::gen::just(reply{}), rc::gen::just(status("OK")), rc::gen::just(refused("BUSY Redis is busy")));
    if (depth == 0) return leaf;
    auto branch = rc::gen::map(rc::gen::container<std::vector<reply>>(any_reply(depth - 1)),
                               [](std::vector<reply> of) { return list(std::move(of)); });
    return rc::gen::weightedOneOf<reply>({{3, leaf}, {1, branch}});
}

RC_GTEST_PROP(ReplyReader, ReadsBackWhateverIsWritten, ()) {
    const auto all = *rc::gen::container<std::vector<reply>>(any_reply(2));
    const auto step = *rc::gen::inRange<std::size_t>(1, 40);
    std::string bytes;
    for (const auto& each : all) bytes += written(each);
    RC_ASSERT(read(bytes, step) == all);
}

RC_GTEST_PROP(ReplyReader, AServerReadsCommandsAsListsOfTexts, ()) {
    // A command goes over the wire as a list of texts, so the same reader reads it.
    const auto commands = *rc::gen::container<std::vector<command>>(
        rc::gen::nonEmpty(rc::gen::container<command>(rc::gen::arbitrary<std::string>())));
    std::string bytes;
    encode(commands, bytes);
    std::vector<reply> expected;
    for (const auto& each : commands) {
        auto& made = expected.emplace_back(list({}));
        for (const auto& argument : each) made.list.push_back(text(argument));
    }
    RC_ASSERT(read(bytes, 11) == expected);
}

}  // namespace
}  // namespace kindred::redis
