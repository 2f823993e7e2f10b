-- wrk script: posts the events of a file that make_load wrote, each once; every thread takes its share.
-- Arguments after --: the file, the number of threads, "signed" or "unsigned", and the path "-" for the events' own.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  requests, position = {}, 0
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
  wraps = 0
end

function request()
  position = position + 1
  if position > #requests then
    position, wraps = 1, wraps + 1
  end
  return requests[position]
end


function done(summary, latency)
  io.write(string.format('{"requests": %d, "seconds": %.3f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout +
    summary.errors.connect))
end
