#include "ingest/submission.h"

#include <exception>
#include <new>

#include "projection/project.h"

namespace crmsink {

void ReadSubmission(Submission& submission, const std::function<void(const Event&)>& on_event) {
  try {
    auto event = ReadEvent(submission.delivery);
    if (!event) {
      submission.reason = event.error();
      return;
    }
    submission.event = *std::move(event);
    if (on_event) on_event(*submission.event);
    if (submission.event->entity != nullptr) {
      submission.change = Project(*submission.event, submission.delivery.received_at);
    }
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    submission.event.reset();
    submission.change.reset();
    submission.reason = std::string("an error of this program while reading it: ") + e.what();
  }
}

}  // namespace crmsink
