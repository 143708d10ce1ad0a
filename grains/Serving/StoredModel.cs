using FlowGrain.Flows;

namespace FlowGrain.Serving;

/// <summary>A version of a model, read and verified.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Record">Where it comes from.</param>
/// <param name="Weights">Its parameters, <c>[P]</c>.</param>
internal sealed record StoredModel(string Name, int Version, FlowSpec Flow, RunRecord Record, float[] Weights)
{
    /// <summary>Rows with the log-densities that they must have; null of models that were published without.</summary>
    internal GoldenRows? Golden { get; init; }

    /// <summary>What it gives rows that it did not learn from; null where its run held none out, or an earlier version of the program published it.</summary>
    internal Reference? Reference { get; init; }

    /// <summary>The reference, which detection needs.</summary>
    /// <exception cref="BadInputException">There is none; the sentence says what to do.</exception>
    internal Reference NeedReference() => Reference ?? throw new BadInputException(
        $"Model '{Name}' version {Version} has no reference of held-out rows to compare with: it was imported, or published before models had one, or trained without held-out rows; train it again with --validation above 0, or give usual rows with --reference DATA.");
}
