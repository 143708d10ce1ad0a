namespace FlowGrain.Cli.Output;

/// <summary>Enums as people read them.</summary>
internal static class Words
{
    internal static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
