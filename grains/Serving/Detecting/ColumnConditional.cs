namespace FlowGrain.Serving;

/// <summary>What a model says of one value of a row given all others, asked in a few steps: points, then their log-densities.</summary>
internal abstract class ColumnConditional
{
    /// <summary>Values to put in the place of the column; none when it is known enough.</summary>
    internal abstract double[] Next();

    /// <summary>Takes the log-densities of the row with each of them.</summary>
    internal abstract void Add(ReadOnlySpan<float> logDensity);

    /// <summary>What is known.</summary>
    /// <param name="column">The column's name.</param>
    internal abstract ColumnShare Share(string column);

    /// <summary>Of a value that the row lacks, or of a row without a density.</summary>
    internal static ColumnShare Unknown(string column) => new(column, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>A log-density to compute with: what has none has the density zero.</summary>
    private protected static double Known(float logDensity) => float.IsNaN(logDensity) ? double.NegativeInfinity : logDensity;
}
