-- wrk script: posts the events of a file that make_load wrote, each once; every thread takes its share.
-- Arguments after --: the file, the number of threads, "signed" or "unsigned", and the path "-" for the events' own.
-- Prints one line of JSON; `other` is answers that are no 2xx or 3xx, `wraps` how often a thread began anew.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  requests, position, wraps = {}, 0, 0
  local file, share, signed, path = args[1], tonumber(args[2]), args[3] == "signed", args[4] or "-"
  local line_number = 0
  for line in io.lines(file) do
    if line_number % share == number then
      local own, signature, body = line:match("^([^\t]*)\t([^\t]*)\t(.*)$")
      local headers = { ["Content-Type"] = "application/json" }
      if signed then headers["X-GHL-Signature"] = signature end
      requests[#requests + 1] = wrk.format("POST", path == "-" and own or path, headers, body)
    end
    line_number = line_number + 1
  end
end

function request()
  position = position + 1
  if position > #requests then
    position, wraps = 1, wraps + 1
  end
  return requests[position]
end

function done(summary, latency)
  local wraps = 0
  for _, thread in ipairs(threads) do wraps = wraps + thread:get("wraps") end
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.3f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, "other": %d, "broken": %d, "wraps": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.status, errors.read + errors.write + errors.timeout + errors.connect, wraps))
end
