using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>How the process ends: 0 after a clean stop, 2 with sentences when its settings cannot be used, 1 otherwise.</summary>
internal static class Exit
{
    private const string NotConverted = "Failed to convert configuration value"; // the binder's own sentence names key, value and type

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

    private static string[] Faults(Exception error) => error switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) => [.. several.InnerExceptions.SelectMany(Faults)],
        InvalidOperationException { Message: var sentence } when sentence.StartsWith(NotConverted, StringComparison.Ordinal) => [sentence],
        _ => [],
    };
}
