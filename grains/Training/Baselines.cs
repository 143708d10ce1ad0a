using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>Measures a finished model and the classical densities on the rows that the run kept apart.</summary>
internal sealed class Baselines(ModelStore models, RecordedData data)
{
    private const int MostKdeColumns = 3; // beyond, a kernel estimate says nothing
    private const int MostKdeRows = 100_000; // pairs of rows grow with the square

    /// <summary>The report of a finished run.</summary>
    /// <exception cref="BadInputException">The run kept no test rows, or its data set is gone.</exception>
    internal async Task<TestReport> Report(IGrainFactory grains, RunResult result, CancellationToken cancellation)
    {
        var (flow, record) = models.Describe(result.Model, result.Version);
        if (record.TestNll is not { } nll) throw new BadInputException($"Run '{result.Run}' kept no test rows, so there is nothing to test.");
        var (rows, use) = await data.Find(grains, $"{result.Model}@{result.Version}", record, cancellation);
        using var kept = use;
        return await DedicatedThread.Once("flowgrain-test", () => Measure(flow, record, rows, nll, cancellation));
    }

    private static TestReport Measure(FlowSpec flow, RunRecord record, TrainingData data, double nll, CancellationToken cancellation)
    {
        var gaussian = GaussianOf(record, PartialGaussian.ContextOf(flow));
        var rows = new FlowRows(data, flow.TableOrNumbers(), flow.Seed);
        var (kde, bandwidth) = flow.Missing is null && !data.Dataset.IsWeighted ? Kde(rows, data.Split, gaussian, cancellation) : (null, null);
        return new TestReport(data.Split.TestRows, nll, new GaussianNll(gaussian, flow).Of(rows, data.Split, RowSide.Test), kde, bandwidth);
    }

    /// <summary>The Gaussian that a record keeps.</summary>
    internal static Gaussian GaussianOf(RunRecord record, int context)
    {
        var n = record.GaussianMean.Length;
        var covariance = new double[n, n];
        for (var i = 0; i < n * n; i++) covariance[i / n, i % n] = record.GaussianCovariance[i];
        return new Gaussian([.. record.GaussianMean], covariance, context);
    }

    private static (double? Nll, double? Bandwidth) Kde(FlowRows rows, Split split, Gaussian gaussian, CancellationToken cancellation)
    {
        if (gaussian.Context > 0 || rows.Width > MostKdeColumns || split.TrainRows > MostKdeRows || split.ValidationRows == 0) return (null, null);
        var density = new KernelDensity(gaussian, Rows(rows, RowSide.Train, split.TrainRows));
        var bandwidth = density.BestBandwidth(Rows(rows, RowSide.Validation, split.ValidationRows), cancellation);
        return (-density.MeanLogDensity(Rows(rows, RowSide.Test, split.TestRows), bandwidth, cancellation), bandwidth);
    }

    private static double[] Rows(FlowRows data, RowSide side, long count)
    {
        var rows = new double[count * data.Width];
        data.Gather(side, 0, (int)count, rows);
        return rows;
    }
}
