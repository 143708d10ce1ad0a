using FlowGrain.Data;
using FlowGrain.Tests.Grains.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class IdentifierTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public IdentifierTests() => _path = _folder.Write("t.csv", "id,a,n\n" + string.Concat(Enumerable.Range(0, 200).Select(row => $"{5000 + row * 7919 % 211},{row / 7.0:R},{row % 50}\n")));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_column_of_whole_numbers_that_all_differ_is_asked_about_unless_it_was_named_or_declared()
    {
        Assert.Equal("'id' holds whole numbers that differ in every row; if they tell rows apart rather than measure something, leave it out: --columns a,n.", Advice(Tables.All(_path)));
        Assert.Null(Advice(Tables.Of(_path, "id", "a")));
        Assert.Null(Advice(Tables.All(_path) with { Kinds = Tables.All(_path).Kinds.Add("id", "whole") }));
        Assert.Null(Advice(Tables.Of(_path, "a", "n")));
    }

    private string? Advice(DataSelection selection)
    {
        using var data = Tables.Import(_folder, selection);
        return Identifiers.Advice(data.Manifest, selection);
    }
}
