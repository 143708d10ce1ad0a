using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Transforms;

/// <summary>Angles that are modelled: what must hold on a circle, whatever the weights, and what a fit comes to.</summary>
public sealed class AngleTests
{
    private const int Batch = 256;

    public static MatrixTheoryData<string, int> Cases => new(["nsf angles=1", "nsf-ar angles=1", "nsf angles=1 octaves=2"], [1, 2, 5]);

    [Theory, MemberData(nameof(Cases))]
    public void A_turn_more_is_the_same_row(string kind, int dimension)
    {
        var spec = TestFlows.Spec(kind, dimension);
        var rows = TestFlows.Rows(spec, 64);
        double[] turned = [.. rows.Select((x, i) => spec.Marginal()!.Maps[i % dimension] is CircleMap circle ? x + circle.Period * (i % 7 - 3) : x)];
        var weights = TestFlows.Weights(spec, spread: 0.4);
        Assert.All(TestFlows.ExactLogDensities(spec, weights, rows).Zip(TestFlows.ExactLogDensities(spec, weights, turned)), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_log_density_has_no_jump_wherever_an_angle_stands(string kind, int dimension)
    {
        const int Around = 720;

        var spec = TestFlows.Spec(kind, dimension);
        var circle = (CircleMap)spec.Marginal()!.Maps[0];
        var row = TestFlows.Rows(spec, 1);
        double[] Pairs(double apart) => [.. Enumerable.Range(0, Around).SelectMany(i => new[] { 0, apart }.SelectMany(step => row.Select((x, column) => column == 0 ? circle.Period * (i / (double)Around) - apart / 2 + step : x)))];
        var densities = TestFlows.ExactLogDensities(spec, TestFlows.Weights(spec, spread: 0.4), Pairs(apart: 1e-9));
        Assert.All(densities.Chunk(2), pair => Assert.Equal(pair[0], pair[1], 1e-4)); // with slopes of some hundred nats a turn
    }

    [Theory, MemberData(nameof(Cases))]
    public void Draws_lie_within_their_turn_and_come_back(string kind, int dimension)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var spec = TestFlows.Spec(kind, dimension);
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.4));
        var x = flow.Sample(new CounterRandom(3, "turns"), 0, 500).X;
        foreach (var (column, map) in spec.Marginal()!.Maps.Index().Where(at => at.Item is CircleMap))
            Assert.All(x.select(1, column).contiguous().data<double>().ToArray(), angle => Assert.InRange(angle, ((CircleMap)map).From, Math.BitDecrement(((CircleMap)map).From + ((CircleMap)map).Period)));
        var back = flow.Generate(flow.Normalize(x).Value).Value.contiguous().data<double>().ToArray();
        var there = x.contiguous().data<double>().ToArray();
        for (var i = 0; i < back.Length; i++) Assert.InRange(spec.Apart(i % dimension, back[i], there[i]), 0, 1e-8);
    }

    [Fact]
    public void A_mixture_of_von_mises_is_learned_to_its_entropy_and_integrates_to_one()
    {
        double Density(double x) => 0.6 * VonMises(x / 360 * Math.Tau, 0.2, 8) + 0.4 * VonMises(x / 360 * Math.Tau, 3, 30); // of radians; the first mode lies across 0
        var quantiles = new GridQuantiles(Density, 360);
        var spec = TestFlows.Spec("nsf", 1, 0, ("hidden", 16), ("angles", 1));
        spec = spec with { Transforms = spec.Transforms.SetItem(0, new MarginalSpec([new CircleMap(360)])) };
        using var engine = Fitted(spec, 400, (random, row) => [quantiles.At(random.Uniform(row))]);
        var entropy = quantiles.Entropy;
        Assert.InRange(MeanNll(engine, (random, row) => [quantiles.At(random.Uniform(row))]), entropy - 0.03, entropy + 0.05);
        using var flow = TestFlows.Exact(spec, engine.Parameters);
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }

    [Theory, InlineData("nsf"), InlineData("nsf-ar")]
    public void A_number_that_follows_an_angle_is_learned_and_the_plane_integrates_to_one(string preset)
    {
        var spec = TestFlows.Spec(preset, 2, 0, ("hidden", 24), ("angles", 1));
        double[] Row(CounterRandom random, long row)
        {
            var turns = 0.12 * random.Normal(3 * row); // about 0, where the turn begins
            return [24 * turns, 0.1 + 1.2 * (Math.Cos(Math.Tau * turns) + 0.3 * random.Normal(3 * row + 1))];
        }

        using var engine = Fitted(spec, 400, Row);
        var entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(24 * 0.12) + Math.Log(1.2 * 0.3); // the tails of the angle meet at 4 deviations
        Assert.InRange(MeanNll(engine, Row), entropy - 0.04, entropy + 0.12);
        using var flow = TestFlows.Exact(spec, engine.Parameters);
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }

    [Fact]
    public void Our_kernels_leave_angles_to_torch()
    {
        var plain = new CouplingSpec([1], new RationalQuadraticSpec(4, 3), new MlpSpec(8, 1)); // which they know
        Assert.Equal(KernelEngine.IsSupported, KernelEngine.Runs(Two(new IdentityMap(), plain)));
        Assert.False(KernelEngine.Runs(Two(new CircleMap(24), plain)));
    }

    [Theory]
    [InlineData("lu-linear", "Transform 2: lu-linear moves columns 0 as numbers, and they are angles; put it into a 'subset' of the other columns.")]
    [InlineData("permute", "Transform 2: permute moves columns 0 as numbers")]
    [InlineData("inverse", "Transform 2: lu-linear moves columns 0")]
    [InlineData("both", "Transform 2: coupling maps angles and other columns")]
    [InlineData("spline", "Transform 2: coupling maps angles; their map is 'circular-rational-quadratic' without a bound.")]
    [InlineData("bound", "Transform 2: coupling maps angles; their map is 'circular-rational-quadratic' without a bound.")]
    [InlineData("subset", "Transform 2: lu-linear moves columns 0 as numbers")]
    [InlineData("scaled", "standardize must leave angles as they are, with shift 0 and scale 1.")]
    [InlineData("table", "table: its angles are not those that 'marginal' lays round circles.")]
    public void What_takes_an_angle_for_a_number_is_refused(string fault, string sentence)
    {
        var spec = Two(new CircleMap(24), fault switch
        {
            "lu-linear" => new LuLinearSpec(),
            "permute" => new PermuteSpec([1, 0]),
            "inverse" => new InverseSpec(new LuLinearSpec()),
            "both" => new CouplingSpec([0, 1], new CircularRationalQuadraticSpec(4), new ConstantSpec()),
            "spline" => new CouplingSpec([0], new RationalQuadraticSpec(4, 3), new MlpSpec(8, 1)),
            "bound" => new CouplingSpec([0], new CircularRationalQuadraticSpec(4, 3), new MlpSpec(8, 1)),
            "subset" => new SubsetSpec([0], new LuLinearSpec()),
            _ => new CouplingSpec([0], new CircularRationalQuadraticSpec(4), new MlpSpec(8, 1)),
        });
        if (fault == "scaled") spec = spec with { Transforms = spec.Transforms.SetItem(1, new StandardizeSpec([0.5, 0], [1, 1])) };
        if (fault == "table") spec = spec with { Table = new TableSpec([new CircleColumn("a", 12), new NumberColumn("b")], []) };
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(spec.Validated).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_base_of_a_design_is_that_of_the_columns_that_are_no_angles()
    {
        var spec = Two(new CircleMap(24), new CouplingSpec([0], new CircularRationalQuadraticSpec(4), new MlpSpec(8, 1))) with { Base = new StudentTSpec() };
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.3));
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }

    private static FlowSpec Two(MarginalMap first, TransformSpec layer) => new()
    {
        Preset = "own",
        Columns = ["a", "b"],
        Transforms = [new MarginalSpec([first, new IdentityMap()]), new StandardizeSpec([0, 0.5], [1, 2]), layer],
    };

    private static TorchEngine Fitted(FlowSpec spec, int steps, Func<CounterRandom, long, double[]> row)
    {
        var engine = new TorchEngine(spec);
        var count = engine.Parameters.Length;
        var (gradient, first, second, average) = (new float[count], new float[count], new float[count], engine.Parameters.ToArray());
        var (schedule, adam) = (new Schedule(0.01, WarmupSteps: 20, steps), new AdamW(new AdamWOptions()));
        for (var step = 1; step <= steps; step++)
        {
            engine.Gradient(Rows(row, Batch, (long)step * Batch), gradient);
            var norm = Math.Sqrt(Gradients.SumOfSquares(gradient)) / Batch;
            adam.Step(new OptimizerState<float>(engine.Parameters, first, second, average), gradient, (float)(Gradients.ClipFactor(norm, 5) / Batch), (float)schedule.At(step), (float)WeightAverage.DecayAt(step, 0.9), step);
        }

        average.CopyTo(engine.Parameters);
        return engine;
    }

    private static double MeanNll(TorchEngine engine, Func<CounterRandom, long, double[]> row)
    {
        var logDensity = new float[10_000];
        engine.LogDensity(Rows(row, logDensity.Length, first: 1_000_000), logDensity, []);
        return -logDensity.Average();
    }

    private static double[] Rows(Func<CounterRandom, long, double[]> row, int count, long first) =>
        [.. Enumerable.Range(0, count).SelectMany(i => row(new CounterRandom(6, "angles"), first + i))];

    /// <summary>Of an angle in radians, not normalised but for its concentration: <c>exp(κ (cos(x − μ) − 1)) √κ</c>.</summary>
    private static double VonMises(double x, double mean, double concentration) => Math.Exp(concentration * (Math.Cos(x - mean) - 1)) * Math.Sqrt(concentration);

    /// <summary>A density on [0, period) by its values in the middle of cells.</summary>
    private sealed class GridQuantiles
    {
        private const int Cells = 1 << 14;
        private readonly double[] _upTo = new double[Cells];
        private readonly double _cell;

        internal GridQuantiles(Func<double, double> density, double period)
        {
            _cell = period / Cells;
            double[] values = [.. Enumerable.Range(0, Cells).Select(i => density((i + 0.5) * _cell))];
            var total = values.Sum();
            for (var i = 0; i < Cells; i++)
            {
                var share = values[i] / total;
                _upTo[i] = (i == 0 ? 0 : _upTo[i - 1]) + share;
                Entropy -= share * Math.Log(Math.Max(share, 1e-300) / _cell);
            }
        }

        internal double Entropy { get; }

        internal double At(double u)
        {
            var found = Array.BinarySearch(_upTo, u);
            var cell = Math.Min(Cells - 1, found < 0 ? ~found : found);
            var below = cell == 0 ? 0 : _upTo[cell - 1];
            return (cell + Math.Clamp((u - below) / (_upTo[cell] - below), 0, 1)) * _cell;
        }
    }
}
