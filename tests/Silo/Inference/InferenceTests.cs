using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FlowGrain.Flows.Engines;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>The Open Inference Protocol as clients that know nothing of ours speak it.</summary>
public sealed class InferenceTests(ServingSilo silo) : IClassFixture<ServingSilo>
{
    private const string Row = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.25]}]}""";
    private const string HeaderLength = "Inference-Header-Content-Length";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_says_what_it_is_and_that_it_can_be_asked()
    {
        Assert.Equal("flowgrain", (await Get("/v2")).GetProperty("name").GetString());
        Assert.Contains("binary_tensor_data", (await Get("/v2/")).GetProperty("extensions").EnumerateArray().Select(extension => extension.GetString()));
        Assert.True((await Get("/v2/health/live")).GetProperty("live").GetBoolean());
        Assert.True((await Get("/v2/health/ready")).GetProperty("ready").GetBoolean());
        Assert.True((await Get("/v2/models/m/ready")).GetProperty("ready").GetBoolean());
        Assert.True((await Get("/v2/models/m/versions/2/ready")).GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task A_model_says_what_it_takes_and_gives()
    {
        var density = await Get("/v2/models/given");
        Assert.Equal("""[{"name":"x","datatype":"FP32","shape":[-1,2]},{"name":"context","datatype":"FP32","shape":[-1,1]}]""", density.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"log_prob","datatype":"FP32","shape":[-1]},{"name":"z","datatype":"FP32","shape":[-1,2]}]""", density.GetProperty("outputs").GetRawText());
        Assert.Equal("""["1","2"]""", (await Get("/v2/models/m")).GetProperty("versions").GetRawText());
        var sample = await Get("/v2/models/m.sample");
        Assert.Equal("m.sample", sample.GetProperty("name").GetString());
        Assert.Equal(["num_samples", "seed"], sample.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Rows_as_json_and_as_bytes_get_the_scores_of_the_engine()
    {
        var (rows, scores) = silo.Scored(50);
        var json = await Infer("m", $$"""{"id":"q1","inputs":[{"name":"x","shape":[50,2],"datatype":"FP64","data":[{{string.Join(',', rows.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}]}]}""");
        Assert.Equal(("q1", "m", "2"), (json.GetProperty("id").GetString(), json.GetProperty("model_name").GetString(), json.GetProperty("model_version").GetString()));
        Assert.Equal(scores, Numbers(json).Select(value => (float)value!));

        var (header, bytes) = await InferBytes("m", rows, outputs: "");
        Assert.Equal(200, header.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal(scores, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task A_version_is_asked_by_its_number_and_the_newest_without_one()
    {
        var (first, newest) = (await Infer("m/versions/1", Row), await Infer("m", Row));
        Assert.Equal(("1", "2"), (first.GetProperty("model_version").GetString(), newest.GetProperty("model_version").GetString()));
        Assert.NotEqual(Numbers(first), Numbers(newest));
    }

    [Fact]
    public async Task Outputs_come_as_asked_latents_only_then()
    {
        var both = await Infer("m", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.25]}],"outputs":[{"name":"z"},{"name":"log_prob"}]}""");
        Assert.Equal(["log_prob", "z"], both.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.Equal("[1,2]", both.GetProperty("outputs")[1].GetProperty("shape").GetRawText());
        var alone = await Infer("m", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.25]}],"outputs":[{"name":"z"}]}""");
        Assert.Equal("z", Assert.Single(alone.GetProperty("outputs").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_json_has_no_number_for_is_null_and_counted_and_bytes_carry_it()
    {
        var json = await Infer("m", """{"inputs":[{"name":"x","shape":[3,2],"datatype":"FP32","data":[null,0.25,0.5,0.25,1e30,1e30]}]}""");
        Assert.Equal([true, false, true], Numbers(json).Select(value => value is null));
        Assert.Equal(2, json.GetProperty("parameters").GetProperty("nonfinite_count").GetInt32());
        var (_, bytes) = await InferBytes("m", [double.NaN, 0.25, 1e30, 1e30], outputs: "");
        Assert.Equal([float.NaN, float.NegativeInfinity], MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Theory, InlineData("gzip"), InlineData("deflate")]
    public async Task A_body_may_be_packed(string encoding)
    {
        using var answer = await PostPacked(Packed(encoding), encoding);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, InlineData("gzip"), InlineData("deflate")]
    public async Task A_packed_body_that_is_cut_or_damaged_is_the_fault_of_its_sender(string encoding)
    {
        using var cut = await PostPacked(Packed(encoding)[..^12], encoding);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        using var damaged = await PostPacked([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], encoding);
        Assert.Equal(HttpStatusCode.BadRequest, damaged.StatusCode);
        Assert.Contains("not packed as its Content-Encoding says", (await Read(damaged)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_numbers_than_a_body_of_bytes_has_are_refused()
    {
        using var answer = await Post("m", $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat('1', 5 << 20))}}]}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("numbers, of 4194304 that it may", (await Read(answer)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_unpacks_beyond_the_bound_is_refused_while_others_are_answered()
    {
        using var packed = new MemoryStream();
        await using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            for (var megabytes = 0; megabytes < 64; megabytes++) await packing.WriteAsync(spaces, Cancellation);
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        var bomb = silo.Http.PostAsync(new Uri(silo.Url, "/v2/models/m/infer"), content, Cancellation);
        await Infer("m", Row);
        using var answer = await bomb;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.NotEmpty((await Read(answer)).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Samples_are_those_of_the_seed_with_their_densities_and_given_the_context()
    {
        const string Draw = """{"inputs":[{"name":"num_samples","shape":[1],"datatype":"INT64","data":[200]},{"name":"seed","shape":[1],"datatype":"INT64","data":[7]},{"name":"context","shape":[1,1],"datatype":"FP32","data":[-5]}]}""";
        var drawn = await Infer("given.sample", Draw);
        Assert.Equal(drawn.GetProperty("outputs").GetRawText(), (await Infer("given.sample", Draw)).GetProperty("outputs").GetRawText());
        var (samples, densities) = (Numbers(drawn).ToArray(), drawn.GetProperty("outputs")[1].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()).ToArray());
        Assert.Equal((400, 200), (samples.Length, densities.Length));
        var again = await Infer("given", $$"""{"inputs":[{"name":"x","shape":[200,2],"datatype":"FP64","data":[{{string.Join(',', samples.Select(value => value!.Value.ToString("R", CultureInfo.InvariantCulture)))}}]},{"name":"context","shape":[200,1],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("-5", 200))}}]}]}""");
        Assert.Equal(densities, Numbers(again).Select(value => (float)value!));
    }

    [Theory]
    [InlineData("none", """{"inputs":[]}""", 404, "There is no model 'none'")]
    [InlineData("m/versions/9", """{"inputs":[]}""", 404, "Model 'm' has no version 9; it has 1, 2.")]
    [InlineData("m/versions/old", """{"inputs":[]}""", 404, "no version or alias 'old'")]
    [InlineData("m", """{"inputs":[]}""", 400, "The request lacks the input 'x'; add it.")]
    [InlineData("m", """{"inputs":[{"name":"y","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "There is no input 'y'; there is x")]
    [InlineData("m", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"logprob"}]}""", 400, "There is no output 'logprob'; there are log_prob, z")]
    [InlineData("m", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", 400, "'x' has the shape [1, 3]; it takes [ROWS, 2], one row at least.")]
    [InlineData("m", """{"inputs":[{"name":"x","shape":[0,2],"datatype":"FP32","data":[]}]}""", 400, "one row at least")]
    [InlineData("given", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "lacks the input 'context' [1, 1]")]
    [InlineData("given", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"context","shape":[2,1],"datatype":"FP32","data":[1,2]}]}""", 400, "'x' has 1 rows and 'context' has 2")]
    [InlineData("m.sample", """{"inputs":[{"name":"num_samples","shape":[1],"datatype":"INT64","data":[100000]}]}""", 400, "'num_samples' is 100000; a request draws 1 to 65536.")]
    [InlineData("m.sample", """{"inputs":[{"name":"num_samples","shape":[1],"datatype":"FP32","data":[5]}]}""", 400, "takes one whole number")]
    [InlineData("given.sample", """{"inputs":[{"name":"num_samples","shape":[1],"datatype":"INT64","data":[1]},{"name":"context","shape":[1,1],"datatype":"FP32","data":[null]}]}""", 400, "'c0' is no number")]
    [InlineData("m", "{", 400, "no JSON at line 1")]
    public async Task A_fault_is_an_error_with_its_status_and_a_sentence(string model, string body, int status, string words)
    {
        using var answer = await Post(model, body);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(words, (await Read(answer)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_outlives_a_request_that_is_refused()
    {
        var opened = 0;
        using var connections = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                opened++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(connections);
        foreach (var (body, status) in new[] { ("{", 400), ("{}", 400), (Row, 200) })
        {
            using var content = new StringContent(body);
            using var answer = await http.PostAsync(new Uri(silo.Url, "/v2/models/m/infer"), content, Cancellation);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_an_error_too()
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, "/v2/nothing"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing at /v2/nothing", (await Read(answer)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static byte[] Packed(string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Compress, leaveOpen: true) : new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true)) packing.Write(Encoding.UTF8.GetBytes(Row));
        return packed.ToArray();
    }

    private async Task<HttpResponseMessage> PostPacked(byte[] packed, string encoding)
    {
        using var content = new ByteArrayContent(packed);
        content.Headers.ContentEncoding.Add(encoding);
        return await silo.Http.PostAsync(new Uri(silo.Url, "/v2/models/m/infer"), content, Cancellation);
    }

    private static IEnumerable<double?> Numbers(JsonElement answer) =>
        answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble());

    private async Task<(JsonElement Header, byte[] Tail)> InferBytes(string model, double[] rows, string outputs)
    {
        byte[] raw = [.. MemoryMarshal.AsBytes<double>(rows)];
        var header = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"x","shape":[{{{rows.Length / 2}}},2],"datatype":"FP64","parameters":{"binary_data_size":{{{raw.Length}}}}}],"parameters":{"binary_data_output":true}{{{outputs}}}}""");
        using var content = new ByteArrayContent([.. header, .. raw]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add(HeaderLength, header.Length.ToString(CultureInfo.InvariantCulture));
        using var answer = await silo.Http.PostAsync(new Uri(silo.Url, $"/v2/models/{model}/infer"), content, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        var length = int.Parse(Assert.Single(answer.Headers.GetValues(HeaderLength)), CultureInfo.InvariantCulture);
        using var json = JsonDocument.Parse(body.AsMemory(0, length));
        return (json.RootElement.Clone(), body[length..]);
    }

    private async Task<JsonElement> Infer(string model, string body)
    {
        using var answer = await Post(model, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return await Read(answer);
    }

    private async Task<HttpResponseMessage> Post(string model, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await silo.Http.PostAsync(new Uri(silo.Url, $"/v2/models/{model}/infer"), content, Cancellation);
    }

    private async Task<JsonElement> Get(string path)
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, path), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Read(answer);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.Clone();
    }
}

/// <summary>A silo that serves two versions of <c>m</c>, and <c>given</c>, which has a context column.</summary>
public sealed class ServingSilo : OneSilo
{
    public ServingSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName)
    {
    }

    private ServingSilo(string root) : base([], root)
    {
        StoredModels.In(root).Publish(StoredModels.Gaussian("m"), []);
        StoredModels.In(root).Publish(StoredModels.Some("m", version: 2), []);
        StoredModels.In(root).Publish(StoredModels.Some("given", context: 1), []);
    }

    /// <summary>Rows, and their scores by the second version of <c>m</c>, computed here.</summary>
    internal (double[] Rows, float[] Scores) Scored(int count)
    {
        var model = StoredModels.Some("m", version: 2);
        var (rows, scores) = (TestFlows.Rows(model.Flow, count), new float[count]);
        using var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        engine.LogDensity(rows, scores, []);
        return (rows, scores);
    }
}
