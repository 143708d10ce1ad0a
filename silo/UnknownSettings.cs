using System.Reflection;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>
/// Refuses keys of a section that no option has, in sections below it too, and values that cannot be what they should: a mistyped key would be
/// ignored and its default taken, and the binder leaves out an item of a list that it cannot read, a key of the API for instance.
/// </summary>
internal sealed class UnknownSettings<TOptions>(IConfiguration configuration, string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    /// <summary>The rule for a section.</summary>
    internal static ServiceDescriptor In(string section) => ServiceDescriptor.Singleton<IValidateOptions<TOptions>, UnknownSettings<TOptions>>(
        services => new UnknownSettings<TOptions>(services.GetRequiredService<IConfiguration>(), section));

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var unknown = Unknown(configuration.GetSection(section), typeof(TOptions)).ToList();
        return unknown.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown);
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type options)
    {
        var known = Settings(options).ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var type)) yield return Sentence(section.Path, child.Key, [.. known.Keys]);
            else foreach (var fault in Misread(child, type).Concat(Below(child, type))) yield return fault;
        }
    }

    /// <summary>A word that an option does not have, or a value where there should be a list: one of a list of words is taken for its only one.</summary>
    private static IEnumerable<string> Misread(IConfigurationSection setting, Type type)
    {
        if (type.IsEnum && setting.Value is { } word && !Enum.GetNames(type).Contains(word, StringComparer.OrdinalIgnoreCase))
            yield return $"{setting.Path} is '{Excerpt.Of(word)}'; it must be {string.Join(" or ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}.";
        if (type.IsArray && !string.IsNullOrEmpty(setting.Value) && (type != typeof(string[]) || setting.GetChildren().Any())) yield return $"{setting.Path} is one value, and must be a list; write {setting.Path}:0 for its first.";
    }

    /// <summary>Of a section within the section, and of each item of a list of them.</summary>
    private static IEnumerable<string> Below(IConfigurationSection section, Type type) =>
        type is { IsArray: true } ? section.GetChildren().SelectMany(item => Below(item, type.GetElementType()!))
        : type.Assembly != typeof(TOptions).Assembly || !type.IsClass ? []
        : string.IsNullOrEmpty(section.Value) ? Unknown(section, type)
        : [$"{section.Path} is one value, and must have settings below it, such as {section.Path}:{Settings(type).First().Name}."];

    private static IEnumerable<PropertyInfo> Settings(Type options) => options.GetProperties().Where(property => property.CanWrite);

    private static string Sentence(string section, string key, string[] known) => Nearest.To(key, known) is { } near
        ? $"There is no setting {section}:{key}; did you mean {section}:{near}?"
        : $"There is no setting {section}:{key}; {section} has {string.Join(", ", known)}.";
}
