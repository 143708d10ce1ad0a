-- One row a request for wrk, as `bench -- serve` asks: wrk -t1 -c64 -d10s --latency -s bench/Serving/post.lua http://127.0.0.1:8080/v2/models/MODEL/infer
-- The environment's WIDTH says how many columns the model has (2 without). The last line counts what was not answered with 200.
local width = tonumber(os.getenv("WIDTH") or "2")
local row = {}
for i = 1, width do row[i] = string.format("%.4f", math.sin(i)) end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = string.format('{"inputs":[{"name":"x","shape":[1,%d],"datatype":"FP32","data":[%s]}]}', width, table.concat(row, ","))

function done(summary)
  io.write(string.format("%d answers, %d of them no 200\n", summary.requests, summary.errors.status))
end
