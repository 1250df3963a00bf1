#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What agents do with tickets beyond answering them: put aside, ask a colleague, merge, call back, write first.
/// Called on blocking threads.
class work_endpoints {
public:
    explicit work_endpoints(runtime::site& site) : site_(site) {}

    void snooze(std::shared_ptr<call> asked);
    void extend_wrap_up(std::shared_ptr<call> asked);
    void call_back(std::shared_ptr<call> asked);
    void consult(std::shared_ptr<call> asked);
    void end_consult(std::shared_ptr<call> asked);
    void take_over(std::shared_ptr<call> asked);
    void merge(std::shared_ptr<call> asked);
    void set_recording(std::shared_ptr<call> asked);
    void set_hold(std::shared_ptr<call> asked);
    /// A message of which a part has failed goes again.
    void send_again(std::shared_ptr<call> asked);
    void mark_text(std::shared_ptr<call> asked);
    void set_priority(std::shared_ptr<call> asked);
    void begin(std::shared_ptr<call> asked);
    /// A message to whomever, to see that a channel works.
    void test_channel(const std::shared_ptr<call>& asked);
    void dispositions(std::shared_ptr<call> asked);

private:
    runtime::site& site_;
};

}  // namespace kindred::api
