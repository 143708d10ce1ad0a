using System.Collections.Immutable;

namespace FlowGrain.Tests.Docs;

/// <summary>A Markdown file of the repository, cut into its sections.</summary>
/// <param name="Path">Its path below the root.</param>
/// <param name="Sections">Its sections in order; the first has no heading when the file begins without one.</param>
internal sealed record Document(string Path, ImmutableArray<Section> Sections)
{
    /// <summary>Every Markdown file of the repository.</summary>
    internal static IEnumerable<string> All =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(((string[])["docs", "flows", "grains", "silo", "client", "tests", "bench"]).SelectMany(Below))
        .Select(path => System.IO.Path.GetRelativePath(Repository.Root, path))
        .Order();

    /// <summary>Reads a file.</summary>
    internal static Document Read(string path)
    {
        var sections = ImmutableArray.CreateBuilder<Section>();
        var reader = new SectionReader(path);
        foreach (var line in File.ReadLines(System.IO.Path.Combine(Repository.Root, path)))
        {
            if (reader.Take(line) is { } section) sections.Add(section);
        }

        sections.Add(reader.End());
        return new Document(path, sections.ToImmutable());
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories);
}

/// <summary>A heading and what follows it up to the next one.</summary>
/// <param name="Heading">Without its <c>#</c>.</param>
/// <param name="Lines">The lines outside of code blocks.</param>
/// <param name="Blocks">The fenced code blocks.</param>
internal sealed record Section(string Heading, ImmutableArray<string> Lines, ImmutableArray<CodeBlock> Blocks);

/// <summary>A fenced code block.</summary>
/// <param name="Place">File and line, for messages.</param>
/// <param name="Info">What stands behind the fence: <c>sh</c>, <c>sh elsewhere</c>, <c>text</c>.</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(string Place, string Info, string Text);

/// <summary>Takes the lines of a file one after another.</summary>
internal sealed class SectionReader(string path)
{
    private const string Fence = "```";

    private readonly List<string> _lines = [], _code = [];
    private readonly List<CodeBlock> _blocks = [];
    private (string Place, string Info)? _open;
    private string _heading = "";
    private int _line;

    /// <summary>Takes a line; returns the section that it ends, or null.</summary>
    internal Section? Take(string line)
    {
        _line++;
        if (line.StartsWith(Fence, StringComparison.Ordinal)) TurnFence(line);
        else if (_open is not null) _code.Add(line);
        else if (line.StartsWith('#')) return Begin(line.TrimStart('#').Trim());
        else _lines.Add(line);
        return null;
    }

    /// <summary>The last section.</summary>
    internal Section End() => Begin("");

    private void TurnFence(string line)
    {
        if (_open is var (place, info))
        {
            _blocks.Add(new CodeBlock(place, info, string.Join('\n', _code)));
            _code.Clear();
            _open = null;
        }
        else
        {
            _open = ($"{path}:{_line}", line[Fence.Length..].Trim());
        }
    }

    private Section Begin(string heading)
    {
        var section = new Section(_heading, [.. _lines], [.. _blocks]);
        _heading = heading;
        _lines.Clear();
        _blocks.Clear();
        return section;
    }
}
