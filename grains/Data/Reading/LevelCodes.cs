using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
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
    private readonly List<string> _names; // locked: NameOf may be called while another thread reads
    private readonly Func<BadInputException>? _tooMany;
    private readonly bool _areHashes;

    private LevelCodes(IEnumerable<string> levels, Func<BadInputException>? tooMany, bool areHashes = false)
    {
        _areHashes = areHashes;
        _names = [.. levels];
        _codes = _names.Select((level, code) => (level, code)).ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        (_lookup, _tooMany) = (_codes.GetAlternateLookup<ReadOnlySpan<char>>(), tooMany);
    }

    /// <summary>The levels.</summary>
    internal ImmutableArray<string> Names => [.. _names];

    /// <summary>The first value that is none of a model's levels; null while there was none.</summary>
    internal string? Unknown { get; private set; }

    /// <summary>The levels of a column that are not known yet; more than <see cref="Most"/> of them are refused as they are read.</summary>
    internal static LevelCodes Growing(string file, string column) => new([], () => new(
        $"'{file}': column '{column}' has more than {Most} different values, too many for a category; leave it out of --columns and --context."));

    /// <summary>The levels of a model; another value reads as NaN.</summary>
    internal static LevelCodes Of(ImmutableArray<string> levels) => new(levels, tooMany: null);

    /// <summary>Codes that only tell values apart, of which there may be any number: 52 bits of their hash.</summary>
    internal static LevelCodes Hashes() => new([], tooMany: null, areHashes: true);

    /// <summary>Codes for another file of the same table, which another thread may read meanwhile; null where the first unknown value of all files is asked for.</summary>
    internal LevelCodes? OfAnotherFile() => _areHashes ? this : _tooMany is null ? null : new LevelCodes([], _tooMany);

    /// <summary>The value that has a code.</summary>
    internal string NameOf(int code)
    {
        lock (_names) return _names[code];
    }

    /// <summary>The code of a value.</summary>
    /// <exception cref="BadInputException">It is one level too many.</exception>
    internal double CodeOf(ReadOnlySpan<char> value)
    {
        if (_areHashes) return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value)) >> 12; // exact as float64
        if (_lookup.TryGetValue(value, out var code)) return code;
        if (_tooMany is not null) return _codes.Count < Most ? Add(value.ToString()) : throw _tooMany();
        Unknown ??= value.ToString();
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

    private int Add(string level)
    {
        lock (_names) _names.Add(level);
        return _codes[level] = _codes.Count;
    }
}
