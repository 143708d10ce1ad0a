using static TorchSharp.torch;

namespace FlowGrain.Flows.Transforms;

/// <summary>Another transform, turned round; see <see cref="Inverse"/>.</summary>
/// <param name="Transform">The transform whose Generate becomes Normalize. Its parameters keep their names.</param>
public sealed record InverseSpec(TransformSpec Transform) : TransformSpec
{
    internal override TransformSpec Finer() => this with { Transform = Transform.Finer() };

    internal override void Declare(ParameterScope scope, FlowShape shape) => Transform.Declare(scope, shape);

    internal override Capability Can(FlowShape shape) => Capabilities.Inverted(Transform.Can(shape));

    internal override bool TakesAngles(FlowShape shape) => true; // as what it turns round does, which is asked

    internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => new Inverse(Transform.Build(views, shape, dtype));

    internal override IEnumerable<string> Problems(FlowShape shape)
    {
        if (Transform is StandardizeSpec) yield return "inverse holds 'standardize', which leads out of the flow's units; give its shift and scale the other way instead.";
        foreach (var problem in Transform.ProblemsIn(shape)) yield return problem;
    }
}

/// <summary>The inverse of a transform: <c>z = f(x)</c> and <c>x = g(z)</c> where the transform has <c>z = g(x)</c>.</summary>
/// <remarks>
/// <para>Each direction keeps its own log-determinant, so that this one's are the other's negated. An inverted
/// autoregressive layer draws in one pass and scores in D.</para>
/// <para>Source: Kingma et al. 2016, "Inverse Autoregressive Flow", https://arxiv.org/abs/1606.04934, for that case.</para>
/// </remarks>
public sealed class Inverse(Bijection transform) : Bijection(transform.Dimension)
{
    /// <inheritdoc />
    protected override Mapped NormalizeCore(Tensor x, Tensor? context) => transform.Generate(x, context);

    /// <inheritdoc />
    protected override Mapped GenerateCore(Tensor z, Tensor? context) => transform.Normalize(z, context);
}
