#include "engine/nodes/arrival_turns.hpp"

namespace kindred::nodes {
namespace {

constexpr std::size_t most_waiting = 8'192;
constexpr std::chrono::milliseconds pass_time{2'000};

}  // namespace

arrival_turns::arrival_turns(store::site_inbox& inbox, inbox_reader& reader)
    : inbox_(inbox), reader_(reader), waiting_(most_waiting), thread_([this] { run(); }) {}

arrival_turns::~arrival_turns() {
    waiting_.close();
    thread_.join();
}

bool arrival_turns::wait(turn next) { return waiting_.try_push(next); }

/// One question to Redis for all that wait: each of them came before it is asked.
void arrival_turns::run() {
    while (true) {
        const auto all = waiting_.take_all();
        if (all.empty()) return;
        const bool is_their_turn = !waiting_.closed() && !inbox_.must_queue() && have_all_been_let_in(pass_time);
        for (const auto& each : all) each(is_their_turn);
    }
}

void arrival_turns::let_others_in_first(std::chrono::milliseconds patience) { (void)have_all_been_let_in(patience); }

bool arrival_turns::have_all_been_let_in(std::chrono::milliseconds patience) {
    const auto end = inbox_.inbox_end();
    return end && reader_.wait_until_read(*end, patience);
}

}  // namespace kindred::nodes
