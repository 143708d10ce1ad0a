using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Docs;

/// <summary>Every link of a document to a file of the repository, or to a heading in one, leads somewhere.</summary>
public sealed partial class Links
{
    public static TheoryData<string> Documents => [.. Document.All];

    [Theory, MemberData(nameof(Documents))]
    public void Every_link_resolves(string document)
    {
        var links = Document.Read(document).Sections.SelectMany(section => section.Lines)
            .SelectMany(line => Link().Matches(line).Select(match => match.Groups["target"].Value))
            .Where(target => !target.Contains("://", StringComparison.Ordinal));
        Assert.All(links, target => Assert.True(Resolves(document, target), $"{document} links to {target}, which is not there."));
    }

    private static bool Resolves(string document, string target)
    {
        var (file, heading) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var path = file == "" ? document : Path.Combine(Path.GetDirectoryName(document)!, file);
        var full = Path.Combine(Repository.Root, path);
        return (File.Exists(full) || Directory.Exists(full))
            && (heading is null || Document.Read(path).Sections.Any(section => Anchor(section.Heading) == heading));
    }

    /// <summary>What GitHub makes of a heading.</summary>
    private static string Anchor(string heading) => Dropped().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();
}
