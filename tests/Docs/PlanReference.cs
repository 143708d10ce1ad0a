using System.Text.Json;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Docs;

/// <summary>docs/api.md names every field of a plan.</summary>
public sealed class PlanReference
{
    private static readonly string Sentence = Document.Read("docs/api.md").Sections.SelectMany(section => section.Lines).Single(line => line.StartsWith("A plan has `data` {", StringComparison.Ordinal));

    [Fact]
    public void It_has_every_field_of_the_data() =>
        Assert.Equal(Fields(typeof(DataSelection)).Order(), Sentence.Split('{', '}')[1].Split(", ").Order());

    [Fact]
    public void It_has_every_field_beside_the_data() =>
        Assert.All(Fields(typeof(TrainingPlan)), field => Assert.Contains($"`{field}`", Sentence, StringComparison.Ordinal));

    private static IEnumerable<string> Fields(Type type) => type.GetProperties().Where(property => property.CanWrite).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
}
