namespace FlowGrain.Cli;

/// <summary>Where a silo answers.</summary>
internal static class SiloAddress
{
    /// <summary>The address that <c>--cluster</c> names.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    internal static Uri Require(string option) => Uri.TryCreate(option, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new BadInputException($"--cluster {option} is no address of a silo; give one such as http://127.0.0.1:8080.");

    /// <summary>As its user writes it.</summary>
    internal static string Of(Uri address) => address.ToString().TrimEnd('/');
}
