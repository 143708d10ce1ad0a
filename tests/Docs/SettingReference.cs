using System.Reflection;
using FlowGrain.Cluster;
using FlowGrain.Silo;

namespace FlowGrain.Tests.Docs;

/// <summary>docs/operations.md has every setting of a silo, and none that does not exist.</summary>
public sealed class SettingReference
{
    private static readonly string[] Known = [.. new[] { typeof(StorageOptions), typeof(HttpOptions) }.SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type.GetField("Section") is { IsLiteral: true }).SelectMany(type => Keys(type, (string)type.GetField("Section")!.GetRawConstantValue()!))];

    [Fact]
    public void Every_setting_has_a_row_and_no_row_is_of_another()
    {
        var rows = Document.Read("docs/operations.md").Sections.SelectMany(section => section.Lines).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',')).Select(cell => cell.Trim(' ', '`')).Where(key => key.Contains(':') && !key.StartsWith("Logging:", StringComparison.Ordinal)); // which is .NET's own
        Assert.Equal(Known.Order(), rows.Order());
    }

    private static IEnumerable<string> Keys(Type options, string before) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).SelectMany(property =>
        property.PropertyType is { IsEnum: false, IsArray: false, Namespace: { } place } type && place.StartsWith("FlowGrain", StringComparison.Ordinal) ? Keys(type, $"{before}:{property.Name}") : [$"{before}:{property.Name}"]);
}
