using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Presets;
using FlowGrain.Flows.Transforms;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>What a run needs to know before its first round; a pure function of plan and data.</summary>
/// <param name="Flow">The flow, standardisation and sizes fitted.</param>
/// <param name="Settings">The plan's settings, resolved.</param>
/// <param name="Rows">Where the rows come from.</param>
/// <param name="Data">The rows.</param>
/// <param name="Gaussian">The Gaussian of the training rows.</param>
/// <param name="Ranges">0.1% and 99.9% quantiles of every modelled column.</param>
internal sealed record PreparedRun(
    FlowSpec Flow,
    RunSettings Settings,
    TrainingRows Rows,
    TrainingData Data,
    Gaussian Gaussian,
    ImmutableArray<ColumnRange> Ranges)
{
    /// <summary>Rows of the data set.</summary>
    internal long TotalRows => Data.Dataset.Rows;
}

/// <summary>Fits what has to be fitted once, and builds the flow.</summary>
internal sealed class Preparation(TrainingDataSource source, DeviceSlots slots, ILogger<Preparation> logger)
{
    private const int SampleRows = 100_000; // quantiles need no more
    private const int ChunkRows = 4096;
    private const double LeastTailBound = 3; // the neural spline flow's own

    /// <summary>Prepares a run on an imported data set. Reads all of it: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The data leave too few rows, or the flow does not fit into memory.</exception>
    internal PreparedRun Prepare(TrainingPlan plan, RunSettings settings, string dataset, CancellationToken cancellation)
    {
        var rows = new TrainingRows(dataset, plan.Seed, plan.ValidationFraction, plan.TestFraction);
        var data = source.Get(rows);
        PlanRules.RequireRows(plan, data.Split.TrainRows, data.Split.ValidationRows);
        var moments = Measure(data, cancellation);
        RequireDensity(plan, data.Dataset.Manifest, moments);
        var gaussian = moments.Gaussian(data.Dataset.Manifest.ContextDimension);
        var sample = Sample(data);
        var scaling = Scaling(data.Dataset.Manifest, gaussian);
        var flow = Flow(plan, settings, data.Dataset.Manifest, scaling, sample);
        TrainingMemory.Require(flow, slots.Count, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (GaussianFlow.Is(flow)) logger.OnlyGaussian(flow.Preset, flow.Columns[0]);
        return new PreparedRun(flow, settings, rows, data, gaussian, Ranges(sample, data));
    }

    /// <summary>Mean and covariance of the training rows, which decide the standardisation, the Gaussian and whether there is a density at all.</summary>
    private static Moments Measure(TrainingData data, CancellationToken cancellation)
    {
        var moments = new Moments(data.Dataset.Width);
        var chunk = new double[ChunkRows * data.Dataset.Width];
        for (long first = 0; first < data.Split.TrainRows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(ChunkRows, data.Split.TrainRows - first);
            data.Split.Gather(RowSide.Train, first, count, chunk);
            moments.Add(chunk.AsSpan(0, count * data.Dataset.Width));
        }

        return moments;
    }

    private static void RequireDensity(TrainingPlan plan, Manifest manifest, Moments moments)
    {
        var degeneracy = new Degeneracy(
            moments, [.. manifest.Columns.Select(column => column.Name)], manifest.Dimension, Path.GetFileName(plan.Data.Path), $" among its {moments.Count} training rows");
        if (degeneracy.Faults().FirstOrDefault() is { } fault) throw new BadInputException(fault);
    }

    /// <summary>The columns of some training rows, each sorted.</summary>
    private static double[][] Sample(TrainingData data)
    {
        var (count, width) = ((int)Math.Min(SampleRows, data.Order.Rows), data.Dataset.Width);
        var rows = new double[count * width];
        data.Order.Gather(epoch: 0, position: 0, count, rows);
        return [.. Enumerable.Range(0, width).Select(column =>
        {
            var values = new double[count];
            for (var row = 0; row < count; row++) values[row] = rows[row * width + column];
            Array.Sort(values);
            return values;
        })];
    }

    /// <summary>Mean and deviation of every column over the training rows; see docs/decisions/standardise.md for why not median and quartiles.</summary>
    private static StandardizeSpec Scaling(Manifest manifest, Gaussian gaussian)
    {
        var (d, c) = (manifest.Dimension, manifest.ContextDimension);
        int[] order = [.. Enumerable.Range(c, d), .. Enumerable.Range(0, c)]; // the Gaussian has the context first
        return new StandardizeSpec([.. order.Select(i => gaussian.Mean[i])], [.. order.Select(i => Math.Sqrt(gaussian.Covariance[i, i]))]);
    }

    private static FlowSpec Flow(TrainingPlan plan, RunSettings settings, Manifest manifest, StandardizeSpec scaling, double[][] sample)
    {
        var (d, c) = (manifest.Dimension, manifest.ContextDimension);
        var sizes = settings.Sizes.TryGetValue("tail_bound", out var bound) && double.IsNaN(bound)
            ? settings.Sizes.SetItem("tail_bound", TailBound(scaling, sample[..d]))
            : settings.Sizes;
        var names = manifest.Columns.Select(column => column.Name).ToImmutableArray();
        return new FlowSpec
        {
            Preset = settings.Preset.Name,
            Columns = names[..d],
            Context = names[d..],
            ContextScaling = c == 0 ? null : new StandardizeSpec(scaling.Shift[d..], scaling.Scale[d..]),
            Transforms = [new StandardizeSpec(scaling.Shift[..d], scaling.Scale[..d]), .. settings.Preset.Build(new PresetRequest(new FlowShape(d, c), sizes, plan.Seed))],
            Seed = plan.Seed,
        }.Validated();
    }

    /// <summary>The 99.9% quantile of |z|, of the column where it is largest.</summary>
    private static double TailBound(StandardizeSpec scaling, double[][] sample)
    {
        var bound = LeastTailBound;
        for (var column = 0; column < sample.Length; column++)
        {
            var sizes = sample[column].Select(value => Math.Abs(value - scaling.Shift[column]) / scaling.Scale[column]).Order().ToArray();
            bound = Math.Max(bound, Quantile(sizes, 0.999));
        }

        return Math.Ceiling(bound * 100) / 100; // a round number in flow.json
    }

    private static ImmutableArray<ColumnRange> Ranges(double[][] sample, TrainingData data) =>
        [.. sample.Take(data.Dataset.Manifest.Dimension).Select(sorted => new ColumnRange(Quantile(sorted, 0.001), Quantile(sorted, 0.999)))];

    private static double Quantile(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
}
