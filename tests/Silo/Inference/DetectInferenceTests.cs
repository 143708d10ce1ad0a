using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Detection as clients of the Open Inference Protocol ask for it.</summary>
public sealed class DetectInferenceTests(DetectingSilo silo) : IClassFixture<DetectingSilo>
{
    private const string All = """,{"name":"log_prob"},{"name":"flagged"},{"name":"explanation"},{"name":"explanation_error"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_it_takes_and_gives()
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, "/v2/models/given.detect"), Cancellation);
        var about = await Read(answer);
        Assert.Equal(
            """[{"name":"x","datatype":"FP32","shape":[-1,2]},{"name":"context","datatype":"FP32","shape":[-1,1]},{"name":"rate","datatype":"FP64","shape":[1]},{"name":"threshold","datatype":"FP64","shape":[1]}]""",
            about.GetProperty("inputs").GetRawText());
        Assert.Equal(
            ["log_prob FP32", "typicality FP32", "latent_norm FP32", "p_value FP32", "flagged BOOL", "explanation FP32", "explanation_error FP32"],
            about.GetProperty("outputs").EnumerateArray().Select(output => $"{output.GetProperty("name").GetString()} {output.GetProperty("datatype").GetString()}"));
    }

    [Theory, InlineData("log-prob", DetectionScore.LogProb), InlineData("typicality", DetectionScore.Typicality), InlineData("latent-norm", DetectionScore.LatentNorm)]
    public async Task Its_figures_are_those_of_the_reference_by_the_score_that_is_asked_for(string word, DetectionScore kind)
    {
        var (rows, scores, norms) = silo.Scored(60);
        var answer = await Infer("m.detect", Body(rows, ""","parameters":{"score":"SCORE"}""".Replace("SCORE", word), Number("rate", 0.1)));
        Assert.Equal(["log_prob", "typicality", "latent_norm", "p_value", "flagged"], Outputs(answer).Select(output => output.GetProperty("name").GetString()));
        Assert.Equal(scores, Singles(answer, 0));
        Assert.Equal(norms, Singles(answer, 2));
        var (reference, threshold) = (silo.Reference.Of(kind), silo.Reference.Of(kind).Threshold(0.1));
        float[] judged = [.. scores.Zip(norms, (log, norm) => silo.Reference.Score(kind, log, norm))];
        Assert.Equal(judged.Select(score => (float)reference.PValue(score)), Singles(answer, 3));
        Assert.Equal(judged.Select(score => score > threshold), Outputs(answer)[4].GetProperty("data").EnumerateArray().Select(flag => flag.GetBoolean()));
        Assert.Contains(true, judged.Select(score => score > threshold));
    }

    [Fact]
    public async Task Without_a_rate_one_in_a_hundred_is_a_false_alarm_and_a_threshold_says_it_otherwise()
    {
        var (rows, scores, _) = silo.Scored(60);
        Assert.Equal(scores.Select(score => -score > silo.Reference.Of(default).Threshold(0.01)), Flags(await Infer("m.detect", Body(rows))));
        Assert.Equal(scores.Select(score => -score > 5), Flags(await Infer("m.detect", Body(rows, "", Number("threshold", 5)))));
    }

    [Fact]
    public async Task A_row_has_the_same_answer_bit_for_bit_whoever_else_is_asked_for()
    {
        var (rows, _, _) = silo.Scored(12);
        var together = Outputs(await Infer("m.detect", Body(rows, $$""","outputs":[{"name":"p_value"}{{All}}]""")));
        for (var row = 0; row < 12; row++)
        {
            var alone = Outputs(await Infer("m.detect", Body(rows[(2 * row)..(2 * row + 2)], $$""","outputs":[{"name":"p_value"}{{All}}]""")));
            for (var output = 0; output < together.Length; output++)
            {
                string[] all = [.. together[output].GetProperty("data").EnumerateArray().Select(value => value.GetRawText())], own = [.. alone[output].GetProperty("data").EnumerateArray().Select(value => value.GetRawText())];
                Assert.Equal(all[(row * own.Length)..((row + 1) * own.Length)], own);
            }
        }
    }

    [Fact]
    public async Task An_explanation_comes_only_when_it_is_asked_for_and_its_columns_add_up_where_they_are_independent()
    {
        var (rows, _, _) = silo.Scored(3);
        var answer = await Infer("normal.detect", Body(rows, $$""","outputs":[{"name":"p_value"}{{All}}]"""));
        Assert.Equal(["log_prob", "p_value", "flagged", "explanation", "explanation_error"], Outputs(answer).Select(output => output.GetProperty("name").GetString()));
        Assert.Equal("[3,2]", Outputs(answer)[3].GetProperty("shape").GetRawText());
        var (scores, shares, errors) = (Singles(answer, 0), Singles(answer, 3), Singles(answer, 4));
        for (var row = 0; row < 3; row++) Assert.InRange(Math.Abs(scores[row] - shares[2 * row] - shares[2 * row + 1]), 0, errors[2 * row] + errors[2 * row + 1]);
    }

    [Theory]
    [InlineData("m.detect", ""","parameters":{"score":"density"}""", "", "The parameter 'score' is 'density'; give log-prob, typicality or latent-norm.")]
    [InlineData("m.detect", "", "rate threshold", "A rate and a threshold are given; give one of them.")]
    [InlineData("m.detect", "", "rate tiny", "which can show no rate below 1 in 501")]
    [InlineData("m.detect", ""","outputs":[{"name":"explanation"}]""", "many", "300 rows are to be explained; each takes 256 densities, and a request explains 256 rows of this model: send them in several.")]
    [InlineData("old.detect", "", "", "Model 'old' version 1 has no reference of held-out rows")]
    public async Task A_fault_is_a_sentence(string model, string more, string inputs, string words)
    {
        string[] also = inputs switch
        {
            "rate threshold" => [Number("rate", 0.1), Number("threshold", 3)],
            "rate tiny" => [Number("rate", 1e-6)],
            _ => [],
        };
        using var answer = await Post(model, Body(silo.Scored(inputs == "many" ? 300 : 1).Rows, more, also));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(words, (await Read(answer)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truths_travel_as_a_byte_each()
    {
        var (rows, scores, _) = silo.Scored(5);
        using var answer = await Post("m.detect", Body(rows, ""","outputs":[{"name":"flagged","parameters":{"binary_data":true}}]""", Number("threshold", 5)));
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(scores.Select(score => -score > 5 ? (byte)1 : (byte)0), body[^5..]);
    }

    [Fact]
    public async Task Of_a_row_that_nobody_can_judge_flagged_is_null_with_how_many_there_are_and_why()
    {
        const string Rows = """{"inputs":[{"name":"x","shape":[3,2],"datatype":"FP64","data":[0.5,0.25,null,1,1e9,1e9]}]OUTPUTS}""";
        var answer = Outputs(await Infer("m.detect", Rows.Replace("OUTPUTS", "")));
        Assert.Equal("[false,null,true]", answer[4].GetProperty("data").GetRawText());
        Assert.Equal(JsonValueKind.Null, answer[3].GetProperty("data")[1].ValueKind);
        Assert.Equal("""{"unknown_count":1,"unknown_reason":"The row has no score: a value is missing or not finite."}""", answer[4].GetProperty("parameters").GetRawText());

        using var bytes = await Post("m.detect", Rows.Replace("OUTPUTS", ""","outputs":[{"name":"flagged","parameters":{"binary_data":true}}]"""));
        var body = await bytes.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal([0, 0, 1], body[^3..]);
        Assert.Contains("""{"binary_data_size":3,"unknown_count":1,""", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    private static string Number(string name, double value) => FormattableString.Invariant($$"""{"name":"{{name}}","shape":[1],"datatype":"FP64","data":[{{value:R}}]}""");

    private static string Body(double[] rows, string more = "", params string[] inputs) =>
        $$"""{"inputs":[{"name":"x","shape":[{{rows.Length / 2}},2],"datatype":"FP64","data":[{{string.Join(',', rows.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}}]}{{string.Concat(inputs.Select(input => $",{input}"))}}]{{more}}""" + "}";

    private static JsonElement[] Outputs(JsonElement answer) => [.. answer.GetProperty("outputs").EnumerateArray()];

    private static float[] Singles(JsonElement answer, int output) => [.. Outputs(answer)[output].GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];

    private static IEnumerable<bool> Flags(JsonElement answer) => Outputs(answer)[4].GetProperty("data").EnumerateArray().Select(flag => flag.GetBoolean());

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

    private static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.Clone();
    }
}

/// <summary>A silo that serves <c>m</c>, <c>normal</c> and <c>given</c>, each with a reference, and <c>old</c> without.</summary>
public sealed class DetectingSilo : OneSilo
{
    private static readonly StoredModel Model = StoredModels.Some("m");

    public DetectingSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName)
    {
    }

    private DetectingSilo(string root) : base([], root)
    {
        var (_, scores, norms) = Scored(500, seed: 3);
        Reference = new Reference(scores, norms);
        foreach (var model in new[] { Model, StoredModels.Gaussian("normal"), StoredModels.Some("given", context: 1) }) StoredModels.In(root).Publish(model with { Reference = Reference }, []);
        StoredModels.In(root).Publish(StoredModels.Gaussian("old"), []);
    }

    internal Reference Reference { get; }

    /// <summary>Rows, and their log-densities and latent norms by <c>m</c>, computed here.</summary>
    internal (double[] Rows, float[] Scores, float[] Norms) Scored(int count, long seed = 2)
    {
        var (rows, scores, latent) = (TestFlows.Rows(Model.Flow, count, seed: seed), new float[count], new float[2 * count]);
        using var engine = FlowEngines.Create(Model.Flow);
        Model.Weights.CopyTo(engine.Parameters);
        engine.LogDensity(rows, scores, latent);
        return (rows, scores, [.. MemoryMarshal.Cast<float, (float A, float B)>(latent).ToArray().Select(z => (float)((double)z.A * z.A + (double)z.B * z.B))]);
    }
}
