using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Presets;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>Small flows of every preset, with weights far from the identity.</summary>
internal static class TestFlows
{
    /// <summary>What every law is tried on: the presets, and those with a size that adds a part to the flow.</summary>
    internal static IEnumerable<string> Kinds => [.. Preset.All.Select(preset => preset.Name), "cnf likelihood=1", "nsf octaves=4", "nsf mapped=1", "nsf angles=1", "nsf-ar angles=1", "maf missing=1", "nsf-ar missing=1", "naf missing=1"];

    internal static FlowSpec Spec(string kind, int dimension, int context = 0, params (string Name, double Value)[] sizes)
    {
        var words = kind.Split(' ');
        var preset = Preset.Named(words[0]);
        sizes = [.. sizes, .. words.Skip(1).Select(word => word.Split('=')).Select(pair => (pair[0], double.Parse(pair[1], CultureInfo.InvariantCulture)))];
        var small = preset.Sizes.ToImmutableDictionary(size => size.Name, size => size.Name switch
        {
            "transforms" => 2,
            "hidden" => 8,
            "blocks" => 1,
            "tolerance" => 1e-11,
            "tail_bound" => 3,
            _ => size.Default,
        });
        var maps = sizes.Any(size => size.Name == "mapped") ? new MarginalSpec([.. Enumerable.Range(0, dimension).Select(Map)])
            : sizes.Any(size => size.Name == "angles") ? new MarginalSpec([.. Enumerable.Range(0, dimension).Select(Turn)]) : null;
        ImmutableArray<int>? missing = sizes.Any(size => size.Name == "missing") ? [.. new[] { 0, dimension - 1 }.Distinct()] : null;
        var flags = missing?.Length ?? 0;
        var given = context + flags;
        small = small.SetItems(sizes.Select(size => KeyValuePair.Create(size.Name, size.Value)));
        var request = new PresetRequest(new FlowShape(dimension, given, missing is null ? null : new MissingColumns(missing.Value, given), maps?.Circles), small, Seed: 7);
        return new FlowSpec
        {
            Preset = preset.Name,
            Columns = [.. Enumerable.Range(0, dimension).Select(column => $"x{column}")],
            Context = [.. Enumerable.Range(0, given).Select(column => $"c{column}")],
            ContextScaling = given == 0 ? null : new StandardizeSpec([.. Scaling(context, 0.5).Shift, .. Enumerable.Repeat(0.0, flags)], [.. Scaling(context, 0.5).Scale, .. Enumerable.Repeat(1.0, flags)]),
            Missing = missing,
            Transforms = [.. maps is null ? (TransformSpec[])[Scaling(dimension, 3)] : [maps, StandardMaps(maps)], .. preset.Build(request)],
            Seed = 7,
            Objective = preset.Objective?.Invoke(request),
        };
    }

    /// <summary>Weights that a float holds exactly, so that both precisions compute the same flow.</summary>
    internal static float[] Weights(FlowSpec spec, double spread = 0.1, long seed = 1)
    {
        var random = new CounterRandom(seed, "perturbation");
        var layout = spec.Layout();
        float[] weights = [.. layout.Initialize(spec.Seed).Select((value, i) => (float)(value + spread * random.Normal(i)))];
        layout.ApplyMasks(weights.AsSpan());
        return weights;
    }

    /// <summary>The flow in float64.</summary>
    internal static Flow Exact(FlowSpec spec, ReadOnlySpan<float> weights)
    {
        var flow = Flow.Build(spec, ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        flow.Parameters.Values.copy_(tensor(weights.ToArray()).to_type(ScalarType.Float64));
        return flow;
    }

    /// <summary>The log-densities of rows <c>[B, D + C]</c> in float64.</summary>
    internal static double[] ExactLogDensities(FlowSpec spec, ReadOnlySpan<float> weights, double[] rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Exact(spec, weights);
        var (x, c) = Split(spec, rows);
        return flow.LogProb(x, c).data<double>().ToArray();
    }

    /// <summary>Rows <c>[B, D + C]</c> about where the flow's data would be.</summary>
    internal static double[] Rows(FlowSpec spec, int rows, double spread = 1.5, long seed = 2)
    {
        var random = new CounterRandom(seed, "rows");
        var width = spec.Columns.Length + spec.Context.Length;
        return [.. Enumerable.Range(0, rows * width).Select(i => At(spec, i % width, spread * random.Normal(i)))];

        static double At(FlowSpec spec, int column, double deviations) => column < spec.Columns.Length
            ? FromDeviations(spec, column, deviations)
            : column >= spec.Columns.Length + spec.Context.Length - (spec.Missing?.Length ?? 0) ? deviations > -0.5 ? 1 : 0 // most of them are there
            : spec.ContextScaling!.Shift[column - spec.Columns.Length] + deviations * spec.ContextScaling.Scale[column - spec.Columns.Length];
    }

    /// <summary>The value of a modelled column that stands so many deviations from its mean.</summary>
    internal static double FromDeviations(FlowSpec spec, int column, double deviations)
    {
        var y = spec.Standardize().Shift[column] + deviations * spec.Standardize().Scale[column];
        return spec.Marginal() is { } marginal ? marginal.Maps[column].Generate(y) : y;
    }

    internal static (Tensor X, Tensor? Context) Split(FlowSpec spec, double[] rows)
    {
        var (d, c) = (spec.Columns.Length, spec.Context.Length);
        var all = tensor(rows, rows.Length / (d + c), d + c);
        return c == 0 ? (all, null) : (all.narrow(1, 0, d), all.narrow(1, d, c));
    }

    /// <summary>Every map in turn, of moderate size.</summary>
    private static MarginalMap Map(int column) => (column % 3) switch
    {
        0 => new LogitMap(-2, 5 + column),
        1 => new ArcsinhMap(10 * column, 3),
        _ => new IdentityMap(),
    };

    /// <summary>Every third column an angle, the first one too.</summary>
    private static MarginalMap Turn(int column) => column % 3 == 0 ? new CircleMap(24 + column, -column) : new IdentityMap();

    private static StandardizeSpec StandardMaps(MarginalSpec maps) => new([.. maps.Maps.Select(map => map is CircleMap ? 0 : 0.1)], [.. maps.Maps.Select(map => map is CircleMap ? 1 : 1.2)]);

    private static StandardizeSpec Scaling(int columns, double scale) =>
        new([.. Enumerable.Range(0, columns).Select(column => 10.0 * column - 5)], [.. Enumerable.Range(0, columns).Select(column => scale * (column + 1))]);
}
