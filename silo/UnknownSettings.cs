using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>Refuses keys of a section that no option has: a mistyped key would be ignored, and its default taken.</summary>
internal sealed class UnknownSettings<TOptions>(IConfiguration configuration, string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    private static readonly string[] Known = [.. typeof(TOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    /// <summary>The rule for a section.</summary>
    internal static ServiceDescriptor In(string section) => ServiceDescriptor.Singleton<IValidateOptions<TOptions>, UnknownSettings<TOptions>>(
        services => new UnknownSettings<TOptions>(services.GetRequiredService<IConfiguration>(), section));

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var unknown = configuration.GetSection(section).GetChildren().Select(child => child.Key)
            .Where(key => !Known.Contains(key, StringComparer.OrdinalIgnoreCase)).Select(Sentence).ToList();
        return unknown.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(unknown);
    }

    private string Sentence(string key) => Nearest.To(key, Known) is { } near
        ? $"There is no setting {section}:{key}; did you mean {section}:{near}?"
        : $"There is no setting {section}:{key}; {section} has {string.Join(", ", Known)}.";
}
