// session_file: a follower that keeps its session's secret in a file, so that the process after this one
// takes the session up again. interop_sessions.hpp does not include it.
//
//   session_file kept("/var/lib/chunkserver/session", "chunkserver-7");
//   auto server = *manager.create_follower("chunkserver-7", kept.callbacks({/* your own */}));
//   auto held = kept.reattach_or_create(server, description);
//
// A secret is good for one re-attach, and each answer brings the next. So each new one, also of a session
// that was re-created by itself, is on the disk before your session_created hears of the session. A crash
// in between leaves a secret that is used up: the next process then creates, and gets the identity when
// the session has expired. Nothing that happens to the file can do worse than that.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "detail/session_file_state.hpp"
#include "follower.hpp"

INTEROP_SESSIONS_BEGIN

// The file is this user's, mode 0600, in a folder that no other user may write to; a second one with
// ".lock" behind its name stays beside it. Copies share one file. Use one for each identity.
class session_file {
 public:
  // `failed` is told what is wrong with the file, on the thread that finds it: the calling thread, or the
  // callback thread. Nothing that is told there is an error of the session.
  session_file(std::string path, std::string identity,
               std::function<void(const error&)> failed = {})
      : state_(std::make_shared<detail::session_file_state>(std::move(path), std::move(identity),
                                                            std::move(failed))) {}

  // The callbacks to create the follower with: the secret is saved, then `own` is told of the session.
  [[nodiscard]] follower_callbacks callbacks(follower_callbacks own = {}) const {
    own.session_created = [kept = state_,
                           first = std::move(own.session_created)](const session& created) {
      kept->save(created);
      return first ? first(created) : verdict::accept();
    };
    return own;
  }

  struct outcome {
    interop::sessions::session session;
    bool reattached = false;
  };

  // Takes up the session that the file names. Where there is no file, or that session is over or its secret
  // used up, creates a session; so too while another process of this server has the file, and then waits
  // until the session of that process is over. Every other error is answered, and the file stays as it is:
  // call the function again. The options hold for each of the two calls. Blocks, as create_session does.
  [[nodiscard]] result<outcome> reattach_or_create(const follower& server,
                                                   const server_description& description,
                                                   const call_options& options = {}) const {
    const session kept = state_->load();
    if (kept.session_id != 0) {
      auto taken = server.reattach_session(kept.session_id, kept.secret, options);
      if (taken) {
        return outcome{*std::move(taken), true};
      }
      if (!is_over(taken.error().status)) {
        return failure(std::move(taken).error());
      }
    }
    auto created = server.create_session(description, options);
    if (!created) {
      return failure(std::move(created).error());
    }
    return outcome{*std::move(created), false};
  }

  // Is the newest secret on the disk? The session is kept even if not: a full disk is no reason to stop
  // serving, and a restarted process waits for the term.
  [[nodiscard]] result<void> saved() const { return state_->saved(); }

 private:
  static bool is_over(status code) noexcept {
    return code == INTEROP_SESSIONS_UNKNOWN_SESSION || code == INTEROP_SESSIONS_WRONG_SECRET ||
           code == INTEROP_SESSIONS_SESSION_EXPIRED || code == INTEROP_SESSIONS_SESSION_REVOKED ||
           code == INTEROP_SESSIONS_SESSION_CLOSED;
  }

  std::shared_ptr<detail::session_file_state> state_;
};

INTEROP_SESSIONS_END
