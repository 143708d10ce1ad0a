using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Presets;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Training;

/// <summary>Fits to the training rows what of a flow is fixed before its first round: standardisation, tail bound, the density of categories; and the Gaussian beside it.</summary>
internal sealed class FlowFitting(TrainingPlan plan, RunSettings settings, TableSpec table, MarginalSpec? marginal)
{
    private const int ChunkRows = 4096;
    private const double LeastTailBound = 3; // the neural spline flow's own

    private readonly int _d = table.FlowColumns.Length;
    private readonly int _c = table.FlowContext.Length;
    private readonly ImmutableArray<bool> _indicators = table.Indicators;
    private readonly CategoryCounts _categories = new(table);
    private readonly MissingFit? _missing = table.Missing is null ? null : new(table);
    private Moments _mapped = new(0); // of the modelled numbers once they are mapped

    /// <summary>The Gaussian of the training rows, in the units of the data.</summary>
    internal Gaussian Gaussian { get; private set; } = null!;

    /// <summary>Reads all training rows.</summary>
    /// <exception cref="BadInputException">No density could come of them.</exception>
    internal void Measure(FlowRows rows, Split split, CancellationToken cancellation)
    {
        var moments = new Moments(rows.Width);
        _mapped = new Moments(_d);
        var (chunk, mapped) = (new double[ChunkRows * rows.Width], new double[ChunkRows * _d]);
        for (long first = 0; first < split.TrainRows; first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(ChunkRows, split.TrainRows - first);
            rows.Gather(RowSide.Train, first, count, chunk);
            var weights = rows.Weights(RowSide.Train, first, count);
            moments.Add(chunk.AsSpan(0, count * rows.Width), weights);
            _categories.Add(chunk.AsSpan(0, count * rows.Width), weights);
            if (_missing is not null) _missing.Add(chunk.AsSpan(0, count * rows.Width), weights, Map(chunk, mapped.AsSpan(0, count * _d), rows.Width));
            else if (marginal is not null) _mapped.Add(Map(chunk, mapped.AsSpan(0, count * _d), rows.Width), weights);
        }

        Context = moments.Of([.. Enumerable.Range(_d, _c)]);
        if (_missing is not null) _mapped = _missing.Mapped;
        else if (marginal is null) _mapped = moments.Of([.. Enumerable.Range(0, _d)]);
        if (_missing is not null) RequireDensity(_missing.Columns(Context), Enumerable.Range(0, _d));
        RequireDensity(moments, Enumerable.Range(0, _d).Except(table.Missing ?? [])); // the others are filled
        Gaussian = _missing is null ? moments.Gaussian(_c, IndicatorVariance(moments)) : _missing.Gaussian(cancellation);
    }

    private Moments Context { get; set; } = new(0);

    /// <summary>The flow.</summary>
    /// <param name="sample">The columns of some training rows, each sorted.</param>
    internal FlowSpec Flow(double[][] sample)
    {
        var scaling = WithoutAngles(Scaling(_mapped));
        var sizes = settings.Sizes.TryGetValue("tail_bound", out var bound) && double.IsNaN(bound)
            ? settings.Sizes.SetItem("tail_bound", TailBound(scaling, sample))
            : settings.Sizes;
        var request = new PresetRequest(Shape, sizes, plan.Seed);
        var flow = new FlowSpec
        {
            Preset = settings.Preset.Name,
            Columns = table.FlowColumns,
            Context = table.FlowContext,
            ContextScaling = _c == 0 ? null : ContextScaling(),
            Table = table.IsPlain ? null : table,
            Missing = table.Missing,
            Categories = _categories.Spec(),
            Transforms = [.. marginal is null ? (ImmutableArray<TransformSpec>)[scaling] : [marginal, scaling], .. Dequantised(scaling, sample), .. settings.Preset.Build(request)],
            Base = settings.Preset.Base,
            Embedding = settings.Preset.Embedding,
            Seed = plan.Seed,
            Objective = settings.Preset.Objective?.Invoke(request),
        };
        return plan.Design is null ? flow.Validated() : Designed(flow);
    }

    private IEnumerable<TransformSpec> Dequantised(StandardizeSpec scaling, double[][] sample)
    {
        var bins = (int)settings.Optimizer["dequantise"];
        return bins == 0 ? [] : [Dequantisation.Layer(bins, table, marginal, scaling, sample)];
    }

    /// <exception cref="BadInputException">The design does not fit the columns.</exception>
    private FlowSpec Designed(FlowSpec flow)
    {
        try
        {
            return flow.Validated();
        }
        catch (ArgumentException error)
        {
            throw new BadInputException($"The design of --spec does not fit the {_d} columns and {_c} context columns of the data: {error.Message}");
        }
    }

    /// <summary>The value below which a share of sorted values lies.</summary>
    internal static double Quantile(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];

    private FlowShape Shape => new(_d, _c, table.Missing is { } missing ? new MissingColumns(missing, _c) : null, marginal?.Circles);

    private Span<double> Map(ReadOnlySpan<double> rows, Span<double> mapped, int width)
    {
        for (var i = 0; i < mapped.Length; i++) mapped[i] = Mapped(i % _d, rows[i / _d * width + i % _d]);
        return mapped;
    }

    /// <summary>Of numbers alone: indicators of categories depend on one another as they like.</summary>
    private void RequireDensity(Moments moments, IEnumerable<int> modelled)
    {
        string[] names = [.. table.FlowColumns, .. table.FlowContext];
        int[] numbers = [.. modelled, .. Enumerable.Range(_d, _c).Where(column => !_indicators[column - _d])];
        var degeneracy = new Degeneracy(
            moments.Of(numbers), [.. numbers.Select(column => names[column])], numbers.Count(column => column < _d), Path.GetFileName(plan.Data.Path), $" among its {moments.Count} training rows");
        if (degeneracy.Faults().FirstOrDefault() is { } fault) throw new BadInputException(fault);
    }

    /// <summary>What is added to the variance of each context column so that a regression on it exists: of indicators that of one row more, of numbers nothing.</summary>
    private double[] IndicatorVariance(Moments moments) =>
        [.. Enumerable.Range(0, _c).Select(column => _indicators[column] ? 1.0 / moments.Weight : 0)];

    /// <summary>Mean and deviation; see docs/decisions/standardise.md for why not median and quartiles.</summary>
    private static StandardizeSpec Scaling(Moments moments) =>
        new([.. moments.Mean], [.. Enumerable.Range(0, moments.Width).Select(moments.Deviation)]);

    /// <summary>Angles stay on their circles.</summary>
    private StandardizeSpec WithoutAngles(StandardizeSpec scaling) => marginal?.Circles is not { } circles ? scaling : new(
        [.. scaling.Shift.Select((shift, column) => circles.Columns.Contains(column) ? 0 : shift)], [.. scaling.Scale.Select((scale, column) => circles.Columns.Contains(column) ? 1 : scale)]);

    /// <summary>Indicators stay 0 and 1: a rare one would be a huge number otherwise.</summary>
    private StandardizeSpec ContextScaling()
    {
        var scaling = Scaling(Context);
        return new StandardizeSpec(
            [.. scaling.Shift.Select((shift, column) => _indicators[column] ? 0 : shift)], [.. scaling.Scale.Select((scale, column) => _indicators[column] ? 1 : scale)]);
    }

    /// <summary>The 99.9% quantile of |z|, of the column where it is largest and that is no angle.</summary>
    private double TailBound(StandardizeSpec scaling, double[][] sample)
    {
        var bound = LeastTailBound;
        foreach (var column in Enumerable.Range(0, _d).Except(marginal?.Circles?.Columns ?? []))
        {
            var sizes = sample[column].Select(value => Math.Abs(Mapped(column, value) - scaling.Shift[column]) / scaling.Scale[column]).Order().ToArray();
            bound = Math.Max(bound, Quantile(sizes, 0.999));
        }

        return Math.Ceiling(bound * 100) / 100; // a round number in flow.json
    }

    private double Mapped(int column, double value) => marginal is null ? value : marginal.Maps[column].Normalize(value, out _);
}
