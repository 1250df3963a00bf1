#include "tests/store/support/survival.hpp"

#include "tests/store/support/samples.hpp"

#include <cstdlib>

namespace kindred::store {
namespace {

testing::AssertionResult holds_all_of(store& from, std::uint64_t number) {
    const auto written = samples::contact(number);
    const auto complain = [&] {
        return testing::AssertionFailure() << "a part of batch " << number << " is missing: ";
    };
    const auto key = from.find_key(written.keys.front().key);
    if (!key || *key != written.keys.front()) return complain() << "key";
    const auto customer = from.customer_with(written.identities.front().identity);
    if (!customer || *customer != written.customers.front()) return complain() << "customer";
    const auto entries = from.entries(ticket_id{number}, 0, 10);
    if (!entries || *entries != written.entries) return complain() << "entries";
    return testing::AssertionSuccess();
}

}  // namespace

testing::AssertionResult holds_a_beginning(store& from, const survival& wanted, std::uint64_t* held) {
    std::uint64_t expected = 0;
    bool in_order = true;
    const auto small = from.load([&](ticket_row&& row) { in_order = in_order && row == samples::ticket(++expected); });
    if (!small) return testing::AssertionFailure() << small.error().message;
    if (!in_order) return testing::AssertionFailure() << "ticket " << expected << " is missing or altered";
    if (held != nullptr) *held = expected;
    if (expected < wanted.acknowledged || expected > wanted.attempted) {
        return testing::AssertionFailure() << "holds " << expected << " batches of " << wanted.acknowledged
                                           << " acknowledged and " << wanted.attempted << " attempted";
    }
    const auto last_journal = expected == 0 ? 0 : samples::journal(expected).last;
    if (small->customers != expected || small->journal != last_journal) {
        return testing::AssertionFailure() << "batch " << expected + 1 << " is there in part";
    }
    for (std::uint64_t number = 1; number <= expected; ++number) {
        if (auto whole = holds_all_of(from, number); !whole) return whole;
    }
    if (from.find_key(samples::delivery(expected + 1)).value()) {
        return testing::AssertionFailure() << "the key of batch " << expected + 1 << " is there without its ticket";
    }
    return testing::AssertionSuccess();
}

testing::AssertionResult survived(const sqlite_options& where, const survival& wanted, std::uint64_t* held) {
    {
        const auto opened = open_sqlite(where);
        if (!opened) return testing::AssertionFailure() << opened.error().message;
        if (auto whole = holds_a_beginning(**opened, wanted, held); !whole) return whole;
    }
    if (const auto sound = quick_check(where); !sound) return testing::AssertionFailure() << sound.error().message;
    return testing::AssertionSuccess();
}

std::uint64_t fault_scale() {
    const char* set = std::getenv("KINDRED_FAULT_SCALE");  // NOLINT(concurrency-mt-unsafe): nobody sets it meanwhile
    const auto scale = set == nullptr ? 0 : std::strtoull(set, nullptr, 10);
    return scale == 0 ? 1 : scale;
}

}  // namespace kindred::store
