using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowGrain.Cli.Options;

/// <summary>The rows that validate: a share of the data, or all of another file.</summary>
/// <param name="Share">The share, from 0 to below 1; 0 beside a file.</param>
/// <param name="File">The file, folder or glob; null for a share.</param>
internal sealed record HeldOut(double Share, string? File)
{
    private const string Name = "--validation";
    private static readonly HeldOut Otherwise = new(0.1, File: null);

    /// <summary>The option.</summary>
    internal static Option<HeldOut> Option(Cli cli) => new(Name)
    {
        Description = "Share of the rows that choose the best weights, or a file of such rows.",
        HelpName = "F|FILE",
        DefaultValueFactory = _ => Otherwise,
        CustomParser = result => Parse(result, cli),
    };

    /// <inheritdoc/>
    public override string ToString() => File ?? Share.ToString(CultureInfo.InvariantCulture); // the help shows the default

    private static HeldOut? Parse(ArgumentResult result, Cli cli)
    {
        var text = result.Tokens[0].Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share))
            return DataFile.Parse(result, cli) is { } file ? new(0, file) : Otherwise;
        if (!Ranges.Share.Holds(share)) result.AddError($"{Name} is {text}; give {Ranges.Share.Sentence}, or a file.");
        return new(share, File: null);
    }
}
