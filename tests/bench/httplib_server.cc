// httplib_server: cpp-httplib's own listener with a route that answers at once, POST /noop, beside noop_server. Prints
// `listening URL`; ends on SIGTERM.
#include <httplib.h>

#include <csignal>
#include <cstdio>
#include <thread>

int main() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(std::size_t{1} << 30);
  // It keeps a thread for each connection.
  server.new_task_queue = [] { return new httplib::ThreadPool(300); };
  server.Post("/noop", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(R"({"status":"noop"})", "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port < 0) return 1;
  std::thread serving([&server] { server.listen_after_bind(); });
  std::printf("listening http://127.0.0.1:%d\n", port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  serving.join();
}
