using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowGrain.Data;

/// <summary>Names a data set's folder by what it is made of.</summary>
internal static class DatasetKey
{
    /// <summary>32 hex digits of a SHA-256 over the source's hash, the chosen columns, the policy for missing values, the filter and how rows are split.</summary>
    internal static string Of(SourceFiles source, TableReader reader, ColumnChoice choice, DataSelection selection)
    {
        var key = new StringBuilder($"format {Manifest.CurrentFormat}\nsource {source.Sha256}\nmissing {selection.Missing}\ndimension {choice.Dimension}\n");
        foreach (var column in choice.Indexes) // escaped, so that no name can pose as two
            key.Append(column).Append(' ').Append(JsonEncodedText.Encode(reader.Columns[column])).Append(choice.Levels[column] is null ? "" : " category").Append(choice.IsDense(reader.Columns[column]) ? " dense" : "").Append(CultureInfo.InvariantCulture, $"{(choice.Step(reader.Columns[column]) is { } step ? $" lattice {step:R}" : "")}\n");
        if (choice.Group is { } group) key.Append("group ").Append(group).Append('\n');
        if (choice.Weight is { } weight) key.Append("weight ").Append(weight).Append('\n');
        if (selection.Validation is { } validation) key.Append("validation ").Append(SourcePath.Files(validation).Length).Append('\n');
        if (selection.Where is { } where) key.Append("where ").Append(JsonEncodedText.Encode(where)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())))[..32];
    }
}
