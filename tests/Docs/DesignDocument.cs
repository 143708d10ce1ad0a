using System.Reflection;
using System.Text.Json.Serialization;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Tests.Docs;

/// <summary>The page of designs names every part that there is, and no other.</summary>
public sealed class DesignDocument
{
    [Theory]
    [InlineData(typeof(TransformSpec), "Layers")]
    [InlineData(typeof(ScalarMapSpec), "Maps of one column")]
    [InlineData(typeof(ConditionerSpec), "Nets")]
    [InlineData(typeof(BaseSpec), "Bases")]
    public void A_table_has_a_row_for_every_type(Type parts, string heading)
    {
        var types = parts.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => $"{derived.TypeDiscriminator}").Order();
        var rows = Document.Read("docs/designs.md").Sections.Single(section => section.Heading == heading).Lines
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Order();
        Assert.Equal(types, rows);
    }
}
