using FlowGrain.Cluster;
using FlowGrain.Flows.Tables;
using FlowGrain.Serving;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Rows with categories, which travel as the indices of their levels.</summary>
public sealed class CategoryRowsTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ModelEngine _engine;

    public CategoryRowsTests()
    {
        var model = StoredModels.Some("m");
        var table = new TableSpec([new NumberColumn("x0"), new NumberColumn("x1")], [new CategoryColumn("city", ["a", "b", "c"])]);
        _engine = new ModelEngine(model with { Flow = model.Flow with { Table = table } }, _slots, new ServingOptions(), TimeProvider.System);
    }

    public void Dispose() => _slots.Dispose();

    [Theory, InlineData(7), InlineData(1.5), InlineData(-1), InlineData(double.PositiveInfinity)]
    public void An_index_that_no_level_has_is_refused_with_its_column_and_row(double city)
    {
        var refused = Assert.Throws<BadInputException>(() => _engine.RequireLevels([0, 0, 2, 0, 0, city]));
        Assert.StartsWith("'city' of row 2 is ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the index of none of its 3 levels; give 0 to 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_is_known_or_missing_passes() => _engine.RequireLevels([0, 0, 0, 0, 0, 2, 0, 0, double.NaN]);
}
