using System.Collections.Immutable;

namespace FlowGrain.Cli.Plotting;

/// <summary>What to draw of a model.</summary>
internal enum PlotKind
{
    /// <summary>One column as a curve, two as a heat map.</summary>
    Density,

    /// <summary>Every pair of columns.</summary>
    Pairs,

    /// <summary>The losses of its run.</summary>
    Loss,

    /// <summary>Draws after every layer, from the base to the data.</summary>
    Layers,

    /// <summary>What the flow makes of rows in its base, beside the base.</summary>
    Latent,
}

/// <summary>What to draw, and where.</summary>
/// <param name="Kind">The kind of picture.</param>
/// <param name="Columns">Columns to show; empty for the default.</param>
/// <param name="Given">Values to condition on.</param>
/// <param name="Data">Rows whose latents are drawn; null for those that the model learned.</param>
/// <param name="Out">A .png file; null for the terminal.</param>
internal sealed record PlotRequest(PlotKind Kind, ImmutableArray<string> Columns, ImmutableSortedDictionary<string, string> Given, string? Data, string? Out);
