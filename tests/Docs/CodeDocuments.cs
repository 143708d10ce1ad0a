namespace FlowGrain.Tests.Docs;

/// <summary>The code of documents is that of programs that are compiled and run.</summary>
public sealed class CodeDocuments
{
    [Theory]
    [InlineData("docs/client.md", "client/Example/Program.cs", "tests/Client/Models/ServedModelTests.cs")]
    [InlineData("docs/extending.md", "tests/Docs/ArcsinhTransform.cs")]
    public void Every_piece_of_code_is_a_piece_of_the_example_or_of_a_test(string document, params string[] sources)
    {
        var lines = sources.SelectMany(source => File.ReadLines(Path.Combine(Repository.Root, source)).Select(line => line.Trim())).ToHashSet();
        var blocks = Document.Read(document).Sections.SelectMany(section => section.Blocks).Where(block => block.Info == "csharp").ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.All(block.Text.Split('\n'), line => Assert.True(lines.Contains(line.Trim()), $"{block.Place}: '{line}' is in neither of {string.Join(", ", sources)}.")));
    }
}
