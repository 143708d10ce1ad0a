namespace FlowGrain.Flows.Conditioners;

/// <summary>A net that looks at the context of a flow once; its layers and its base are conditioned on what the net makes of it.</summary>
/// <param name="Outputs">Numbers that it makes.</param>
/// <param name="Net">The net.</param>
public sealed record EmbeddingSpec(int Outputs, ConditionerSpec Net)
{
    internal void Declare(ParameterScope scope, int context) => Net.Declare(scope, new NetShape(context, Outputs));

    internal IEnumerable<string> Problems(int context)
    {
        if (context == 0) yield return "there is no context to embed; leave it out.";
        if (Outputs < 1) yield return $"it makes {Outputs} numbers; it must make at least 1.";
        if (Net is ConstantSpec) yield return "it needs a net that looks at the context: mlp or residual.";
        foreach (var problem in context > 0 ? Net.Problems(new NetShape(context, Math.Max(1, Outputs))) : []) yield return problem;
    }
}
