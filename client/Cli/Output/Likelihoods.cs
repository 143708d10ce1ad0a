namespace FlowGrain.Cli.Output;

/// <summary>How likely a model finds rows, in words.</summary>
internal static class Likelihoods
{
    private const double Diverged = 1; // nats: a flow that learns is near the Gaussian after a few steps

    /// <summary>Two lines, or one where a run kept no rows for validation.</summary>
    internal static IEnumerable<string> Lines(double train, double validation, double gaussian) => double.IsNaN(validation)
        ? [$"NLL         {Figures.Nats(train)} nats per row (training); no rows were kept for validation"]
        :
        [
            $"NLL         {Figures.Nats(validation)} nats per row (validation), {Figures.Nats(train)} (training)",
            $"Gaussian    {Figures.Nats(gaussian)}: {Gain(gaussian - validation)}",
        ];

    /// <summary>The flow against another density.</summary>
    internal static string Gain(double nats) => nats switch
    {
        _ when !double.IsFinite(nats) => "no comparison, for one of the two is not a finite number",
        >= 0 => $"the flow gains {Figures.Nats(nats)} nats per row",
        < -Diverged => $"the flow is {Figures.Nats(-nats)} nats per row worse: its training has diverged or hardly begun; try a lower --lr, or more steps",
        _ => $"the flow is {Figures.Nats(-nats)} nats per row worse; train longer, or the data is Gaussian",
    };
}
