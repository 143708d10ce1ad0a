using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>
/// Models as earlier versions of the program have published them, each with the exact log-densities of some rows, computed in
/// float64. Never edit them: models on disk look like this, and must go on meaning the same.
/// </summary>
public sealed class OldModels
{
    private static readonly string Home = Path.Combine(Repository.Root, "tests", "Grains", "Serving", "format-1");
    private static readonly ModelStore Store = StoredModels.In(Home);

    public static TheoryData<string> Names => ["maf", "nsf"]; // autoregressive, in local rounds; coupling, with a context

    [Theory, MemberData(nameof(Names))]
    public void A_model_of_format_1_is_whole_and_says_what_it_said(string name)
    {
        Assert.True(Store.IsIntact(name, 1));
        var (flow, record) = Store.Describe(name, 1);
        Assert.Equal((name, 40L, 1), (flow.Preset, record.Result.Steps, record.Format));
        Assert.Equal(40, record.LossesBySteps[^1].Step);
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_log_densities_are_those_that_were_recorded(string name)
    {
        var (model, rows) = (Store.Load(name, 1), Tables.Read(Path.Combine(Home, $"{name}.csv")));
        double[] values = [.. rows.SelectMany(row => row[..^1])], recorded = [.. rows.Select(row => row[^1])];
        Assert.All(recorded.Zip(TestFlows.ExactLogDensities(model.Flow, model.Weights, values)), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Max(1, Math.Abs(pair.First))));

        using var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        var scores = new float[rows.Length];
        engine.LogDensity(values, scores, []);
        Assert.All(recorded.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
    }
}
