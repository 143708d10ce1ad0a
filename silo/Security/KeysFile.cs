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
    /// <exception cref="BadInputException">It is no such file. The sentence has nothing of its content.</exception>
    internal static ApiKey[] Read(string path) => Parse(At(path), At(path).Read());

    /// <summary>The keys of its content.</summary>
    /// <exception cref="BadInputException">It is no such file. The sentence has nothing of its content.</exception>
    internal static ApiKey[] Parse(SettingFile file, byte[] content)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<Document>(content, Json)?.Keys ?? throw new JsonException();
            return keys.All(key => key is { HasHash: true }) ? keys : throw file.Unusable("has a key whose sha256 is not 64 hexadecimal digits", "write what sha256sum prints of it");
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
