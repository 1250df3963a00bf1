#include "engine/app/serve_sites.hpp"

#include "engine/app/signals.hpp"
#include "engine/base/log.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>

namespace kindred::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_every{200};
constexpr std::chrono::seconds shortest_pause{1};
constexpr std::chrono::seconds longest_pause{30};
constexpr std::chrono::seconds runs_well_after{60};

std::set<fs::path> configurations_in(const fs::path& folder) {
    std::set<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
        if (auto file = at->path() / "kindred.yaml"; fs::is_regular_file(file, failed)) found.insert(std::move(file));
    return found;
}

/// How a process ended, as shells tell it.
int code_of(int status) {
    constexpr int killed = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : killed + WTERMSIG(status);
}

/// The process of one site, which is begun again after pauses that grow while it ends soon.
class site_process {
public:
    explicit site_process(fs::path configuration) : file_(std::move(configuration)) {}

    bool runs() const { return pid_ > 0; }
    bool is_leaving() const { return leaves_; }
    void leave() {
        leaves_ = true;
        tell(SIGTERM);
    }
    /// It is wanted, also where it was not a moment ago.
    void stay() {
        if (std::exchange(leaves_, false)) due_ = {};
    }
    void tell(int signal) const {
        if (runs()) ::kill(pid_, signal);
    }

    void start_when_due(steady_clock::time_point now) {
        if (runs() || leaves_ || now < due_) return;
        const auto file = file_.string();
        const auto parent = ::getpid();
        const auto child = ::fork();
        if (child < 0) return note_end(now, {});
        if (child == 0) become_the_engine(file, parent);
        pid_ = child;
        began_ = now;
        log::info("a site's process begins", {{"config", file}, {"pid", child}});
    }

    /// What it ended with, once.
    std::optional<int> look(steady_clock::time_point now) {
        int status = 0;
        if (!runs() || ::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
        const auto code = code_of(status);
        pid_ = 0;
        note_end(now, code);
        return code;
    }

private:
    /// Between fork() and exec(): nothing here allocates or locks.
    [[noreturn]] static void become_the_engine(const std::string& file, pid_t parent) {
        constexpr int no_engine = 127;
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(no_engine);  // it was gone before we asked to be told
        sigset_t none;
        ::sigemptyset(&none);
        ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
        ::execl("/proc/self/exe", "kindred", "serve", "--config", file.c_str(), static_cast<char*>(nullptr));
        ::_exit(no_engine);
    }

    void note_end(steady_clock::time_point now, std::optional<int> code) {
        if (now - began_ >= runs_well_after) pause_ = shortest_pause;
        due_ = now + pause_;
        const auto again_in = pause_;
        pause_ = std::min(pause_ * 2, longest_pause);
        if (leaves_) return;
        log::error("a site's process ended: it is begun again",
                   {{"config", file_.string()}, {"code", code.value_or(-1)}, {"in_s", again_in.count()}});
    }

    const fs::path file_;
    pid_t pid_ = 0;
    bool leaves_ = false;
    steady_clock::time_point began_;
    steady_clock::time_point due_;
    std::chrono::seconds pause_ = shortest_pause;
};

class site_processes {
public:
    explicit site_processes(fs::path folder) : folder_(std::move(folder)) {}

    bool is_empty() const { return all_.empty(); }

    void follow_the_folder() {
        const auto wanted = configurations_in(folder_);
        for (const auto& each : wanted) all_.try_emplace(each, each).first->second.stay();
        for (auto& [file, process] : all_)
            if (!wanted.contains(file)) process.leave();
    }

    void reload() {
        for (auto& [file, process] : all_) process.tell(SIGHUP);
        follow_the_folder();
    }

    void look() {
        const auto now = steady_clock::now();
        for (auto& [file, process] : all_) {
            const auto ended = process.look(now);
            if (ended && *ended != 0 && process.is_leaving()) ended_well_ = false;
            process.start_when_due(now);
        }
        std::erase_if(all_, [](const auto& each) { return each.second.is_leaving() && !each.second.runs(); });
    }

    void leave() {
        for (auto& [file, process] : all_) process.leave();
    }
    bool ended_well() const { return ended_well_; }

private:
    const fs::path folder_;
    std::map<fs::path, site_process> all_;
    bool ended_well_ = true;
};

}  // namespace

int run_serve_sites(const fs::path& folder, std::ostream& err) {
    signal_watch signals;  // first: it blocks them
    site_processes sites(folder);
    sites.follow_the_folder();
    if (sites.is_empty()) {
        err << "error: there is no site (SITE/kindred.yaml) in " << folder.string() << '\n';
        return 1;
    }
    while (true) {
        sites.look();
        const auto told = signals.wait(look_every);
        if (told == signal_watch::told::reload) sites.reload();
        if (told == signal_watch::told::stop) break;
    }
    sites.leave();
    signals.exit_on_next_stop();
    while (!sites.is_empty()) {
        (void)signals.wait(look_every);
        sites.look();
    }
    return sites.ended_well() ? 0 : 3;
}

}  // namespace kindred::app
