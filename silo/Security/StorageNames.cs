using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using FlowGrain.Cluster;
using FlowGrain.Data;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Security;

/// <summary>
/// Names the folders of a silo by their settings in every sentence that leaves over HTTP: a client learns what is wrong with a model, and
/// not where the silo keeps it. Fields that say where something is (<c>path</c>) stay, since plans name files by them.
/// </summary>
internal sealed class StorageNames
{
    private static readonly string[] Sentences = ["Detail", "Error", "Failure", "Damage", "Warning", "Message"]; // the properties whose value is one

    private readonly Dictionary<string, string> _names = [];
    private readonly Regex _folders;

    public StorageNames(IOptions<StorageOptions> storage, IOptions<DataOptions> data)
    {
        Name(storage.Value.Root, "Storage:Root");
        foreach (var (index, root) in data.Value.Roots.Index()) Name(root, $"Data:Roots:{index}");
        var longestFirst = _names.Keys.OrderByDescending(folder => folder.Length).Select(Regex.Escape);
        _folders = new(_names.Count == 0 ? "(?!)" : $@"(?<![\w.\-/])(?:{string.Join('|', longestFirst)})(?![\w\-])", RegexOptions.CultureInvariant);
    }

    /// <summary>The sentence without folders of this machine.</summary>
    internal string Hide(string sentence) => _folders.Replace(sentence, found => _names[found.Value]);

    /// <summary>Hides them in whatever JSON says.</summary>
    internal void Modify(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(string) && Sentences.Contains(property.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (property.Get is { } get) property.Get = owner => get(owner) is string sentence ? Hide(sentence) : null;
        }
    }

    private void Name(string folder, string setting)
    {
        foreach (var path in new[] { Path.GetFullPath(folder), RealPath.Of(folder) }.Select(Path.TrimEndingDirectorySeparator).Where(path => path != "/")) _names.TryAdd(path, setting);
    }
}

/// <summary>Makes the answers of a silo use them.</summary>
internal static class StorageNamesHosting
{
    extension(IServiceCollection services)
    {
        /// <summary>Hides the silo's folders in sentences.</summary>
        internal IServiceCollection AddStorageNames()
        {
            services.AddSingleton<StorageNames>();
            services.AddOptions<JsonOptions>().PostConfigure<StorageNames>((json, names) => json.SerializerOptions.TypeInfoResolver = json.SerializerOptions.TypeInfoResolver!.WithAddedModifier(names.Modify));
            return services;
        }
    }
}
