using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Api;

namespace FlowGrain.Silo.Security;

/// <summary>Keys in a file of their own, such as a mounted secret: {"keys": [{"name": "ada", "sha256": "…", "role": "operator"}]}.</summary>
internal static class KeysFile
{
    private static readonly JsonSerializerOptions Json = Strict();

    /// <summary>The file of the setting.</summary>
    internal static SettingFile At(string path) => new("Auth:KeysFile", path);

    /// <summary>Reads its keys.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="others">The keys beside it, which have other names.</param>
    /// <exception cref="BadInputException">It is no such file. The sentence has nothing of its content.</exception>
    internal static ApiKey[] Read(string path, IEnumerable<ApiKey> others) => Parse(At(path), At(path).Read(), others);

    /// <summary>The keys of its content.</summary>
    /// <inheritdoc cref="Read"/>
    internal static ApiKey[] Parse(SettingFile file, byte[] content, IEnumerable<ApiKey> others)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Document>(content, Json)?.Keys ?? throw new JsonException();
            if (!keys.All(key => key is { HasHash: true })) throw file.Unusable("has a key whose sha256 is not 64 hexadecimal digits", "write what sha256sum prints of it");
            if (!keys.All(key => key.HasName)) throw file.Unusable("has a key without a name", "say whose it is");
            return keys.Concat(others).CountBy(key => key.Name).All(name => name.Value == 1) ? keys : throw file.Unusable("has a name twice, or one that a key of Auth:Keys has", "give each key a name of its own");
        }
        catch (JsonException error) when (error.Path?.EndsWith(".role", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw file.Unusable($"has a key whose role is neither viewer nor operator, at line {error.LineNumber + 1}", "write one of the two");
        }
        catch (JsonException error)
        {
            throw file.Unusable($"is no {{\"keys\": [{{\"name\", \"sha256\", \"role\"}}]}}{(error.LineNumber is { } line ? $" at line {line + 1}" : "")}", "mend it there");
        }
    }

    private static JsonSerializerOptions Strict()
    {
        var json = ApiJson.Configure(new(JsonSerializerDefaults.Web));
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        return json;
    }

    private sealed record Document(ApiKey[] Keys);
}
