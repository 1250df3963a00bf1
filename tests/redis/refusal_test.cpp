#include "engine/redis/refusal.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kindred::redis {
namespace {

struct refusal_case {
    std::string_view text;  ///< as Redis 7.0.15 or our functions say it
    refusal why;
    remedy then;
};

class refusals : public testing::TestWithParam<refusal_case> {};

TEST_P(refusals, are_told_by_their_first_word) {
    EXPECT_EQ(refusal_of(GetParam().text), GetParam().why);
    EXPECT_EQ(remedy_for(GetParam().why), GetParam().then);
    EXPECT_FALSE(name_of(GetParam().why).empty());
}

const refusal_case cases[] = {
    {"MOVED 3999 127.0.0.1:6381", refusal::moved, remedy::redirect},
    {"ASK 3999 127.0.0.1:6381", refusal::ask, remedy::redirect},
    {"TRYAGAIN Multiple keys request during rehashing of slot", refusal::try_again, remedy::wait},
    {"CROSSSLOT Keys in request don't hash to the same slot", refusal::cross_slot, remedy::ask_operator},
    {"CLUSTERDOWN Hash slot not served", refusal::cluster_down, remedy::wait},
    {"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", refusal::master_down,
     remedy::wait},
    {"NOREPLICAS Not enough good replicas to write.", refusal::no_replicas, remedy::wait},
    {"OOM command not allowed when used memory > 'maxmemory'.", refusal::out_of_memory, remedy::wait},
    {"MISCONF Errors writing to the AOF file: No space left on device", refusal::misconfigured, remedy::wait},
    {"READONLY You can't write against a read only replica.", refusal::read_only, remedy::redirect},
    {"UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", refusal::read_only,
     remedy::redirect},
    {"LOADING Redis is loading the dataset in memory", refusal::loading, remedy::wait},
    {"BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.", refusal::busy,
     remedy::wait},
    {"NOTBUSY No scripts in execution right now.", refusal::not_busy, remedy::wait},
    {"UNKILLABLE Sorry the script already executed write commands", refusal::not_busy, remedy::wait},
    {"NOAUTH Authentication required.", refusal::no_log_in, remedy::ask_operator},
    {"WRONGPASS invalid username-password pair or user is disabled.", refusal::wrong_password, remedy::ask_operator},
    {"NOPERM this user has no permissions to run the 'fcall' command", refusal::forbidden, remedy::ask_operator},
    {"NOSCRIPT No matching script. Please use EVAL.", refusal::no_function, remedy::load_function},
    {"ERR Function not found", refusal::no_function, remedy::load_function},
    {"FENCED 8", refusal::fenced, remedy::step_down},
    {"DUP 17", refusal::duplicate, remedy::is_done},
    {"SEQ 16", refusal::out_of_order, remedy::step_down},
    {"FULL the inbox", refusal::inbox_full, remedy::wait},
    {"GONE the site is not here", refusal::gone, remedy::wait},
    {"ERR unknown command 'FCALL'", refusal::other, remedy::ask_operator},
    {"WRONGTYPE Operation against a key holding the wrong kind of value", refusal::other, remedy::ask_operator},
    {"MOVEDX 1 a:1", refusal::other, remedy::ask_operator},
    {"", refusal::other, remedy::ask_operator},
};

INSTANTIATE_TEST_SUITE_P(each, refusals, testing::ValuesIn(cases));

TEST(Refusal, EachHasANameOfItsOwn) {
    std::set<std::string_view> names;
    for (auto why = static_cast<int>(refusal::moved); why <= static_cast<int>(refusal::other); ++why)
        names.insert(name_of(static_cast<refusal>(why)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(refusal::other));
}

TEST(Refusal, RedirectionsNameSlotAndServer) {
    EXPECT_EQ(redirection_of("MOVED 3999 127.0.0.1:6381"), (redirection{3999, "127.0.0.1", 6381}));
    EXPECT_EQ(redirection_of("ASK 0 redis-2.example:7001"), (redirection{0, "redis-2.example", 7001}));
    EXPECT_EQ(redirection_of("MOVED 16383 2001:db8::1:6379"), (redirection{16383, "2001:db8::1", 6379}));
    EXPECT_EQ(redirection_of("MOVED 3999 :6381"), (redirection{3999, "", 6381})) << "the host that answered";
    for (const std::string_view wrong : {"MOVED 16384 a:1", "MOVED x a:1", "MOVED 1 a", "MOVED 1 a:0",
                                         "MOVED 1 a:70000", "MOVED", "TRYAGAIN 1 a:1", ""})
        EXPECT_EQ(redirection_of(wrong), std::nullopt) << wrong;
}

TEST(Refusal, OursSayANumber) {
    EXPECT_EQ(number_in("SEQ 17"), 17U);
    EXPECT_EQ(number_in("SEQ 0"), 0U);
    EXPECT_EQ(number_in("SEQ 17 of 20"), 17U);
    for (const std::string_view wrong : {"SEQ", "SEQ x", "SEQ -1", ""})
        EXPECT_EQ(number_in(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace kindred::redis
