using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Docs;

/// <summary>The query of docs/flights.md, on the files that it is for.</summary>
public sealed class FlightsRecipe
{
    [Fact]
    public void The_query_of_the_page_makes_seven_columns_of_three_million_rows()
    {
        var scale = Path.Combine(Repository.Root, "..", "shared", "data", "scale");
        Assert.SkipUnless(Directory.Exists(scale), "The flights are not beside the checkout (../shared/data/scale); put flights-3m.parquet and airports.csv there.");
        using var folder = new TempFolder();
        foreach (var file in (string[])["flights-3m.parquet", "airports.csv"]) File.Copy(Path.Combine(scale, file), folder.In(file));
        var query = Document.Read("docs/flights.md").Sections.SelectMany(section => section.Blocks).Single(block => block.Info == "sql").Text;
        using var flights = Tables.Import(folder, Tables.All(folder.Write("flights.sql", query)));
        Assert.Equal(3_000_000, flights.Rows);
        Assert.Equal(["delay", "from_latitude", "from_longitude", "to_latitude", "to_longitude", "day", "hour"], flights.Manifest.Columns.Select(column => column.Name));
    }
}
