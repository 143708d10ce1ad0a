using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Flows.Objectives;

/// <summary>A density of rows and their labels; see <see cref="HybridDensity"/>.</summary>
/// <param name="Flow">The density of the rows.</param>
/// <param name="Labels">How many labels there are, two at least.</param>
/// <param name="Net">Makes a number for each label of the flow's latents, and of its context where it has one.</param>
/// <param name="Lambda">How much a label weighs beside its row in training, above zero: 1 for the likelihood of both.</param>
public sealed record HybridSpec(FlowSpec Flow, int Labels, ConditionerSpec Net, double Lambda = 1)
{
    /// <summary>The parameters of the net, beside those of the flow.</summary>
    internal ParameterLayout Layout() => ParameterLayout.Of(scope => Net.Declare(scope.In("labels"), Shape));

    private NetShape Shape => new(Latents.Inputs + Flow.Shape().Context, Labels, Context: Flow.Shape().Context);

    /// <summary>The latents as the net sees them: an angle by its sine and cosine.</summary>
    internal NetColumns Latents => new([.. Enumerable.Range(0, Flow.Columns.Length)], Flow.Shape());

    /// <summary>Returns the spec itself when it can be built.</summary>
    /// <exception cref="ArgumentException">All that is wrong with it, a sentence each.</exception>
    public HybridSpec Validated()
    {
        Flow.Validated();
        var problems = Problems().ToList();
        return problems.Count == 0 ? this : throw new ArgumentException(string.Join(" ", problems));
    }

    private IEnumerable<string> Problems()
    {
        if (Labels < 2) yield return $"A hybrid has {Labels} labels; give two at least.";
        if (!(Lambda > 0) || !double.IsFinite(Lambda)) yield return $"A hybrid weighs its labels by {Lambda}; give a finite number above zero.";
        if (Flow.Objective is { } objective) yield return $"A hybrid trains its flow by likelihood, and the flow has the objective {objective.Name}; leave it out.";
        if (Flow.Missing is not null) yield return "A hybrid looks at all latents of a row, and some of the flow's columns may lack a value.";
        if (Net is ConstantSpec) yield return "The labels need a net that looks at the latents: mlp or residual.";
        foreach (var problem in Labels < 2 ? [] : Net.Problems(Shape)) yield return $"labels: {problem}";
    }
}
