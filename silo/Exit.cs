using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>How the process ends: 0 after a clean stop, 2 with sentences when its settings cannot be used, 1 otherwise.</summary>
internal static class Exit
{
    /// <summary>Builds and runs a program to its end.</summary>
    internal static async Task<int> CodeOf(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.RunAsync();
            return 0;
        }
        catch (Exception error) when (Faults(error) is [_, ..] faults)
        {
            foreach (var fault in faults) await Console.Error.WriteLineAsync(fault);
            return 2;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"The silo cannot start: {error.Message}");
            return 1;
        }
    }

    /// <summary>What is wrong with the settings, in sentences; none where it is something else that is wrong.</summary>
    internal static string[] Faults(Exception error) => error switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) => [.. several.InnerExceptions.SelectMany(Faults)],
        _ => SettingFaults.Of(error) is { } sentence ? [sentence] : [],
    };
}
