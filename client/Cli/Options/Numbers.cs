using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace FlowGrain.Cli.Options;

/// <summary>Options that take a number and say in one sentence what they take.</summary>
internal static class Numbers
{
    /// <summary>An option that may be absent.</summary>
    internal static Option<T?> Optional<T>(string name, string helpName, string description, Range<T> range)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse(result, name, range),
        };

    /// <summary>An option with a default.</summary>
    internal static Option<T> WithDefault<T>(string name, string helpName, string description, Range<T> range, T otherwise)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => Parse(result, name, range) ?? otherwise,
        };

    private static T? Parse<T>(ArgumentResult result, string name, Range<T> range)
        where T : struct, INumber<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && range.Holds(value)) return value;
        result.AddError($"{name} is {text}; give {range.Sentence}.");
        return null;
    }
}

/// <summary>The numbers that an option takes.</summary>
/// <param name="Holds">Whether a number is among them.</param>
/// <param name="Sentence">What they are, to follow "give".</param>
internal sealed record Range<T>(Func<T, bool> Holds, string Sentence);

/// <summary>The ranges in use.</summary>
internal static class Ranges
{
    internal static Range<long> Any { get; } = new(_ => true, "a whole number");

    internal static Range<double> Positive { get; } = new(value => value > 0 && double.IsFinite(value), "a number above 0");

    internal static Range<double> Finite { get; } = new(double.IsFinite, "a number");

    internal static Range<double> Rate { get; } = new(value => value is > 0 and < 1, "a share above 0 and below 1, such as 0.01");

    internal static Range<double> LearningRate { get; } = new(value => value is > 0 and <= 10, "a number above 0 and at most 10");

    internal static Range<double> Share { get; } = new(value => value is >= 0 and < 1, "a share from 0 to below 1, such as 0.1");

    internal static Range<T> AtLeast<T>(T least)
        where T : struct, INumber<T> => new(value => value >= least, $"a whole number of at least {least}");

    internal static Range<int> Between(int least, int most) => new(value => value >= least && value <= most, $"a whole number from {least} to {most}");
}
