using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>What a run needs to know before its first round; a pure function of plan and data.</summary>
/// <param name="Flow">The flow, standardisation and sizes fitted.</param>
/// <param name="Settings">The plan's settings, resolved.</param>
/// <param name="Rows">Where the rows come from.</param>
/// <param name="Data">The rows.</param>
/// <param name="Gaussian">The Gaussian of the training rows.</param>
/// <param name="From">The model whose weights it begins with; null for fresh ones.</param>
/// <param name="Ranges">0.1% and 99.9% quantiles of every modelled column; the whole turn of an angle.</param>
internal sealed record PreparedRun(
    FlowSpec Flow,
    RunSettings Settings,
    TrainingRows Rows,
    TrainingData Data,
    Gaussian Gaussian,
    ModelOrigin? From,
    ImmutableArray<ColumnRange> Ranges)
{
    /// <summary>The rows as the flow takes them; a reader for one thread.</summary>
    internal FlowRows FlowRows() => new(Data, Flow.TableOrNumbers(), Flow.Seed);
}

/// <summary>Fits what has to be fitted once, and builds the flow.</summary>
internal sealed class Preparation(TrainingDataSource source, DeviceSlots slots, ILogger<Preparation> logger)
{
    private const int SampleRows = 100_000; // quantiles need no more
    private const int StartRows = 4_096; // go through the whole flow at once, and are enough for means and deviations

    /// <summary>Prepares a run on an imported data set. Reads all of it: call it on a thread of its own.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="settings">Its settings, resolved.</param>
    /// <param name="beginning">The model that it begins with, whose flow it then trains; null for fresh weights.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BadInputException">The data leave too few rows, or are not what the model learned, or the flow does not fit into memory.</exception>
    internal PreparedRun Prepare(TrainingPlan plan, RunSettings settings, Beginning? beginning, string dataset, CancellationToken cancellation)
    {
        var rows = TrainingRows.Of(dataset, plan);
        var data = source.Get(rows);
        PlanRules.RequireRows(plan, data.Split.TrainRows, data.Split.ValidationRows);
        var (fit, file) = (new TableFit(data, plan.Data), Path.GetFileName(plan.Data.Path));
        var gaps = Gaps.Of(data.Split, file);
        var (table, marginal) = (fit.Table(gaps), fit.Marginal(file));
        if (beginning is not null)
        {
            new InheritedTable(beginning, file).Require(table, marginal, gaps);
            (table, marginal) = (beginning.Flow.TableOrNumbers(), beginning.Flow.Marginal());
        }

        var flowRows = new FlowRows(data, table, plan.Seed);
        var fitting = new FlowFitting(plan, settings, table, marginal);
        fitting.Measure(flowRows, data.Split, cancellation);
        var sample = Sample(flowRows, data);
        var fitted = beginning is null ? fitting.Flow(sample) : beginning.Flow with { Seed = plan.Seed };
        TrainingMemory.Require(fitted, slots.Count, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var flow = beginning is null ? DataDependentStart.Of(fitted, Shuffled(flowRows, data, StartRows)) : fitted;
        if (GaussianFlow.Is(flow)) logger.OnlyGaussian(flow.Preset, flow.Columns[0]);
        return new PreparedRun(flow, settings, rows, data, fitting.Gaussian, beginning?.Origin, Ranges(sample, flow));
    }

    /// <summary>The columns of some training rows, each sorted.</summary>
    private static double[][] Sample(FlowRows flowRows, TrainingData data)
    {
        var (rows, width) = (Shuffled(flowRows, data, SampleRows), flowRows.Width);
        var count = rows.Length / width;
        return [.. Enumerable.Range(0, width).Select(column =>
        {
            var values = new double[count];
            for (var row = 0; row < count; row++) values[row] = rows[row * width + column];
            Array.Sort(values);
            return values;
        })];
    }

    /// <summary>Some training rows, as many at most.</summary>
    private static double[] Shuffled(FlowRows flowRows, TrainingData data, int most)
    {
        var count = (int)Math.Min(most, data.Order.Rows);
        var rows = new double[count * flowRows.Width];
        flowRows.GatherShuffled(first: 0, count, rows);
        return rows;
    }

    /// <summary>What a picture shows of each column: nearly all of its rows, and of an angle the whole turn.</summary>
    private static ImmutableArray<ColumnRange> Ranges(double[][] sample, FlowSpec flow) =>
        [.. sample.Take(flow.Columns.Length).Select((sorted, column) => flow.Marginal()?.Maps[column] is CircleMap circle
            ? new ColumnRange(circle.From, circle.From + circle.Period)
            : new ColumnRange(FlowFitting.Quantile(sorted, 0.001), FlowFitting.Quantile(sorted, 0.999)))];
}
