using System.Text.Json;
using System.Text.RegularExpressions;
using FlowGrain.Cli;

namespace FlowGrain.Tests.Docs;

/// <summary>
/// What the documents tell their reader to type works. Blocks marked <c>sh</c> run in order in a <see cref="ReadersFolder"/>;
/// blocks marked <c>sh elsewhere</c> take too long here or end in a server, so that only their words are checked.
/// </summary>
public sealed partial class ExecutedDocuments
{
    public static TheoryData<string> Documents => [
        "README.md", "flows/README.md", "docs/api.md", "docs/choosing.md", "docs/cli.md", "docs/client.md", "docs/cluster.md", "docs/designs.md", "docs/detecting.md", "docs/determinism.md",
        "docs/extending.md", "docs/getting-started.md", "docs/import.md", "docs/operations.md", "docs/scaling.md", "docs/serving.md", "docs/training.md",
    ];

    [Theory, MemberData(nameof(Documents))]
    public async Task Every_command_works_and_answers_with_the_fields_it_is_said_to_have(string document)
    {
        using var folder = new ReadersFolder();
        foreach (var section in Document.Read(document).Sections)
        {
            var output = "";
            foreach (var block in section.Blocks.Where(block => block.Info == "sh")) output += await Run(folder, block);
            if (Fields(section) is { Length: > 0 } fields) Assert.Equal(fields, AnsweredFields(section, output));
        }
    }

    /// <summary>Those whose blocks elsewhere nobody runs; <see cref="ServingDocument"/> runs those of the other.</summary>
    public static TheoryData<string> Parsed => [.. Documents.Select(row => row.Data).Where(document => document != "docs/serving.md")];

    [Theory, MemberData(nameof(Parsed))]
    public void What_runs_elsewhere_is_there(string document)
    {
        var lines = Document.Read(document).Sections.SelectMany(section => section.Blocks)
            .Where(block => block.Info == "sh elsewhere")
            .SelectMany(block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(lines, RequireWords);
    }

    [Theory, MemberData(nameof(Documents))]
    public void A_block_of_commands_says_whether_it_runs(string document)
    {
        string[] known = ["sh", "sh elsewhere", "text", "json", "csharp", "python"];
        Assert.All(Document.Read(document).Sections.SelectMany(section => section.Blocks), block => Assert.True(known.Contains(block.Info), $"{block.Place} is marked '{block.Info}'; mark it {string.Join(", ", known)}."));
    }

    private static async Task<string> Run(ReadersFolder folder, CodeBlock block)
    {
        var (code, output, error) = await folder.Run(block, TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"{block.Place} exits with {code}:\n{block.Text}\n{error}{output}");
        return output;
    }

    /// <summary>The names behind "Fields of --json", which the section's last JSON object must have.</summary>
    private static string[] Fields(Section section) =>
        [.. section.Lines.Where(line => line.StartsWith("Fields of `--json`:", StringComparison.Ordinal))
            .SelectMany(line => Name().Matches(line[line.IndexOf(':')..]).Select(match => match.Groups[1].Value))];

    private static string[] AnsweredFields(Section section, string output)
    {
        var answer = output.Split('\n').LastOrDefault(line => line.StartsWith('{'));
        Assert.True(answer is not null, $"'{section.Heading}' lists fields of --json, but no command there prints any.");
        return [.. JsonDocument.Parse(answer).RootElement.EnumerateObject().Select(field => field.Name)];
    }

    private static void RequireWords(string line)
    {
        var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["dotnet", "run", ..]) Assert.True(Directory.Exists(Path.Combine(Repository.Root, words[Array.IndexOf(words, "--project") + 1])), line);
        if (words[0].StartsWith("./", StringComparison.Ordinal)) Assert.True(File.Exists(Path.Combine(Repository.Root, words[0])), line);
        if (words[0] == "./flowgrain") Assert.Empty(UsageFaults.Of(CommandLine.CreateRoot(new(null!, new())).Parse(words[1..])));
    }

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Name();
}
