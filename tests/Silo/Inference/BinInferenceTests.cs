using System.Net.Http.Json;
using System.Text.Json;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Estimates of log P(bin) by the Open Inference Protocol.</summary>
public sealed class BinInferenceTests(RegistrySilo silo) : IClassFixture<RegistrySilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_estimate_has_a_name_of_its_own_and_one_draw_is_the_usual_density()
    {
        var model = silo.PublishWhole("whole");
        var described = await silo.Http.GetFromJsonAsync<JsonElement>(new Uri(silo.Url, $"/v2/models/{model}"), Cancellation);
        Assert.Equal(["log_prob", "z", "log_prob_bin_estimate"], described.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        var (name, one) = Only(await Infer(model, """{"dequantise_draws":1}"""));
        Assert.Equal("log_prob_bin_estimate", name);
        var (usual, density) = Only(await Infer(model, "{}"));
        Assert.Equal("log_prob", usual);
        Assert.Equal(density[0], one[0], 1e-5); // the steps are 1
        var (_, many) = Only(await Infer(model, """{"dequantise_draws":200}"""));
        Assert.NotEqual(density[0], many[0]);
        Assert.Equal(many[0], many[1]); // equal rows
    }

    [Theory]
    [InlineData("""{"dequantise_draws":0}""", "", "dequantise_draws is 0; it must be from 1 to 1024.")]
    [InlineData("""{"dequantise_draws":"many"}""", "", "dequantise_draws is not a whole number")]
    [InlineData("""{"dequantise_draws":8}""", ""","outputs":[{"name":"z"}]""", "With dequantise_draws the output is 'log_prob_bin_estimate'")]
    [InlineData("{}", ""","outputs":[{"name":"log_prob_bin_estimate"}]""", "'log_prob_bin_estimate' needs to know from how many draws")]
    public async Task What_makes_no_estimate_is_refused(string parameters, string outputs, string sentence)
    {
        var answer = await Infer(silo.PublishWhole("refusing"), parameters, outputs);
        Assert.Contains(sentence, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_numbers_has_no_bins() =>
        Assert.Contains("'numbers' has none", (await Infer(silo.Publish("numbers", versions: 1), """{"dequantise_draws":8}""")).GetProperty("error").GetString(), StringComparison.Ordinal);

    private static (string? Name, double[] Values) Only(JsonElement answer)
    {
        var output = Assert.Single(answer.GetProperty("outputs").EnumerateArray());
        return (output.GetProperty("name").GetString(), [.. output.GetProperty("data").EnumerateArray().Select(value => value.GetDouble())]);
    }

    private async Task<JsonElement> Infer(string model, string parameters, string outputs = "")
    {
        var body = $$"""{"parameters":{{parameters}},"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[0,1,0,1]}]{{outputs}}}""";
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await silo.Http.PostAsync(new Uri(silo.Url, $"/v2/models/{model}/infer"), content, Cancellation);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
