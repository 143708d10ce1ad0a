namespace FlowGrain.Cli.Output;

/// <summary>Versions as people read them.</summary>
internal static class Versions
{
    private const int HashDigits = 8; // as many as git shows of a commit in a tree of this size

    /// <summary><c>0.1.0+2bad957e</c> of <c>0.1.0+</c> and the forty digits of a commit.</summary>
    internal static string Short(string version) =>
        version.IndexOf('+') is >= 0 and var plus ? version[..Math.Min(version.Length, plus + 1 + HashDigits)] : version;
}
