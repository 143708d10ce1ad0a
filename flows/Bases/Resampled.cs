using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Bases;

/// <summary>A normal that is thinned out by a learned acceptance; see <see cref="Resampled"/>.</summary>
/// <param name="Net">The net of the acceptance.</param>
/// <param name="Proposals">Draws T after which one is taken whatever it is.</param>
public sealed record ResampledSpec(ConditionerSpec Net, int Proposals = 100) : BaseSpec
{
    internal const int MostProposals = 10_000;

    /// <summary>Points that Z is the mean over.</summary>
    internal int Points { get; init; } = 4096;

    internal override void Declare(ParameterScope scope, FlowShape shape) => Net.Declare(scope.In("net"), new NetShape(shape.Dimension, 1));

    internal override Capability Can(FlowShape shape) => Capabilities.Of(Capability.Numerical); // Z is a mean over points

    internal override BaseSpec Finer() => this with { Points = 16 * Points };

    internal override Density Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Resampled(shape.Dimension, Net.Build(views.In("net")), this, dtype);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Proposals is < 1 or > MostProposals) yield return $"resampled has {Proposals} proposals; 1 to {MostProposals} are possible.";
        if (Net is ConstantSpec) yield return "resampled needs a net that looks at its inputs: mlp or residual.";
        foreach (var problem in Net.Problems(new NetShape(shape.Dimension, 1))) yield return problem;
    }
}

/// <summary>
/// A standard normal π whose draws are taken with the probability a(z), the T-th in any case:
/// <c>p(z) = π(z) (a(z) (1 − α)/Z + α)</c> with Z the mean of a over π and <c>α = (1 − Z)^(T−1)</c>. It can have several modes and holes, which no bijection makes.
/// </summary>
/// <remarks>
/// <para>a = σ(net), so that a net that ends in zeros begins as the normal. Z is the mean over a fixed set of <see cref="ResampledSpec.Points"/> points that fill the space evenly, so that the density is a function of the weights alone;
/// what it misses of one is the error of that mean, which is measured beside a finer one when a model is published. In training every step turns that set by a random amount:
/// the mean is then right on average, and the net cannot learn to be large just beside the points that it is measured by.</para>
/// <para>Source: Bauer and Mnih 2019, "Resampled Priors for Variational Autoencoders", https://arxiv.org/abs/1810.11428; Stimper et al. 2022, "Resampling Base Distributions of Normalizing Flows", https://arxiv.org/abs/2110.15828.</para>
/// </remarks>
public sealed class Resampled : Density
{
    private readonly StandardNormal _proposal;
    private readonly Conditioner _net;
    private readonly Tensor _points;
    private readonly int _proposals;
    private readonly Scalar _rejections;

    internal Resampled(int dimension, Conditioner net, ResampledSpec spec, ScalarType dtype)
        : base(dimension)
    {
        (_proposal, _net, _proposals, _rejections) = (new StandardNormal(dimension, dtype), net, spec.Proposals, (spec.Proposals - 1.0).ToScalar());
        _points = Points(EvenNormals.Points(spec.Points, dimension), dtype);
    }

    /// <inheritdoc />
    public override Tensor LogProb(Tensor x, Tensor? context = null) => Beside(_points, x);

    /// <inheritdoc />
    internal override Tensor LogProbInTraining(Tensor x, Tensor? context, TrainingDraw draw)
    {
        using var points = Points(EvenNormals.Turned((int)_points.shape[0], Dimension, draw.Random.At(draw.First)), _points.dtype);
        return Beside(points, x);
    }

    private Tensor Beside(Tensor points, Tensor x)
    {
        using var scope = NewDisposeScope();
        var mean = Acceptance(points).mean();
        var last = (-mean).log1p().mul(_rejections).exp();
        return _proposal.LogProb(x).Plus((Acceptance(x) * last.OneMinus() / mean).Plus(last).log()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override (Tensor X, Tensor LogProb) Sample(CounterRandom random, long first, int rows, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        var (draws, isTaken) = (new double[rows * Dimension], new bool[rows]);
        for (var proposal = 0; proposal < _proposals && isTaken.Contains(false); proposal++) Propose(random.At(proposal), first, draws, isTaken, isLast: proposal == _proposals - 1);
        var x = tensor(draws, rows, Dimension, _points.dtype);
        return (x.MoveToOuterDisposeScope(), LogProb(x).MoveToOuterDisposeScope());
    }

    /// <summary>Draws once more, and takes what is accepted for rows that have nothing yet. All rows are asked about, so that what is accepted does not depend on which others are left.</summary>
    private void Propose(CounterRandom random, long first, double[] draws, bool[] isTaken, bool isLast)
    {
        using var scope = NewDisposeScope();
        var proposed = new double[draws.Length];
        random.Normals(first * Dimension, proposed);
        var accepted = Acceptance(tensor(proposed, isTaken.Length, Dimension, _points.dtype)).to_type(ScalarType.Float64).data<double>().ToArray();
        for (var row = 0; row < isTaken.Length; row++)
        {
            if (isTaken[row] || (!isLast && random.At(-1).Uniform(first + row) >= accepted[row])) continue;
            proposed.AsSpan(row * Dimension, Dimension).CopyTo(draws.AsSpan(row * Dimension));
            isTaken[row] = true;
        }
    }

    private Tensor Points(double[] points, ScalarType dtype) => tensor(points, points.Length / Dimension, Dimension, dtype);

    private Tensor Acceptance(Tensor z) => _net.Parameters(z.shape[0], z, null).squeeze(1).sigmoid();
}
