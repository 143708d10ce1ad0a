using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>A scale and a shift of each column; see <see cref="ActNorm"/>.</summary>
/// <param name="Start">What its parameters begin with; null for the identity.</param>
public sealed record ActNormSpec(ActNormStart? Start = null) : TransformSpec
{
    internal override void Declare(ParameterScope scope, FlowShape shape)
    {
        scope.Add("log_scale", Start is null ? Initializer.Zero : Initializer.Of(Start.LogScale), shape.Dimension);
        scope.Add("bias", Start is null ? Initializer.Zero : Initializer.Of(Start.Bias), shape.Dimension);
    }

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new ActNorm(views["log_scale"], views["bias"]);

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Start is null) yield break;
        if (Start.LogScale.IsDefault || Start.Bias.IsDefault || Start.LogScale.Length != shape.Dimension || Start.Bias.Length != shape.Dimension)
            yield return $"act-norm's start needs {shape.Dimension} numbers of logScale and of bias, one a column.";
        else if (!Start.LogScale.Concat(Start.Bias).All(double.IsFinite))
            yield return "act-norm's start needs finite numbers.";
    }
}

/// <summary>The first parameters of an <see cref="ActNorm"/>, as <see cref="DataDependentStart"/> measures them.</summary>
/// <param name="LogScale">s of each column.</param>
/// <param name="Bias">b of each column.</param>
public sealed record ActNormStart(ImmutableArray<double> LogScale, ImmutableArray<double> Bias)
{
    /// <summary>Whether two are equal, number by number.</summary>
    public bool Equals(ActNormStart? other) => other is not null && LogScale.AsSpan().SequenceEqual(other.LogScale.AsSpan()) && Bias.AsSpan().SequenceEqual(other.Bias.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(LogScale.IsDefault ? 0 : LogScale.Length, Bias.IsDefault ? 0 : Bias.Length);
}

/// <summary>Scales and shifts every column by parameters of its own: <c>z = x exp(s) + b</c>. log|det| = Σ s.</summary>
/// <remarks>
/// <para>It begins such that what leaves it has mean 0 and deviation 1: a run measures that once on rows of its training set, before its first round, and the start is part
/// of the flow's spec, so that workers begin alike and a model that is loaded does not begin again; see <see cref="DataDependentStart"/>.</para>
/// <para>Source: Kingma and Dhariwal 2018, "Glow", https://arxiv.org/abs/1807.03039, section 3.1.</para>
/// </remarks>
public sealed class ActNorm(Tensor logScale, Tensor bias) : Bijection((int)bias.shape[0])
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped((x * logScale.exp()).Plus(bias), logScale.sum().expand(x.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return new Mapped((z - bias) * (-logScale).exp(), -logScale.sum().expand(z.shape[0])).MoveToOuterDisposeScope();
    }
}
