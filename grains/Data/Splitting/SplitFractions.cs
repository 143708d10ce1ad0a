using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Decides the side of a row from its key, so that equal rows always fall on one side, whatever other rows there are.</summary>
/// <param name="Seed">Another seed gives another split.</param>
/// <param name="Validation">Expected share of validation rows.</param>
/// <param name="Test">Expected share of test rows.</param>
internal readonly record struct SplitFractions(long Seed, double Validation, double Test)
{
    /// <summary>The side of a row, from its <see cref="RowKey"/>.</summary>
    internal RowSide SideOf(uint key)
    {
        if (key == RowKey.Validation) return RowSide.Validation;
        var uniform = SplitMix.Uniform(SplitMix.Key((ulong)Seed, key));
        if (uniform < Test) return RowSide.Test;
        return uniform < Test + Validation ? RowSide.Validation : RowSide.Train;
    }

    /// <summary>Throws unless both shares and their sum are in [0, 1).</summary>
    internal void Require()
    {
        if (!(Validation >= 0 && Test >= 0 && Validation + Test < 1))
            throw new ArgumentOutOfRangeException(nameof(Validation), $"The shares of validation ({Validation}) and test ({Test}) must not be negative, and must sum to less than 1.");
    }
}
