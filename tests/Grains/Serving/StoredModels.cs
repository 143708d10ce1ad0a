using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Models that no run had to train.</summary>
internal static class StoredModels
{
    internal static ModelStore In(string home) => new(Options.Create(new StorageOptions { Root = home }), TimeProvider.System);

    /// <summary>A flow with weights away from the identity.</summary>
    internal static StoredModel Some(string name, int version = 1, int context = 0) =>
        Of(name, version, TestFlows.Spec("nsf", 2, context), TestFlows.Weights(TestFlows.Spec("nsf", 2, context)));

    /// <summary>A flow with the weights given.</summary>
    internal static StoredModel With(string name, int version, float[] weights) => Of(name, version, TestFlows.Spec("nsf", 2), weights);

    /// <summary>Independent normals, exactly: a flow with its initial weights.</summary>
    internal static StoredModel Gaussian(string name)
    {
        var spec = TestFlows.Spec("nice", 2);
        return Of(name, 1, spec, TestFlows.Weights(spec, spread: 0));
    }

    internal static GoldenRows Golden(FlowSpec spec, float[] weights)
    {
        using var engine = FlowEngines.Create(spec);
        weights.CopyTo(engine.Parameters);
        return GoldenRows.Of(engine);
    }

    internal static StoredModel Of(string name, int version, FlowSpec spec, float[] weights)
    {
        var scaling = spec.Standardize();
        var (d, c) = (spec.Columns.Length, spec.Context.Length);
        double[] mean = [.. spec.ContextScaling?.Shift ?? [], .. scaling.Shift];
        double[] deviation = [.. spec.ContextScaling?.Scale ?? [], .. scaling.Scale];
        return new StoredModel(name, version, spec, new RunRecord
        {
            Format = RunRecord.CurrentFormat,
            Result = new RunResult(name, name, version, 100, d, weights.Length, 10, 1, 2, 2, 3, 1000, 1, ModelStore.Sha256(weights), "test", ""),
            Plan = new TrainingPlan { Data = new("data.csv", spec.Columns, spec.Context, default) },
            SpecHash = spec.Hash(),
            DataRoot = "root",
            TrainRows = 80,
            ValidationRows = 10,
            TestRows = 10,
            RoundTripError = 1e-6,
            BestStep = 10,
            GaussianMean = [.. mean],
            GaussianCovariance = [.. Enumerable.Range(0, (d + c) * (d + c)).Select(i => i / (d + c) == i % (d + c) ? deviation[i % (d + c)] * deviation[i % (d + c)] : 0)],
            Ranges = [.. Enumerable.Repeat(new ColumnRange(-1, 1), d)],
            Losses = ImmutableArray.Create(new LossPoint(1, 2, null)),
        }, weights) { Golden = Golden(spec, weights) };
    }
}
