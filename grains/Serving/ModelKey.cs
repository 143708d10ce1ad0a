using System.Globalization;

namespace FlowGrain.Serving;

/// <summary>A version of a model as grains' keys name it: <c>name@version</c>.</summary>
internal readonly record struct ModelKey(string Name, int Version)
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="BadInputException">It names no version.</exception>
    internal static ModelKey Parse(string key) => key.LastIndexOf('@') is > 0 and var at && int.TryParse(key.AsSpan(at + 1), CultureInfo.InvariantCulture, out var version)
        ? new ModelKey(key[..at], version)
        : throw new BadInputException($"'{key}' names no version of a model; ask for NAME@VERSION.");

    /// <summary>The key as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}@{Version}");
}
