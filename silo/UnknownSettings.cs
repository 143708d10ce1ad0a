using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>Refuses keys of a section that no option has, in sections below it too: a mistyped key would be ignored, and its default taken.</summary>
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
        var known = options.GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var type)) yield return Sentence(section.Path, child.Key, [.. known.Keys]);
            else foreach (var fault in Below(child, type)) yield return fault;
        }
    }

    /// <summary>Of a section within the section, and of each item of a list of them.</summary>
    private static IEnumerable<string> Below(IConfigurationSection section, Type type) =>
        type is { IsArray: true } ? section.GetChildren().SelectMany(item => Below(item, type.GetElementType()!))
        : type.Assembly == typeof(TOptions).Assembly && type.IsClass ? Unknown(section, type)
        : [];

    private static string Sentence(string section, string key, string[] known) => Nearest.To(key, known) is { } near
        ? $"There is no setting {section}:{key}; did you mean {section}:{near}?"
        : $"There is no setting {section}:{key}; {section} has {string.Join(", ", known)}.";
}
