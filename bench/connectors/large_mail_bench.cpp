#include "connectors/mime/mime.hpp"
#include "engine/base/digest.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string>

/// A mail of 5 MB, as people send photos: how long it takes to become a record, and what that needs in memory.
namespace kindred::connectors::mime {
namespace {

constexpr std::size_t mail_bytes = 5'000'000;
constexpr double allowed_seconds = 0.050;

/// Base64 in lines of 76, as mail programs write it.
std::string encoded_file(std::size_t bytes, unsigned seed) {
    std::string file(bytes, '\0');
    for (auto& each : file) each = static_cast<char>((seed = seed * 1'664'525U + 1'013'904'223U) >> 24U);
    const auto text = to_base64(file);
    std::string lines;
    lines.reserve(text.size() + text.size() / 38 + 2);
    for (std::size_t i = 0; i < text.size(); i += 76) lines.append(text, i, 76).append("\r\n");
    return lines;
}

std::string large_mail() {
    std::string mail =
        "From: Olga <olga@example.org>\r\nTo: help@example.com\r\nSubject: =?utf-8?Q?Broken_l=C3=A1mp?=\r\n"
        "Message-ID: <large-1@example.org>\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Here is what it looks like.\r\n";
    constexpr unsigned files = 4;
    for (unsigned i = 0; i < files; ++i) {
        mail += "--b\r\nContent-Type: image/jpeg; name=\"photo" + std::to_string(i) +
                ".jpg\"\r\nContent-Disposition: attachment; filename=\"photo" + std::to_string(i) +
                ".jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        mail += encoded_file(mail_bytes / files * 57 / 78, i);
    }
    return mail + "--b--\r\n";
}

bool is_read(const std::string& mail) {
    auto parsed = parse(mail);
    if (!parsed) return false;
    const auto made = to_record(std::move(*parsed), {}, {});
    return made.attachments.size() == 4 && !made.attachments[3].content.empty();
}

void large_mail_time(benchmark::State& state) {
    const auto mail = large_mail();
    double best = 1e9;
    for (auto _ : state) {
        for (int i = 0; i < 10; ++i) {
            timespec from{};
            timespec to{};
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
            if (!is_read(mail)) return state.SkipWithError("the mail cannot be read");
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
            best = std::min(best, static_cast<double>(to.tv_sec - from.tv_sec) +
                                      static_cast<double>(to.tv_nsec - from.tv_nsec) * 1e-9);
        }
    }
    state.counters["ratio"] = best / allowed_seconds;
    state.counters["goal"] = 1;
    state.counters["lower_is_better"] = 1;
    state.counters["ms"] = best * 1e3;
    state.SetLabel("50 ms");
}
BENCHMARK(large_mail_time)->Iterations(1);

long peak_kib() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

/// In a process of its own, whose peak nothing else has set before; the mail itself counts as one time its size.
double peak_over_size(const std::string& mail) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    const auto child = fork();
    if (child == 0) {
        const auto before = peak_kib();
        const bool fine = is_read(mail);
        const double ratio =
            fine ? 1 + static_cast<double>(peak_kib() - before) * 1024 / static_cast<double>(mail.size()) : -1;
        const auto written = write(ends[1], &ratio, sizeof ratio);
        _exit(written == sizeof ratio ? 0 : 1);
    }
    double ratio = -1;
    close(ends[1]);
    if (read(ends[0], &ratio, sizeof ratio) != sizeof ratio) ratio = -1;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return ratio;
}

void large_mail_memory(benchmark::State& state) {
    const auto mail = large_mail();
    double ratio = -1;
    for (auto _ : state) ratio = peak_over_size(mail);
    if (ratio < 0) return state.SkipWithError("the mail cannot be read");
    state.counters["ratio"] = ratio;
    state.counters["goal"] = 3;
    state.counters["lower_is_better"] = 1;
    state.SetLabel("its size");
}
BENCHMARK(large_mail_memory)->Iterations(1);

}  // namespace
}  // namespace kindred::connectors::mime
