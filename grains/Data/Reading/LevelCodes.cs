using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FlowGrain.Data;

/// <summary>The levels of a category: gives every value the index of its level, in the order in which they were first seen.</summary>
internal sealed class LevelCodes
{
    /// <summary>Most levels of a category.</summary>
    internal const int Most = 1_000;

    private const int StackLetters = 256;
    private readonly Dictionary<string, int> _codes;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly bool _grows;

    private LevelCodes(IEnumerable<string> levels, bool grows)
    {
        _codes = levels.Select((level, code) => (level, code)).ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        (_lookup, _grows) = (_codes.GetAlternateLookup<ReadOnlySpan<char>>(), grows);
    }

    /// <summary>The levels.</summary>
    internal ImmutableArray<string> Names => [.. _codes.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    /// <summary>Whether there were more levels than a category may have; their values read as NaN.</summary>
    internal bool IsTooMany { get; private set; }

    /// <summary>The first value that is none of a model's levels; null while there was none.</summary>
    internal string? Unknown { get; private set; }

    /// <summary>Levels that are not known yet.</summary>
    internal static LevelCodes Growing() => new([], grows: true);

    /// <summary>The levels of a model; another value reads as NaN.</summary>
    internal static LevelCodes Of(ImmutableArray<string> levels) => new(levels, grows: false);

    /// <summary>The code of a value.</summary>
    internal double CodeOf(ReadOnlySpan<char> value)
    {
        if (_lookup.TryGetValue(value, out var code)) return code;
        if (!_grows) Unknown ??= value.ToString();
        else if (_codes.Count < Most) return _codes[value.ToString()] = _codes.Count;
        else IsTooMany = true;
        return double.NaN;
    }

    /// <summary>The code of a value in UTF-8.</summary>
    internal double CodeOf(ReadOnlySpan<byte> value)
    {
        Span<char> letters = stackalloc char[StackLetters];
        return value.Length <= StackLetters ? CodeOf(letters[..Encoding.UTF8.GetChars(value, letters)]) : CodeOf(Encoding.UTF8.GetString(value));
    }

    /// <summary>The code of a number, whose level is its text; NaN stays NaN.</summary>
    internal double CodeOf(double value) => double.IsNaN(value) ? value : CodeOf(value.ToString(CultureInfo.InvariantCulture));
}
