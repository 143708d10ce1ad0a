using FlowGrain.Silo;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Observing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Deploy;

/// <summary>Variables that a file of deploy/ gives to a silo, as the silo's own checks see them.</summary>
internal static class SiloEnvironment
{
    /// <summary>What a silo would say of them before it ends with 2; nothing where it would start. Files and folders of theirs are replaced by some that are there.</summary>
    internal static async Task<string[]> Faults(IEnumerable<KeyValuePair<string, string>> variables)
    {
        using var folder = new TempFolder();
        var given = variables.ToList();
        var strange = given.Where(variable => !variable.Key.Contains("__") && !variable.Key.StartsWith("DOTNET_", StringComparison.Ordinal) && !variable.Key.StartsWith("OTEL_", StringComparison.Ordinal));
        string[] words = [.. given.Where(variable => variable.Key.Contains("__")).Select(variable => $"--{variable.Key.Replace("__", ":")}={Here(folder, variable)}")];
        return [.. strange.Select(variable => $"No silo reads {variable.Key}."), .. await Faults(words, folder)];
    }

    private static async Task<string[]> Faults(string[] words, TempFolder folder)
    {
        using var errors = new StringWriter();
        if (Arguments.Answer(words, TextWriter.Null, errors) is not null) return [errors.ToString()];
        try
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = words, ContentRootPath = folder.Path });
            builder.AddSiloOptions().AddSilo().AddApi().AddPages().AddTelemetry();
            await using var app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception error) when (Exit.Faults(error) is [_, ..] faults)
        {
            return faults;
        }
    }

    private static string Here(TempFolder folder, KeyValuePair<string, string> variable) => variable.Key switch
    {
        "Storage__Root" => folder.Path,
        "Auth__KeysFile" => folder.Write("keys.json", $$"""{"keys": [{"name": "ops", "sha256": "{{new string('0', 64)}}", "role": "operator"}]}"""),
        _ => variable.Value,
    };
}
