using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>What the codes of a category stand for when its rows are stored.</summary>
/// <remarks>Rows are told apart by the text of their levels, which no other row can change; what is stored is the level's place among all, in their order.</remarks>
/// <param name="Hashes">By code, 52 bits of the level's hash.</param>
/// <param name="Ranks">By that hash, the level's place.</param>
internal sealed record StoredLevels(double[] Hashes, IReadOnlyDictionary<double, float> Ranks)
{
    /// <summary>Of the levels as they were read, and sorted.</summary>
    internal static StoredLevels Of(ImmutableArray<string> read, ImmutableArray<string> sorted)
    {
        var hashes = LevelCodes.Hashes();
        return new([.. read.Select(level => hashes.CodeOf(level.AsSpan()))], sorted.Index().ToDictionary(level => hashes.CodeOf(level.Item.AsSpan()), level => (float)level.Index));
    }
}
