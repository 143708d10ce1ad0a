using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.Objectives;

/// <summary>Rows and their labels in one model: <c>log p(x, y) = log p(x) + log p(y | g(x))</c>, g the flow's way to its base and p(y | z) the softmax of a net. The rows keep their exact density; the flow bends so that the labels lie apart in its base.</summary>
/// <remarks>
/// <para>Trained by <c>−Σ (log p(x) + λ log p(y | g(x)))</c>: with λ = 1 by the likelihood of rows and labels, with more towards the
/// labels. Gradients of both reach the flow.</para>
/// <para>What is given beside the rows conditions both. A library's part: no run of a cluster has labels. Not safe for two threads at once.</para>
/// <para>Source: Nalisnick et al. 2019, "Hybrid Models with Deep and Invertible Features", https://arxiv.org/abs/1902.02767, which weighs the density instead.</para>
/// </remarks>
public sealed class HybridDensity : IDisposable
{
    private readonly Conditioner _net;
    private readonly NetColumns _latents;

    private HybridDensity(HybridSpec spec, ScalarType dtype)
    {
        (Spec, Flow, _latents) = (spec, Flow.Build(spec.Flow, dtype), spec.Latents);
        Parameters = new ParameterViews(spec.Layout(), dtype);
        _net = spec.Net.Build(Parameters.In("labels"));
    }

    /// <summary>What it was built from.</summary>
    public HybridSpec Spec { get; }

    /// <summary>The density of the rows, with parameters of its own.</summary>
    public Flow Flow { get; }

    /// <summary>The parameters of the net of the labels and their gradients.</summary>
    public ParameterViews Parameters { get; }

    /// <summary>Builds a hybrid with the initial weights of its spec, in which every label is as likely.</summary>
    /// <exception cref="ArgumentException">The spec cannot be built; see <see cref="HybridSpec.Validated"/>.</exception>
    public static HybridDensity Build(HybridSpec spec, ScalarType dtype = ScalarType.Float32)
    {
        var hybrid = new HybridDensity(spec.Validated(), dtype);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        hybrid.Parameters.Values.copy_(tensor(hybrid.Parameters.Layout.Initialize(spec.Flow.Seed), dtype));
        return hybrid;
    }

    /// <summary>log p(y | x) of every label: rows <c>[B, D]</c> to <c>[B, labels]</c>, nats.</summary>
    public Tensor LabelLogProb(Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        return OfLatents(Flow.Normalize(x, context).Value, context).MoveToOuterDisposeScope();
    }

    /// <summary>log p(x, y): rows <c>[B, D]</c> and their labels <c>[B]</c>, whole numbers from 0, to <c>[B]</c>, nats.</summary>
    public Tensor LogProb(Tensor x, Tensor labels, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        return Flow.LogProb(x, context).Plus(Of(LabelLogProb(x, context), labels)).MoveToOuterDisposeScope();
    }

    /// <summary>What training minimises, summed over rows: a scalar with a gradient.</summary>
    /// <param name="x"><c>[B, D]</c>, units of the data.</param>
    /// <param name="labels"><c>[B]</c>, whole numbers from 0.</param>
    /// <param name="context"><c>[B, C]</c> or null.</param>
    /// <param name="draw">The random numbers of the rows, for flows whose training needs some.</param>
    public Tensor Loss(Tensor x, Tensor labels, Tensor? context = null, TrainingDraw draw = default)
    {
        using var scope = NewDisposeScope();
        var (z, logDet) = Flow.NormalizeInTraining(x, context, draw);
        var rows = Flow.LogProbInTraining(z, logDet, context, draw);
        return (-rows.Plus(Of(OfLatents(z, context), labels) * tensor(Spec.Lambda, z.dtype)).sum()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Flow.Dispose();
        Parameters.Dispose();
    }

    private Tensor OfLatents(Tensor z, Tensor? context) => log_softmax(_net.Parameters(z.shape[0], _latents.Of(z), Flow.Scaled(context)), 1);

    private static Tensor Of(Tensor logProbs, Tensor labels) => logProbs.gather(1, labels.to_type(ScalarType.Int64).unsqueeze(1)).squeeze(1);
}
