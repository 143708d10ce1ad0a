using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Silo.Api;

/// <summary>What a client selects, completed: lists that it left out are empty.</summary>
internal static class Selections
{
    /// <exception cref="BadInputException">The path is not a full one.</exception>
    internal static DataSelection Require(DataSelection selection) => selection with
    {
        Path = FullPath(selection.Path), Validation = selection.Validation is { } validation ? FullPath(validation) : null,
        Columns = Given(selection.Columns), Context = Given(selection.Context),
    };

    /// <summary>The path without dots; what lies behind links is judged by who reads it.</summary>
    /// <exception cref="BadInputException">It is not a full one, and every silo would take it for another.</exception>
    internal static string FullPath(string? path) => Path.IsPathFullyQualified(path ?? "") && !path!.Contains('\0')
        ? Path.GetFullPath(path)
        : throw new BadInputException($"'{path}' is not a full path; name the file as the silos see it, such as /data/your.csv, or upload it.");

    private static ImmutableArray<string> Given(ImmutableArray<string> names) => names.IsDefault ? [] : names;
}
