namespace FlowGrain.Flows.Conditioners;

/// <summary>The two ends of a net, and whether it is masked between them.</summary>
/// <param name="Inputs">Numbers it takes a row.</param>
/// <param name="Outputs">Numbers it makes a row.</param>
/// <param name="Masked">The flow whose columns it makes in their order, each from the ones before; null when every output may depend on every input.</param>
/// <param name="Features">Numbers side by side that it takes of each column and context column.</param>
/// <param name="Context">How many of the inputs are context.</param>
internal readonly record struct NetShape(int Inputs, int Outputs, FlowShape? Masked = null, int Features = 1, int Context = 0)
{
    /// <summary>The same with so many features in the place of every input.</summary>
    internal NetShape Seen(int features) => this with { Inputs = Inputs * features, Features = features };

    /// <summary>The degrees of its hidden units, of which every hidden layer has this many; null without masks.</summary>
    internal MaskedDegrees? Degrees(int hidden) => Masked is { } shape ? new MaskedDegrees(shape, hidden, Features) : null;

    /// <summary>Units that a layer may have, and layers that a net may have: far more than any use, and few enough to be counted before memory is asked for.</summary>
    internal const int MostHidden = 1 << 16, MostLayers = 1000;

    /// <summary>That a net of this type would have too many units or layers.</summary>
    internal static IEnumerable<string> Widths(string type, int hidden, int layers = 0)
    {
        if (hidden > MostHidden) yield return $"{type} has {hidden} units; a layer may have {MostHidden}.";
        if (layers > MostLayers) yield return $"{type} has {layers} layers; a net may have {MostLayers}.";
    }

    /// <summary>What is wrong with it for a net of this type and width, a sentence each.</summary>
    internal IEnumerable<string> Problems(string type, int hidden)
    {
        foreach (var problem in Widths(type, hidden)) yield return problem;
        if (Inputs == 0) yield return $"{type} has no inputs; use 'constant'.";
        if (Masked is { } shape && hidden < MaskedDegrees.LeastHidden(shape))
            yield return $"{type} has {hidden} hidden units; an autoregressive layer of {shape.Dimension} columns and {shape.Context} context columns needs at least {MaskedDegrees.LeastHidden(shape)}.";
    }
}
