using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowGrain.Cli;
using FlowGrain.Cli.Options;
using FlowGrain.Cluster;

namespace FlowGrain.Tests.Docs;

/// <summary>docs/cli.md has every command and every option with its default, and none that does not exist.</summary>
public sealed partial class CommandReference
{
    private const string Page = "docs/cli.md";
    private const string Shared = "Options of every command";

    private static readonly Dictionary<string, Command> Known = new(Commands(CommandLine.CreateRoot(new(null!, new())), ""));
    private static readonly Dictionary<string, Section> Described = Document.Read(Page).Sections
        .Select(section => (Name: CommandOf(section.Heading), Section: section))
        .Where(pair => pair.Name != "")
        .ToDictionary(pair => pair.Name, pair => pair.Section);

    public static TheoryData<string> Names => [.. Known.Keys];

    [Fact]
    public void Every_command_has_a_section_and_no_section_is_of_another() => Assert.Equal(Known.Keys.Order(), Described.Keys.Order());

    [Theory, MemberData(nameof(Names))]
    public void A_section_has_the_arguments_of_its_command(string name)
    {
        var arguments = Known[name].Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name);
        Assert.Equal(string.Join(" ", arguments.Prepend(name)), Described[name].Heading.Trim('`'));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_section_lists_the_options_of_its_command_with_their_defaults(string name) =>
        Assert.Equal(Known[name].Options.Select(Row), Rows(Described[name]));

    [Fact]
    public void The_shared_options_are_listed_once() => Assert.Equal(
        new GlobalOptions().All.Select(Name),
        Rows(Document.Read(Page).Sections.Single(section => section.Heading == Shared)).Select(row => row.Split(" = ")[0]));

    [Fact]
    public void Every_setting_of_a_preset_has_a_row() => Assert.Equal(
        SettingMeanings.All.Keys.Order(),
        Document.Read(Page).Sections.Single(section => section.Heading == "Settings").Lines
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| key", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',', StringSplitOptions.TrimEntries)).Order());

    private static IEnumerable<KeyValuePair<string, Command>> Commands(Command command, string before) => command.Subcommands.SelectMany(sub =>
        Commands(sub, $"{before}{sub.Name} ").Prepend(new($"{before}{sub.Name}", sub)));

    /// <summary>The command of a heading such as <c>`runs show RUN`</c>; nothing for other headings.</summary>
    private static string CommandOf(string heading) => heading.StartsWith('`')
        ? string.Join(' ', heading.Trim('`').Split(' ').TakeWhile(word => char.IsAsciiLetterLower(word[0])))
        : "";

    /// <summary>The options of a section's table: <c>--batch N = 512</c>.</summary>
    private static IEnumerable<string> Rows(Section section) => section.Lines
        .Select(line => OptionRow().Match(line))
        .Where(match => match.Success)
        .Select(match => Row(match.Groups["option"].Value.Replace("\\|", "|"), match.Groups["default"].Value));

    private static string Row(Option option) => Row(Name(option), Default(option));

    private static string Row(string option, string value) => value == "" ? option : $"{option} = {value}";

    private static string Name(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    /// <summary>A default that the parser knows; one that is a sentence stands in the description.</summary>
    private static string Default(Option option) => option.HasDefaultValue && option.GetDefaultValue() is string or int or long or double or HeldOut
        ? string.Create(CultureInfo.InvariantCulture, $"{option.GetDefaultValue()}")
        : "";

    [GeneratedRegex(@"^\| `(?<option>-[^`]+)` \| (`(?<default>[^`]*)`)?")]
    private static partial Regex OptionRow();
}
