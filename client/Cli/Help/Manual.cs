using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;

namespace FlowGrain.Cli.Help;

/// <summary>A command explained to a program.</summary>
/// <param name="Command">The command as it is typed; empty for the program itself.</param>
/// <param name="Description">What it does.</param>
/// <param name="Examples">Whole lines after the program's name.</param>
/// <param name="Arguments">What it takes in order.</param>
/// <param name="Options">What it takes by name.</param>
/// <param name="Commands">The commands below it.</param>
internal sealed record Manual(
    string Command,
    string Description,
    IReadOnlyList<string> Examples,
    IReadOnlyList<ManualArgument> Arguments,
    IReadOnlyList<ManualOption> Options,
    IReadOnlyList<string> Commands)
{
    /// <summary>The manual of a command.</summary>
    /// <param name="path">The command as it is typed.</param>
    /// <param name="command">The command.</param>
    internal static Manual Of(string path, Command command) => new(
        path,
        command.Description ?? "",
        ExampleHelp.Examples(command),
        [.. command.Arguments.Select(argument => new ManualArgument(argument.Name, argument.Description, argument.Arity.MinimumNumberOfValues > 0))],
        [.. command.Options.Where(option => option is not (HelpOption or VersionOption)).Select(ManualOption.Of)],
        [.. command.Subcommands.Select(sub => sub.Name)]);
}

/// <summary>An argument.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Required">Whether it must be there.</param>
internal sealed record ManualArgument(string Name, string? Description, bool Required);

/// <summary>An option.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The form of its value; null where it takes none.</param>
/// <param name="Default">The value that it has without being given; null where the description says what then happens.</param>
/// <param name="Description">What it is.</param>
internal sealed record ManualOption(string Name, string? Value, string? Default, string? Description)
{
    /// <summary>An option of a command.</summary>
    internal static ManualOption Of(Option option) => new(option.Name, option.HelpName, DefaultOf(option), option.Description);

    private static string? DefaultOf(Option option) => option.HasDefaultValue && option.GetDefaultValue() is string or int or long or double
        ? string.Create(CultureInfo.InvariantCulture, $"{option.GetDefaultValue()}")
        : null;
}
