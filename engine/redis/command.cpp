#include "engine/redis/command.hpp"

#include <hiredis/hiredis.h>

#include <memory>
#include <new>

namespace kindred::redis {
namespace {

struct free_text {
    void operator()(char* text) const { redisFreeCommand(text); }
};

}  // namespace

void encode(std::span<const command> commands, std::string& out) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const auto& each : commands) {
        texts.clear();
        sizes.clear();
        for (const auto& argument : each) {
            texts.push_back(argument.data());
            sizes.push_back(argument.size());
        }
        char* made = nullptr;
        const int size = redisFormatCommandArgv(&made, static_cast<int>(each.size()), texts.data(), sizes.data());
        if (size < 0) throw std::bad_alloc();
        const std::unique_ptr<char, free_text> text(made);
        out.append(made, static_cast<std::size_t>(size));
    }
}

}  // namespace kindred::redis
