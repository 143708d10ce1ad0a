using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Tests.Grains.Data.Reading;

public sealed class ModelColumnMatching : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_others_are_ignored() =>
        Assert.Equal([[3, 1], [6, 4]], Read("t.csv", "b,name,a\n1,x,3\n4,y,6\n", "a", "b"));

    [Fact]
    public void A_file_without_names_is_taken_by_position() =>
        Assert.Equal([[1, 2]], Read("t.csv", "1,2\n", "a", "b"));

    [Theory]
    [InlineData("1,2\n", "a,b", "'t.csv' has no names of columns, so they were taken in the order of the model, a, b; make sure that it is theirs.")]
    [InlineData("a,b\n1,2\n", "a,b", null)]
    [InlineData("1,2\n", "x0,x1", null)] // the model has learned a file without names
    [InlineData("1,2,3\n", "x0,x2", null)]
    public void Only_columns_that_might_be_others_are_warned_of(string text, string names, string? warning)
    {
        using var reader = TableReader.Open(_folder.Write("t.csv", text));
        Assert.Equal(warning, ModelColumns.Select(reader, TableSpec.OfNumbers(names.Split(','), [])));
    }

    [Fact]
    public void Numbered_columns_out_of_a_wider_file_are_found_again() =>
        Assert.Equal([[1, 3]], Read("t.csv", "1,2,3\n", "x0", "x2"));

    [Theory]
    [InlineData("q,r,s\n1,2,3\n", "lacks 'a', 'b': the model expects a, b and the file has q, r, s; add or rename what is lacking.")]
    [InlineData("a,B\n1,2\n", "lacks 'b': the model expects a, b and the file has a, B; did you mean B?")]
    [InlineData("1,2,3\n", "has 3 columns without names, and the model expects 2, a, b; give it these, in this order, or save it with their names.")]
    [InlineData("1\n2\n", "has 1 column without names, and the model expects 2")]
    [InlineData("a,b\n1,Bern\n2,Chur\n", "cannot be read as numbers in 'b' ('Bern' in row 1 (line 2)), which is text; the model expects numbers there: mend it, or name another file.")]
    [InlineData("a,b\n1,2\n2,3\n3,x\n", "column 'b' is 'x'; mend it, or leave it empty and use --missing drop.")]
    public void Another_table_is_refused(string text, string says) =>
        Assert.Contains(says, Assert.Throws<BadInputException>(() => Read("t.csv", text, "a", "b")).Message);

    [Fact]
    public void A_wider_file_without_names_is_refused_where_the_model_knew_a_whole_one() =>
        Assert.Throws<BadInputException>(() => Read("t.csv", "1,2,3\n", "x0", "x1"));

    private double[][] Read(string name, string text, params string[] columns)
    {
        using var reader = TableReader.Open(_folder.Write(name, text));
        ModelColumns.Select(reader, TableSpec.OfNumbers(columns, []));
        return Tables.ReadAll(reader);
    }
}
