using System.Diagnostics;
using System.Text.Json;
using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.Presets;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Bench;

/// <summary>Rows a second of the engine on one core, beside what the core's matrix products allow.</summary>
internal static class EngineSpeed
{
    internal static readonly Dictionary<string, Func<FlowSpec>> Configs = new()
    {
        ["realnvp-6"] = () => Couplings(6, 8, new AffineSpec()),
        ["maf-6"] = () => Autoregressive(6, new AffineSpec()),
        ["nsf-c-6"] = () => Couplings(6, 5, new RationalQuadraticSpec(8, 3)),
        ["nsf-ar-6"] = () => Autoregressive(6, new RationalQuadraticSpec(8, 3)),
        ["realnvp-43"] = () => Couplings(43, 8, new AffineSpec()),
        ["nsf-c-43"] = () => Couplings(43, 5, new RationalQuadraticSpec(8, 3)),
        ["maf-43"] = () => Autoregressive(43, new AffineSpec()),
        ["nsf-ar-43"] = () => Autoregressive(43, new RationalQuadraticSpec(8, 3)),
        ["nsf-default-6"] = () => Shipped("nsf", 6),
        ["nsf-default-43"] = () => Shipped("nsf", 43),
    };

    /// <summary>Whether it knows these options.</summary>
    internal static bool Takes(string[] options) => options is [] or ["--json"] or ["--config", _] or ["--config", _, "--json"] or ["--json", "--config", _];

    internal static int Run(string[] options)
    {
        var only = options.SkipWhile(option => option != "--config").Skip(1).FirstOrDefault();
        if (only is not null && !Configs.ContainsKey(only))
        {
            Console.Error.WriteLine($"There is no config '{only}'; there are {string.Join(", ", Configs.Keys)}.");
            return 2;
        }

        foreach (var (name, build) in Configs.Where(config => only is null || config.Key == only)) Print(Measure(name, build()), options.Contains("--json"));
        return 0;
    }

    private static EngineFigures Measure(string name, FlowSpec spec)
    {
        using var engine = FlowEngines.Create(spec);
        var loop = new EngineLoop(engine, EngineLoop.TrainRows);
        // Other programs share the machine: short slices of everything in turn, and the best of each.
        var (mkl, train, score, sample) = (0.0, 0.0, 0.0, 0.0);
        for (var slice = 0; slice < 8; slice++)
        {
            mkl = Math.Max(mkl, MatrixSpeed.Mkl());
            train = Math.Max(train, Rate(EngineLoop.TrainRows, loop.Train));
            score = Math.Max(score, Rate(EngineLoop.ScoreRows, loop.Score));
            sample = Math.Max(sample, Rate(EngineLoop.ScoreRows, loop.Sample));
        }

        var flops = 3 * DenseFlops.OneWay(spec);
        return new EngineFigures(name, train, score, sample, engine.Parameters.Length, flops * train / (mkl * 1e9), mkl);
    }

    /// <summary>Rows a second of the fastest call in a slice of a quarter of a second.</summary>
    private static double Rate(int rows, Action call)
    {
        var (started, best) = (Stopwatch.GetTimestamp(), double.MaxValue);
        do
        {
            var before = Stopwatch.GetTimestamp();
            call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < 0.25);

        return rows / best;
    }

    private static void Print(EngineFigures figures, bool json) => Console.WriteLine(json
        ? JsonSerializer.Serialize(figures, JsonSerializerOptions.Web)
        : $"{figures.Config,-15} train {figures.TrainRowsPerSecond,9:F0}  score {figures.ScoreRowsPerSecond,9:F0}  sample {figures.SampleRowsPerSecond,9:F0} rows/s" +
          $"  {figures.Parameters,9} parameters  {figures.LimitShare,6:P0} of the limit at {figures.MklGflops:F0} GFLOP/s");

    /// <summary>Coupling layers over plain nets of two layers of 128 units, halves in turn.</summary>
    private static FlowSpec Couplings(int dimension, int layers, ScalarMapSpec map) => Spec(dimension, Enumerable.Range(0, layers)
        .Select(layer => new CouplingSpec([.. Enumerable.Range(0, dimension).Where(column => column % 2 != layer % 2)], map, new MlpSpec(128, 2))));

    /// <summary>Five autoregressive layers over masked nets of two layers of 128 units, the columns reversed between them.</summary>
    private static FlowSpec Autoregressive(int dimension, ScalarMapSpec map)
    {
        var layer = new AutoregressiveSpec(map, new MlpSpec(128, 2));
        var reversal = new PermuteSpec([.. Enumerable.Range(0, dimension).Reverse()]);
        return Spec(dimension, [layer, reversal, layer, reversal, layer, reversal, layer, reversal, layer]);
    }

    private static FlowSpec Shipped(string name, int dimension)
    {
        var preset = Preset.Named(name);
        var sizes = preset.Sizes.ToDictionary(size => size.Name, size => double.IsNaN(size.Default) ? 3 : size.Default);
        return Spec(dimension, preset.Build(new PresetRequest(new FlowShape(dimension, 0), System.Collections.Immutable.ImmutableDictionary.CreateRange(sizes), Seed: 1)));
    }

    private static FlowSpec Spec(int dimension, IEnumerable<TransformSpec> transforms) => new()
    {
        Preset = "bench",
        Columns = [.. Enumerable.Range(0, dimension).Select(column => $"x{column}")],
        Transforms = [new StandardizeSpec([.. new double[dimension]], [.. Enumerable.Repeat(1.0, dimension)]), .. transforms],
    };
}

/// <summary>One line of the table.</summary>
internal sealed record EngineFigures(
    string Config, double TrainRowsPerSecond, double ScoreRowsPerSecond, double SampleRowsPerSecond, int Parameters, double LimitShare, double MklGflops);

/// <summary>What is timed: a training step with its optimizer, and calls that score and sample.</summary>
internal sealed class EngineLoop
{
    internal const int TrainRows = 512;
    internal const int ScoreRows = 4096;

    private readonly IFlowEngine _engine;
    private readonly AdamW _optimizer = new(new AdamWOptions());
    private readonly float[][] _state;
    private readonly float[] _gradient;
    private readonly double[] _rows;
    private readonly double[] _samples;
    private readonly float[] _latent;
    private readonly float[] _scores = new float[ScoreRows];
    private readonly CounterRandom _random = new(1, "rows");
    private readonly int _trainRows;
    private long _step;

    internal EngineLoop(IFlowEngine engine, int trainRows)
    {
        (_engine, _trainRows) = (engine, trainRows);
        var (count, dimension) = (engine.Parameters.Length, engine.Spec.Columns.Length);
        _state = [.. Enumerable.Range(0, 3).Select(_ => new float[count])];
        _gradient = new float[count];
        _rows = [.. Enumerable.Range(0, ScoreRows * dimension).Select(i => _random.Normal(i))];
        _latent = new float[_rows.Length];
        _samples = new double[_rows.Length];
    }

    internal void Train()
    {
        _engine.Gradient(_rows.AsSpan(0, _trainRows * _engine.Spec.Columns.Length), _gradient);
        _optimizer.Step(new OptimizerState<float>(_engine.Parameters, _state[0], _state[1], _state[2]), _gradient, 1f / _trainRows, 1e-4f, 0.999f, ++_step);
    }

    internal void Score() => _engine.LogDensity(_rows, _scores, []);

    internal void Sample()
    {
        _random.Normals(0, _latent);
        _engine.Generate(_latent, [], _samples);
    }
}
